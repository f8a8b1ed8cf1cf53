"""Working days: weekends, bank holidays, closures, part-time weeks, Christmas, a clock change."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.clocks import WorkingCalendar, plan_from, region_exists
from accounts.enums import NextStep

ENGLAND = WorkingCalendar()
SCOTLAND = WorkingCalendar(region="SCT")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2027-03-01", True),  # a Monday
        ("2027-03-06", False),  # a Saturday
        ("2027-03-07", False),  # a Sunday
        ("2027-03-26", False),  # Good Friday
        ("2027-03-29", False),  # Easter Monday
        ("2026-12-25", False),  # Christmas Day
        ("2026-12-28", False),  # Boxing Day, moved from a Saturday
        ("2026-12-29", True),
        ("2027-01-01", False),
    ],
)
def test_days_that_count_in_england(on: str, works: bool) -> None:
    assert ENGLAND.is_working(day(on)) is works


@pytest.mark.parametrize(
    ("on", "england", "scotland"),
    [("2027-03-29", False, True), ("2027-01-04", True, False), ("2026-11-30", True, False)],
)
def test_regions_have_days_of_their_own(on: str, england: bool, scotland: bool) -> None:
    assert (ENGLAND.is_working(day(on)), SCOTLAND.is_working(day(on))) == (england, scotland)


@pytest.mark.parametrize(
    ("start", "number", "reached"),
    [
        ("2027-03-01", 0, "2027-03-01"),
        ("2027-03-01", 3, "2027-03-04"),
        ("2027-03-05", 1, "2027-03-08"),  # over a weekend
        ("2027-03-06", 1, "2027-03-08"),  # sent on a Saturday
        ("2027-03-25", 1, "2027-03-30"),  # over Easter
        ("2026-12-18", 6, "2026-12-30"),  # over Christmas
        ("2026-12-24", 3, "2026-12-31"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-03-26", 2, "2027-03-31"),  # over the change to summer time
        ("2027-10-29", 2, "2027-11-02"),  # and back
    ],
)
def test_days_are_counted_over_what_does_not_count(start: str, number: int, reached: str) -> None:
    assert ENGLAND.after(day(start), number) == day(reached)


def test_closure_days_do_not_count() -> None:
    closed = frozenset(day(f"2026-12-{n}") for n in (29, 30, 31))
    calendar = WorkingCalendar(closures=closed)
    assert calendar.after(day("2026-12-24"), 1) == day("2027-01-04")


def test_part_time_week_counts_its_own_days_only() -> None:
    midweek = WorkingCalendar(weekdays=frozenset({2, 3, 4}))
    assert midweek.after(day("2027-03-01"), 3) == day("2027-03-04")
    assert midweek.after(day("2027-03-01"), 4) == day("2027-03-09")


def test_weekend_worker_counts_weekends() -> None:
    assert WorkingCalendar(weekdays=frozenset({6, 7})).after(day("2027-03-01"), 2) == day("2027-03-07")


def test_week_without_a_working_day_ends_all_the_same() -> None:
    never = WorkingCalendar(weekdays=frozenset())
    assert never.after(day("2027-03-01"), 1) > day("2036-01-01")


def test_working_days_between_are_those_after_the_first() -> None:
    assert ENGLAND.working_days_between(day("2027-03-25"), day("2027-03-31")) == 2
    assert ENGLAND.working_days_between(day("2027-03-31"), day("2027-03-25")) == 0


def test_between_and_after_agree() -> None:
    start = day("2026-12-01")
    for number in range(1, 60):
        assert ENGLAND.working_days_between(start, ENGLAND.after(start, number)) == number


def test_plan_has_its_steps_in_order() -> None:
    plan = plan_from(ENGLAND, day("2027-03-01"), remind=[6, 3], escalate=10, lapse=20)
    assert plan == [
        (day("2027-03-04"), NextStep.REMIND),
        (day("2027-03-09"), NextStep.REMIND),
        (day("2027-03-15"), NextStep.ESCALATE),
        (day("2027-03-31"), NextStep.LAPSE),
    ]


def test_plan_may_lack_any_step() -> None:
    assert plan_from(ENGLAND, day("2027-03-01")) == []
    assert plan_from(ENGLAND, day("2027-03-01"), lapse=1) == [(day("2027-03-02"), NextStep.LAPSE)]


@pytest.mark.parametrize(
    ("country", "region", "known"),
    [("GB", "ENG", True), ("GB", "", True), ("DE", "BY", True), ("GB", "XXX", False), ("XX", "", False)],
)
def test_region_is_known_or_not(country: str, region: str, known: bool) -> None:
    assert region_exists(country, region) is known
