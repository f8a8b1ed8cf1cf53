"""Checks of the look: contrast, no inline style, existing icons, and no external resources."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tools.icons import ICONS

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
THEME = (ROOT / "static/css/theme.css").read_text()
LIGHT, DARK = THEME.split("@media (prefers-color-scheme: dark)")
DEPARTMENTS = [f"d{number}" for number in range(1, 17)]


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("css", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", DEPARTMENTS)
def test_department_colour_reads_on_paper_and_under_its_monogram(css: str, name: str) -> None:
    tokens = colours(css)
    for ground in (tokens["paper"], tokens["surface"], tokens["on-dept"]):
        assert contrast(tokens[name], ground) >= 4.5


@pytest.mark.parametrize("css", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink-soft", "paper", 4.5),
        ("ink-soft", "sunk", 4.5),
        ("accent", "paper", 4.5),
        ("accent", "sunk", 4.5),
        ("on-accent", "accent", 4.5),
        ("amber-ink", "amber-tint", 4.5),
        ("ink", "amber-tint", 4.5),
        ("on-red", "red", 4.5),
        ("ink", "red-tint", 4.5),
        ("edge", "paper", 3),
        ("edge", "surface", 3),
        ("focus", "paper", 3),
        ("focus", "surface", 3),
        ("focus", "amber-tint", 3),
        ("on-band", "band", 4.5),
    ],
)
def test_colour_pair_has_contrast(css: str, ink: str, ground: str, least: float) -> None:
    tokens = colours(css)
    assert contrast(tokens[ink], tokens[ground]) >= least


def test_departments_have_sixteen_different_colours_in_light_and_dark() -> None:
    for css in (LIGHT, DARK):
        assert len({colours(css)[name] for name in DEPARTMENTS}) == 16


def test_templates_carry_no_inline_style_or_script() -> None:
    pages = [path for path in TEMPLATES if "emails" not in path.parts]
    found = [
        path.name
        for path in pages
        if re.search(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\bsrc=)", path.read_text())
    ]
    assert found == []


def test_icons_named_in_templates_are_in_the_sprite() -> None:
    text = " ".join(path.read_text() for path in TEMPLATES)
    named = set(re.findall(r"\{% icon \"([\w-]+)\"", text)) | set(re.findall(r"symbol=\"([\w-]+)\"", text))
    assert named - set(ICONS) == set()


@pytest.mark.parametrize("page", ["400.html", "403_csrf.html", "500.html"])
def test_bare_error_page_renders_without_any_context(page: str) -> None:
    text = render_to_string(page)
    assert '<html lang="en-GB">' in text
    assert "<h1>" in text


@pytest.mark.django_db
def test_unknown_address_answers_404_in_our_frame(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'href="#main"' in answer.content.decode()


@pytest.mark.django_db
def test_form_without_its_token_is_asked_to_be_sent_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


def test_too_late_page_says_the_sentence() -> None:
    text = render_to_string(
        "errors/too_late.html", {"sentence": "It was agreed.", "back_url": "/requests/1/"}
    )
    assert "It was agreed." in text
    assert 'href="/requests/1/"' in text


def test_page_that_came_too_early_says_nothing_of_sending() -> None:
    context = {"sentence": "You write about a visit once it has taken place.", "back_url": "/"}
    asked, sent = RequestFactory().get("/"), RequestFactory().post("/")
    words = "what you just sent"
    assert words not in render_to_string("errors/too_late.html", {**context, "request": asked})
    assert words in render_to_string("errors/too_late.html", {**context, "request": sent})
