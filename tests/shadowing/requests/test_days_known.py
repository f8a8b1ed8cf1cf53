"""Nights, closed days, days off and changes of the clocks: asked before they are taken, never shifted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.days import when
from accounts.models import Person
from accounts.workflow import perform
from shadowing.models import ClosureDay, Request, Session, Visit
from shadowing.rules.time_spans import read_span
from tests.cast import Cast
from tests.factories import at
from tests.forms import known
from tests.shadowing.offering import row as session_row
from tests.shadowing.offering import typed, window
from tests.shadowing.requesting import act_url, ask_url, filled, text
from tests.shadowing.requesting import signed_in as browser_of

NEW = "/offers/new/"
ASK = {"known": ""}


@pytest.fixture(autouse=True)
def autumn() -> Any:
    """It is Tuesday 1 December 2026; Christmas, the new year and the clocks of March lie ahead."""
    with time_machine.travel(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def signed_in(person: Person) -> Any:
    """A browser in which ``person`` has signed in."""
    return browser_of(person)


def row(day: str, start: str, end: str, number: int = 1) -> dict[str, str]:
    """One date a host gives."""
    return {f"day_{number}": day, f"start_{number}": start, f"end_{number}": end}


def with_host(cast: Cast) -> Request:
    """With the host, for any day until the end of February."""
    window = {"window_starts": dt.date(2026, 12, 1), "window_ends": dt.date(2027, 4, 30)}
    session = cast.window(starts_at=at(0, 0), ends_at=at(160, 23))
    return cast.approved(session=session, half_days=2, **window)


def agree(cast: Cast, request: Request, **given: str) -> Any:
    """What the host gets for these dates."""
    return signed_in(cast.host).post(act_url(request, "agree"), given)


DAYS = [
    (row("2026-12-25", "10:00", "12:00"), "I know: Fri 25 December is a closed day (Christmas Day)."),
    (row("2026-12-28", "10:00", "12:00"), "is a closed day (Boxing Day"),
    (row("2026-12-22", "10:00", "12:00"), "Tue 22 December is a closed day (Stocktaking)."),
    (row("2026-12-19", "10:00", "12:00"), "Sam Shadow does not work on Saturdays."),
    (row("2026-12-17", "10:00", "12:00"), "Hana Host does not work on Thursdays."),
    (row("2026-12-15", "22:00", "06:00"), "Tue 15 December ends the next day, Wed 16 December at 06:00."),
]


@pytest.mark.parametrize(("given", "sentence"), DAYS)
def test_dates_are_taken_once_what_is_unusual_is_known(
    cast: Cast, given: dict[str, str], sentence: str
) -> None:
    ClosureDay.objects.create(day=dt.date(2026, 12, 22), name="Stocktaking")
    cast.host.working_days = [1, 2, 3, 5, 6]
    cast.host.save()
    request = with_host(cast)
    asked = agree(cast, request, **given, **ASK)
    assert asked.status_code == 422
    assert sentence in text(asked)
    assert not Visit.objects.exists()
    other = agree(cast, request, **{**given, "day_1": "2026-12-26"}, known=known(asked))
    assert other.status_code == 422, "the tick is for the sentences it stood beside"
    assert agree(cast, request, **given, known=known(asked)).status_code == 303
    visit = Visit.objects.get()
    start = timezone.localtime(visit.starts_at)
    assert (f"{start:%Y-%m-%d}", f"{start:%H:%M}") == (given["day_1"], given["start_1"])
    assert f"{timezone.localtime(visit.ends_at):%H:%M}" == given["end_1"]


def test_ordinary_day_asks_nothing(cast: Cast) -> None:
    assert agree(cast, with_host(cast), **row("2026-12-16", "10:00", "12:00"), **ASK).status_code == 303


def test_night_is_shown_as_ending_the_next_day_and_stays_in_its_window(cast: Cast) -> None:
    request = with_host(cast)
    Request.objects.filter(pk=request.pk).update(
        window_starts=dt.date(2026, 12, 15), window_ends=dt.date(2026, 12, 15),
        agreed_starts=dt.date(2026, 12, 15), agreed_ends=dt.date(2026, 12, 15),
    )  # fmt: skip
    agree(cast, request, **row("2026-12-15", "22:00", "06:00"))
    visit = Visit.objects.get()
    said = "Tue 15 December, 22:00 to Wed 16 December, 06:00 (ends the next day)"
    assert when(visit.starts_at, visit.ends_at) == said
    assert visit.minutes == 8 * 60
    assert said in text(signed_in(cast.shadow).get(visit.placement.get_absolute_url()))


def test_hour_the_clocks_leave_out_is_refused(cast: Cast) -> None:
    """01:15 on the night the clocks go forward was kept as 02:15."""
    response = agree(cast, with_host(cast), **row("2027-03-28", "01:15", "04:00"))
    assert response.status_code == 422
    assert "01:15 does not exist on Sun 28 March 2027" in text(response)
    response = agree(cast, with_host_again(cast), **row("2027-03-27", "22:00", "01:30"))
    assert "01:30 does not exist on Sun 28 March 2027" in text(response)
    assert not Visit.objects.exists()


def with_host_again(cast: Cast) -> Request:
    """The request that waits for the host."""
    return Request.objects.get(shadow=cast.shadow)


def test_hour_that_comes_twice_is_asked_and_the_second_can_be_meant(
    cast: Cast, autumn: time_machine.Traveller
) -> None:
    autumn.move_to(dt.datetime(2027, 9, 20, 9, tzinfo=dt.UTC), tick=False)
    window = {"window_starts": dt.date(2027, 10, 1), "window_ends": dt.date(2027, 11, 20)}
    request = cast.approved(session=cast.window(), half_days=2, **window)
    given = row("2027-10-31", "01:30", "04:00")
    asked = agree(cast, request, **given, **ASK)
    assert "01:30 comes twice on Sun 31 October, because the clocks go back. The first one is meant." in text(
        asked
    )
    assert 'name="later_hour"' in text(asked)
    later = agree(cast, request, **given, known=known(asked), later_hour="on")
    assert "The second one is meant." in text(later)
    assert agree(cast, request, **given, known=known(later), later_hour="on").status_code == 303
    assert Visit.objects.get().starts_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_dates_agreed_are_sent_back_as_they_are(cast: Cast) -> None:
    """A night and a closed day that were agreed are not asked about again where another date is moved."""
    request = with_host(cast)
    request = perform(request, "agree", actor=cast.host, visits=[(at(24), at(24, 12)), (at(15), at(15, 12))])
    page = signed_in(cast.shadow).get(f"{request.placement.get_absolute_url()}move/")
    assert page.status_code == 200
    first = {**row("2026-12-17", "10:00", "12:00"), **row("2026-12-25", "10:00", "12:00", 2)}
    sent = signed_in(cast.shadow).post(
        act_url(request.placement, "propose_move"), {**first, "reason": "workload", **ASK}
    )
    assert sent.status_code == 303


def test_session_of_an_offer_is_judged_the_same_way(cast: Cast) -> None:
    client = signed_in(cast.host)
    night = session_row(0, day="2026-12-25", starts="22:00", ends="02:00")
    asked = client.post(NEW, typed(cast, **night, **ASK))
    assert "ends the next day, Sat 26 December at 02:00." in text(asked)
    assert "Fri 25 December is a closed day (Christmas Day)." in text(asked)
    assert client.post(NEW, typed(cast, **night, known=known(asked))).status_code == 303
    session = Session.objects.exclude(pk=cast.session.pk).get()
    assert session.ends_at - session.starts_at == dt.timedelta(hours=4)
    missing = session_row(0, day="2027-03-28", starts="01:15", ends="03:00")
    assert "does not exist" in text(client.post(NEW, typed(cast, **missing)))


def test_session_longer_than_the_visit_is_refused(cast: Cast) -> None:
    client = signed_in(cast.host)
    long = session_row(0, day="2026-12-16", starts="09:00", ends="17:00")
    refused = client.post(NEW, typed(cast, **long))
    assert "This session takes 8 hours; the visit takes half a day, up to 4½ hours." in text(refused)
    assert client.post(NEW, typed(cast, **long, half_days="2")).status_code == 303


@pytest.mark.parametrize(
    ("deadline", "code"), [("2026-12-16", 303), ("2026-12-17", 422), ("2027-12-01", 422)]
)
def test_nobody_applies_after_the_last_session(cast: Cast, deadline: str, code: int) -> None:
    session = session_row(0, day="2026-12-16")
    response = signed_in(cast.host).post(NEW, typed(cast, **session, deadline=deadline))
    assert response.status_code == code
    assert code == 303 or "The last date is Wed 16 December." in text(response)


def test_nobody_applies_after_the_window(cast: Cast) -> None:
    days = {"window_first": "2026-12-10", "window_last": "2027-01-29"}
    for deadline, code in (("2027-01-30", 422), ("2027-01-29", 303)):
        given = typed(cast, **{**window(), **days}, deadline=deadline)
        assert signed_in(cast.host).post(NEW, given).status_code == code


def test_asking_for_a_closed_day_or_a_day_off_is_known(cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=dt.datetime(2027, 1, 1, 10, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC),
    )
    cast.shadow.working_days = [1, 2]
    cast.shadow.save()
    client = signed_in(cast.shadow)
    asked = client.post(ask_url(cast.offer), {**filled(cast.session), **ASK})
    assert asked.status_code == 422
    assert "Fri 1 January 2027 is a closed day" in text(asked)
    assert "You do not work on Fridays." in text(asked)
    sent = client.post(ask_url(cast.offer), {**filled(cast.session), "known": known(asked)})
    assert sent.status_code == 303


def test_window_without_a_working_day_is_known(cast: Cast) -> None:
    session = cast.window()
    given = filled(session, window_starts="2026-12-25", window_ends="2026-12-28")
    asked = signed_in(cast.shadow).post(ask_url(session.offer), {**given, **ASK})
    assert "Fri 25 to Mon 28 December: You do not work on any of these days" in text(asked)
    assert (
        signed_in(cast.shadow).post(ask_url(session.offer), {**given, "known": known(asked)}).status_code
        == 303
    )


def test_manager_gives_a_window_without_a_working_day_knowingly(cast: Cast) -> None:
    window = {"window_starts": dt.date(2026, 12, 14), "window_ends": dt.date(2027, 1, 29)}
    request = cast.submitted(session=cast.window(), **window)
    given = {"answer": "approve", "window_starts": "2026-12-25", "window_ends": "2026-12-28"}
    url, client = f"{request.get_absolute_url()}decide/", signed_in(cast.manager)
    asked = client.post(url, {**given, **ASK})
    assert "does not work on any of these days" in text(asked)
    assert client.post(url, {**given, "known": known(asked)}).status_code == 303


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata"])
def test_times_are_kept_as_given_in_every_zone(zone: str) -> None:
    with timezone.override(zone):
        for on in (dt.date(2028, 2, 29), dt.date(2027, 12, 31), dt.date(2027, 6, 1)):
            span = read_span(on, dt.time(22), dt.time(6))
            assert timezone.localtime(span.start).replace(tzinfo=None) == dt.datetime.combine(on, dt.time(22))
            assert timezone.localtime(span.end).date() == on + dt.timedelta(days=1)
            assert span.end - span.start == dt.timedelta(hours=8)
