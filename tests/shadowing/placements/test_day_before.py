"""The reminder on the working day before: when it goes, to whom, what stands in it, and that it goes once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.workflow import perform
from schedule.due import run_due
from shadowing.models import ClosureDay, Placement, Visit
from shadowing.placements.workflow.visit_clock import remind_of_visits
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.clock import forget_mails, mails, on
from tests.shadowing.visits import go_to, hours, one_date, several_dates, today

pytestmark = pytest.mark.usefixtures("clock")


def reminded_on(clock: time_machine.Traveller, days: int = 45) -> list[dt.date]:
    """On which days the shadow is reminded when the clock runs every day."""
    start, seen, found = on(1), len(mails("day_before_to_shadow")), []
    for number in range(days):
        go_to(clock, start + dt.timedelta(days=number))
        remind_of_visits()
        if len(mails("day_before_to_shadow")) > seen:
            found.append(today())
        seen = len(mails("day_before_to_shadow"))
    return found


@pytest.mark.parametrize(
    ("days", "reminded"),
    [
        (9, dt.date(2027, 3, 9)),  # Wednesday: on Tuesday
        (14, dt.date(2027, 3, 12)),  # Monday: on Friday
        (29, dt.date(2027, 3, 25)),  # Tuesday after Easter: on Maundy Thursday
        (13, dt.date(2027, 3, 12)),  # a Sunday: on Friday
    ],
)
def test_reminder_goes_on_the_working_day_before(
    cast: Cast, clock: time_machine.Traveller, days: int, reminded: dt.date
) -> None:
    one_date(cast, days)
    assert reminded_on(clock) == [reminded]


def test_closure_days_do_not_count(cast: Cast, clock: time_machine.Traveller) -> None:
    ClosureDay.objects.create(day=dt.date(2027, 3, 9), name="Founders’ Day")
    one_date(cast, 9)
    assert reminded_on(clock) == [dt.date(2027, 3, 8)]


def test_both_sides_get_everything_useful(cast: Cast, clock: time_machine.Traveller) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    cast.offer.know_before = "Wear flat shoes."
    cast.offer.will_not_attend = "The appraisal talks."
    cast.offer.save()
    placement = one_date(cast, want_to_see="The board")
    Placement.objects.filter(pk=placement.pk).update(
        place="Desk 4", contact="Hana, 0116 496 0123", agenda="10:00 tea", bring="Your staff card"
    )
    go_to(clock, on(9))
    run_due()
    (shadows,) = mails("day_before_to_shadow")
    assert {mail.recipient for mail in mails("day_before_to_host")} == {cast.host, co_host}
    hosts = mails("day_before_to_host", cast.host)[0]
    assert shadows.subject == "IT Services visit: Wed 10 March, 10:00, with Hana Host"
    for words in ("10:00 to 13:00", "Desk 4", "0116 496 0123", "10:00 tea", "Your staff card"):
        assert words in shadows.text, words
        assert words in hosts.text, words
    assert "Wear flat shoes." in shadows.text
    assert "The appraisal talks." in shadows.text
    assert "The board" in hosts.text
    assert "shadow@example.ac.uk" in hosts.text


def test_reminder_goes_once_and_is_not_looked_at_again(
    cast: Cast, clock: time_machine.Traveller, django_assert_num_queries: object
) -> None:
    one_date(cast)
    go_to(clock, on(9))
    assert remind_of_visits() == 1
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's own fixture
        assert remind_of_visits() == 0
    assert len(mails("day_before_to_shadow")) == 1


def test_each_of_several_dates_is_reminded_of(cast: Cast, clock: time_machine.Traveller) -> None:
    several_dates(cast, 14, 16)
    assert reminded_on(clock) == [dt.date(2027, 3, 12), dt.date(2027, 3, 16)]
    first, second = mails("day_before_to_shadow")
    assert "15 March" in first.subject
    assert "17 March" not in first.text
    assert "17 March" in second.subject


def test_visit_agreed_on_the_day_before_is_not_reminded_of(cast: Cast, clock: time_machine.Traveller) -> None:
    """The invitation was sent just before and says the same."""
    go_to(clock, on(9))
    one_date(cast, 1)
    assert reminded_on(clock) == []


def test_after_a_standstill_it_still_goes_but_not_once_the_visit_has_begun(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    placement = one_date(cast)
    visit = placement.visits.get()
    go_to(clock, visit.starts_at - dt.timedelta(minutes=5))
    assert remind_of_visits() == 1
    Visit.objects.update(reminded_at=None)
    forget_mails()
    go_to(clock, visit.starts_at)
    assert remind_of_visits() == 0


def test_moved_visit_is_reminded_of_anew(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14)
    go_to(clock, on(12))
    assert remind_of_visits() == 1
    perform(placement, "propose_move", actor=cast.host, visits=[hours(11)], reason="workload")
    perform(placement, "accept_move", actor=cast.shadow)
    assert reminded_on(clock) == [dt.date(2027, 3, 22)]


def test_visit_moved_to_the_next_day_is_not_reminded_of_again(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    placement = several_dates(cast, 14)
    go_to(clock, on(11))
    perform(placement, "propose_move", actor=cast.host, visits=[hours(1)], reason="workload")
    perform(placement, "accept_move", actor=cast.shadow)
    assert remind_of_visits() == 0


def test_reminder_says_that_other_dates_are_not_settled(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14)
    perform(placement, "propose_move", actor=cast.host, visits=[hours(30)], reason="workload")
    go_to(clock, on(12))
    run_due()
    assert "Other dates have been suggested and are not settled." in mails("day_before_to_shadow")[0].text


def test_cancelled_visit_is_not_reminded_of(cast: Cast, clock: time_machine.Traveller) -> None:
    perform(one_date(cast), "cancel", actor=cast.host, reason="illness")
    assert reminded_on(clock, 15) == []


def test_reminding_asks_nothing_of_what_is_not_due(cast: Cast, django_assert_num_queries: object) -> None:
    one_date(cast)
    several_dates(cast, 20, 27)
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's own fixture
        assert remind_of_visits() == 0
