"""Test the icons of the sprite."""

from django.template import Context, Template


def test_icon_points_into_the_sprite_and_is_silent() -> None:
    drawn = Template("{% load icons %}{% icon 'clock' %}").render(Context())
    assert "icons.svg#clock" in drawn
    assert 'aria-hidden="true"' in drawn


def test_icon_escapes_its_name() -> None:
    drawn = Template("{% load icons %}{% icon name %}").render(Context({"name": '"><script>'}))
    assert "<script>" not in drawn
