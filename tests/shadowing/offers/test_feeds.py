"""A person's calendar feed: which visits, for how long, and which URLs work."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Person
from accounts.workflow import perform
from messaging.models import Message
from shadowing.models import Placement, Visit
from tests.cast import Cast, member
from tests.factories import RequestFactory, SessionFactory, at, take_on
from tests.logs import written
from tests.shadowing.calendars import events, read

pytestmark = pytest.mark.django_db


def path_of(person: Person) -> str:
    return f"/calendar/{person.calendar_token}.ics"


@pytest.fixture
def placement(cast: Cast) -> Placement:
    agreed = cast.agreed(want_to_see="How calls are sorted.", dates_note="Not on Mondays").placement
    return perform(
        agreed, "rearrange", actor=cast.host, place="Desk 4", contact="Hana, 4711", agenda="Private words"
    )


# --- a person's own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["shadow", "host", "co_host"])
def test_feed_of_every_participant_has_the_visit(
    client: Client, cast: Cast, placement: Placement, who: str
) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    (found,) = events(client, path_of(co_host if who == "co_host" else getattr(cast, who)))
    visit = placement.visits.get()
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (visit.starts_at, visit.ends_at)
    assert str(found["summary"]) == "A morning at the service desk (Sam Shadow visits Hana Host)"
    assert (str(found["location"]), str(found["status"])) == ("Desk 4", "CONFIRMED")


@pytest.mark.parametrize("who", ["manager", "host_manager", "coordinator", "stranger"])
def test_feed_of_others_lacks_the_visit(client: Client, cast: Cast, placement: Placement, who: str) -> None:
    assert events(client, path_of(getattr(cast, who))) == []


def test_visit_is_the_same_event_as_in_the_invitation(
    client: Client, cast: Cast, placement: Placement
) -> None:
    (found,) = events(client, path_of(cast.shadow))
    mail = Message.objects.get(template="placement_changed_to_shadow")
    (invited,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert (found["uid"], found["sequence"]) == (invited["uid"], invited["sequence"])
    assert "attendee" not in found


def test_calendar_says_what_it_is_and_how_often_to_ask(
    client: Client, cast: Cast, placement: Placement
) -> None:
    calendar = read(client, path_of(cast.shadow))
    assert str(calendar["x-wr-calname"]) == "Visits of Sam Shadow"
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    text = client.get(path_of(cast.shadow)).content.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text


def test_feed_has_no_private_words(client: Client, cast: Cast, placement: Placement) -> None:
    text = client.get(path_of(cast.shadow)).content.decode()
    for word in ("Private words", "How calls", "Mondays", "service desk sorts"):
        assert word not in text


def test_cancelled_visit_is_shown_as_such_for_a_month(
    client: Client, cast: Cast, placement: Placement
) -> None:
    (before,) = events(client, path_of(cast.host))
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    (after,) = events(client, path_of(cast.host))
    assert (str(after["uid"]), str(after["status"])) == (str(before["uid"]), "CANCELLED")
    assert int(after["sequence"]) > int(before["sequence"])
    Placement.objects.update(changed_at=timezone.now() - dt.timedelta(days=31))
    assert events(client, path_of(cast.host)) == []


@pytest.mark.parametrize(("days_later", "shown"), [(89, 1), (91, 0)])
def test_past_visits_are_kept_for_ninety_days(
    client: Client, cast: Cast, placement: Placement, days_later: int, shown: int
) -> None:
    with time_machine.travel(placement.visits.get().ends_at + dt.timedelta(days=days_later)):
        assert len(events(client, path_of(cast.shadow))) == shown


def test_unchanged_calendar_is_not_sent_again(client: Client, cast: Cast, placement: Placement) -> None:
    first = client.get(path_of(cast.shadow))
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        again = client.get(path_of(cast.shadow), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    assert client.get(path_of(cast.shadow), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_response_is_a_calendar_without_caching(client: Client, cast: Cast, placement: Placement) -> None:
    answer = client.get(path_of(cast.shadow))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == "inline; filename=visits.ics"
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    head = client.head(path_of(cast.shadow))
    assert (head.status_code, head.content) == (200, b"")
    for method in (client.post, client.put, client.delete):
        assert method(path_of(cast.shadow)).status_code == 405


def test_feed_costs_constant_queries(client: Client, cast: Cast, placement: Placement) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert events(client, path_of(cast.host))
        return len(found)

    few = cost()
    for days in range(40, 44):
        session = SessionFactory.create(offer=cast.offer, starts_at=at(days), ends_at=at(days, 12))
        shadow = member(cast.library, line_manager=cast.manager)
        request = perform(cast.draft(shadow=shadow, session=session), "submit", actor=shadow)
        perform(perform(request, "approve", actor=cast.manager), "agree", actor=cast.host)
    assert len(events(client, path_of(cast.host))) == 5
    assert cost() == few <= 3


# --- guessing ---------------------------------------------------------------------------------------------


def test_somebody_who_has_left_has_no_calendar(client: Client, cast: Cast) -> None:
    Person.objects.filter(pk=cast.shadow.pk).update(is_active=False)
    assert client.get(path_of(cast.shadow)).status_code == 404


def test_renewed_token_invalidates_the_old_url(client: Client, cast: Cast) -> None:
    old = path_of(cast.shadow)
    Person.objects.filter(pk=cast.shadow.pk).update(calendar_token="n" * 43)
    assert client.get(old).status_code == 404
    assert client.get(f"/calendar/{'n' * 43}.ics").status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "a",
        "x" * 43,
        "x" * 5000,
        "%00" * 43,
        "é" * 43,
        "' OR 1=1 --" + "x" * 40,
        "department-1-" + "0" * 64,
        "department-0-" + "0" * 64,
        "department-99999999999999999999-" + "0" * 64,
        "department--1-" + "0" * 64,
        "department-1-",
        "department-١-" + "0" * 64,
    ],
)
def test_guessed_token_finds_nothing(client: Client, cast: Cast, token: str) -> None:
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404
    assert "calendar" not in answer.content.decode().lower()


def test_token_is_not_logged(client: Client, cast: Cast) -> None:
    with written("django", "django_structlog") as lines:
        client.get(path_of(cast.shadow))
        client.get(f"/calendar/{'x' * 43}.ics")
        client.post(path_of(cast.shadow))
    said = lines.getvalue()
    assert said.count("/calendar/….ics") >= 6
    assert cast.shadow.calendar_token not in said
    assert "x" * 43 not in said


def test_many_visits_are_in_order(client: Client, cast: Cast) -> None:
    request = RequestFactory.create(
        shadow=cast.shadow,
        session=cast.window(),
        window_starts=timezone.localdate() + dt.timedelta(days=15),
        window_ends=timezone.localdate() + dt.timedelta(days=80),
        half_days=3,
    )
    request = perform(perform(request, "submit", actor=cast.shadow), "approve", actor=cast.manager)
    perform(request, "agree", actor=cast.host, visits=[(at(day), at(day, 13)) for day in (34, 20, 27)])
    starts = [found.decoded("dtstart") for found in events(client, path_of(cast.shadow))]
    assert starts == sorted(starts) == list(Visit.objects.values_list("starts_at", flat=True))
    assert len(starts) == 3
