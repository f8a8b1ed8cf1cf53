"""A draft of a reflection: kept as one types, in one window or two, with and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shadowing.models import Placement, Reflection
from tests.cast import Cast
from tests.shadowing.reflecting import (
    answer_to,
    page_url,
    reflection_of,
    typed,
    visited,
)
from tests.shadowing.requesting import get, page_of, post, text

TAB = {"tab": "one", "number": "1", "seen": "0"}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def keep(cast: Cast, placement: Placement, **given: str) -> tuple[int, dict[str, Any]]:
    """What the page's script gets for keeping what was typed."""
    response = post(cast.shadow, f"{page_url(placement)}keep/", **given)
    return response.status_code, response.json()


def test_draft_is_kept_as_one_types_and_is_there_again(cast: Cast, placement: Placement) -> None:
    code, said = keep(cast, placement, **TAB, **typed(placement, seen_differently_words="The b"))
    assert (code, said["version"], said["trouble"]) == (200, 1, "")
    assert said["kept"].startswith("Draft kept at ")
    page = text(get(cast.shadow, page_url(placement)))
    assert ">\nThe b</textarea>" in page
    assert 'name="seen" value="1"' in page
    assert "Go on writing" in page_of(cast.shadow, placement)


def test_draft_keeps_what_is_right_and_says_what_is_not(cast: Cast, placement: Placement) -> None:
    given = typed(placement, seen_differently_words="The board.", will_change_by="soon")
    code, said = keep(cast, placement, **TAB, **given)
    assert code == 200
    assert said["trouble"].endswith("except what is not right yet: By when?")
    assert answer_to(placement, "seen_differently").words == "The board."


def test_draft_saved_in_other_window_is_reported_and_kept(cast: Cast, placement: Placement) -> None:
    keep(cast, placement, **TAB, **typed(placement, seen_differently_words="The newer."))
    older = {
        **typed(placement, seen_differently_words="The older."),
        "tab": "two",
        "seen": "0",
        "number": "9",
    }
    code, said = keep(cast, placement, **older)
    assert (code, "another window" in said["trouble"]) == (409, True)
    for act in ("keep", "send"):
        response = post(cast.shadow, page_url(placement), act=act, **older)
        page = text(response)
        assert response.status_code == 409
        assert "The older." in page
        assert "The newer." in page
        assert 'name="seen" value="1"' in page
    assert answer_to(placement, "seen_differently").words == "The newer."
    response = post(cast.shadow, page_url(placement), act="send", **{**older, "seen": "1"})
    assert response.status_code == 303
    assert answer_to(placement, "seen_differently").words == "The older."


def test_button_saves_a_draft_without_a_script(cast: Cast, placement: Placement) -> None:
    given = typed(placement, seen_differently_words="The b", seen_differently_share="evidence")
    response = post(cast.shadow, page_url(placement), act="keep", **TAB, **given)
    assert (response.status_code, response["Location"]) == (303, placement.get_absolute_url())
    assert reflection_of(placement).sent_at is None
    response = post(
        cast.shadow, page_url(placement), act="keep", seen="1", **typed(placement, will_change_by="soon")
    )
    assert response.status_code == 422


def test_session_that_has_ended_keeps_nothing_and_changes_nothing(placement: Placement) -> None:
    for url in (page_url(placement), f"{page_url(placement)}keep/"):
        response = Client().post(url, {**TAB, **typed(placement, seen_differently_words="x")})
        assert response.status_code == 302
    assert not Reflection.objects.exists()


def test_opening_pages_changes_nothing(cast: Cast, placement: Placement) -> None:
    for url in ("", "?change=1"):
        assert get(cast.shadow, page_url(placement) + url).status_code == 200
    assert get(cast.shadow, f"{page_url(placement)}keep/").status_code == 405
    assert not Reflection.objects.exists()
