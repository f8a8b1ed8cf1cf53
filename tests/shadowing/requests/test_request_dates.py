"""When somebody would like to come: a session with places, a full one, days by arrangement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.workflow import perform
from shadowing.enums import RequestStatus
from shadowing.models import Request, Session
from tests.cast import Cast
from tests.factories import SessionFactory, at
from tests.shadowing.requesting import ask_url, filled, get, post, text

S = RequestStatus


def days(first: int, last: int) -> dict[str, str]:
    """A window by arrangement, in days from today."""
    today = timezone.localdate()
    return {
        "window_starts": (today + dt.timedelta(days=first)).isoformat(),
        "window_ends": (today + dt.timedelta(days=last)).isoformat(),
    }


# --- sessions -----------------------------------------------------------------------------------------------


def test_only_sessions_to_come_are_offered(cast: Cast) -> None:
    past = SessionFactory.create(offer=cast.offer, starts_at=at(-3))
    off = SessionFactory.create(offer=cast.offer, starts_at=at(35), cancelled=True)
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert str(cast.session.pk) in page
    assert str(past.pk) not in page
    assert str(off.pk) not in page


@pytest.mark.parametrize("kind", ["past", "cancelled", "foreign", "nonsense"])
def test_session_that_is_not_offered_is_refused_in_words(cast: Cast, kind: str) -> None:
    sessions: dict[str, Callable[[], str]] = {
        "past": lambda: str(SessionFactory.create(offer=cast.offer, starts_at=at(-3)).pk),
        "cancelled": lambda: str(
            SessionFactory.create(offer=cast.offer, starts_at=at(35), cancelled=True).pk
        ),
        "foreign": lambda: str(cast.window().pk),
        "nonsense": lambda: "\x00' OR 1=1",
    }
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, session=sessions[kind]()))
    assert response.status_code == 422
    assert "This session is over or was called off. Choose another one." in text(response)


def test_full_session_says_so_and_needs_the_tick(cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(taken=1)
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert "full, ask for the waiting list" in page
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session))
    assert response.status_code == 409
    assert "All places of this session are taken." in text(response)
    assert not Request.objects.exists()
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, waiting_list="on"))
    assert response.status_code == 303
    assert perform(Request.objects.get(), "approve", actor=cast.manager).status == S.WAITING_LIST


def test_waiting_list_is_not_spoken_of_while_there_are_places(cast: Cast) -> None:
    assert 'name="waiting_list"' not in text(get(cast.shadow, ask_url(cast.offer)))


# --- by arrangement -----------------------------------------------------------------------------------------


@pytest.fixture
def window(cast: Cast) -> Session:
    """From in 10 days to in 90."""
    return cast.window()


def ask_for_days(cast: Cast, window: Session, **given: Any) -> Any:
    """Send the form for an offer by arrangement."""
    form = filled(window, **given)
    del form["session"]
    return post(cast.shadow, ask_url(window.offer), **form)


def test_window_is_prefilled_within_the_offers_own(cast: Cast, window: Session) -> None:
    page = text(get(cast.shadow, ask_url(window.offer)))
    assert 'name="session"' not in page
    today = timezone.localdate()
    for ahead in (14, 14 + 42):
        assert f'value="{(today + dt.timedelta(days=ahead)).isoformat()}"' in page


def test_window_prefilled_can_be_sent_as_it_is(cast: Cast, window: Session) -> None:
    response = ask_for_days(cast, window, **days(14, 56))
    request = Request.objects.get()
    assert response.status_code == 303
    assert (request.session, request.window_ends - request.window_starts) == (window, dt.timedelta(days=42))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (days(-5, 20), "This day is in the past."),
        (days(30, 20), "The last day comes before the first."),
        (days(5, 20), "This offer is open for visits in these days"),
        (days(20, 95), "This offer is open for visits in these days"),
        (days(20, 5000), "Is the year right?"),
        ({**days(20, 30), "window_starts": "2026-02-31"}, "This is not a day of the calendar."),
        ({**days(20, 30), "window_ends": "\x00"}, "This is not a day of the calendar."),
        (
            {"window_starts": "", "window_ends": ""},
            "Choose a day; you and your host agree the exact one later.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_beside_the_field(
    cast: Cast, window: Session, given: dict[str, str], sentence: str
) -> None:
    response = ask_for_days(cast, window, **given)
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Request.objects.exists()


def test_offer_with_dates_and_a_window_lets_one_choose(cast: Cast, window: Session) -> None:
    dated = SessionFactory.create(offer=window.offer, starts_at=at(25))
    assert "by arrangement" in text(get(cast.shadow, ask_url(window.offer)))
    post(cast.shadow, ask_url(window.offer), **filled(dated, window_starts="", window_ends=""))
    request = Request.objects.get()
    assert (request.session, request.window_starts) == (dated, timezone.localdate(dated.starts_at))
