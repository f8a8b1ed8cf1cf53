"""Test working days: weekends, bank holidays, closures, part-time weeks, Christmas, clock changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.clocks import (
    CountedPlan,
    WorkingCalendar,
    plan_from,
    region_exists,
    regions_of,
    shift_for_closure,
)
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
    [
        ("2027-03-29", False, True),
        ("2026-11-30", True, False),
        ("2026-01-02", True, False),  # the second day of a Scottish New Year
        ("2027-01-04", True, False),  # the same, moved from a Saturday
        ("2027-12-27", False, False),  # Christmas, moved from a Saturday
        ("2027-12-28", False, False),  # Boxing Day, moved from a Sunday
    ],
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
        ("2024-03-28", 2, "2024-04-03"),  # Easter and the change of clocks on one Sunday
        ("2024-10-25", 1, "2024-10-28"),
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


def test_week_without_working_days_terminates() -> None:
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


# --- whatever the days ------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
CALENDARS = st.builds(
    WorkingCalendar,
    region=st.sampled_from(["ENG", "SCT", "WLS", "NIR", ""]),
    closures=st.frozensets(DAYS, max_size=5),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
)


@given(CALENDARS, DAYS, st.integers(1, 25))
def test_the_day_reached_counts_and_is_the_right_one(
    calendar: WorkingCalendar, start: dt.date, number: int
) -> None:
    reached = calendar.after(start, number)
    assert calendar.is_working(reached)
    assert calendar.working_days_between(start, reached) == number
    assert calendar.working_days_between(start, reached - dt.timedelta(days=1)) == number - 1


@given(CALENDARS, DAYS, st.integers(0, 12), st.integers(0, 12))
def test_counting_on_is_counting_from_where_one_is(
    calendar: WorkingCalendar, start: dt.date, first: int, second: int
) -> None:
    assert calendar.after(calendar.after(start, first), second) == calendar.after(start, first + second)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_days_between_add_up(
    calendar: WorkingCalendar, one: dt.date, another: dt.date, third: dt.date
) -> None:
    first, middle, last = sorted((one, another, third))
    halves = calendar.working_days_between(first, middle) + calendar.working_days_between(middle, last)
    assert calendar.working_days_between(first, last) == halves


@given(
    CALENDARS,
    DAYS,
    st.lists(st.integers(1, 9), max_size=3, unique=True).map(sorted),
    st.integers(10, 15),
    st.integers(1, 5),
)
def test_due_day_counts_and_is_the_last_before_it_passes_on(
    calendar: WorkingCalendar, start: dt.date, remind: list[int], escalate: int, more: int
) -> None:
    plan = plan_from(calendar, start, remind=remind, escalate=escalate, lapse=escalate + more)
    assert [day for day, _ in plan] == sorted(day for day, _ in plan)
    assert all(calendar.is_working(day) for day, _ in plan)
    passes_on = calendar.after(start, escalate)
    assert plan.due_on is not None
    assert calendar.is_working(plan.due_on)
    assert calendar.working_days_between(plan.due_on, passes_on) == 1


@given(CALENDARS, DAYS)
def test_escalation_after_one_day_is_due_on_a_working_day(calendar: WorkingCalendar, start: dt.date) -> None:
    due = plan_from(calendar, start, lapse=1).due_on
    assert due in (start, calendar.after(start, 1))
    assert due is not None
    assert calendar.is_working(due)


@given(CALENDARS, DAYS, st.integers(1, 20), st.integers(-3, 30))
def test_a_day_lost_gives_the_day_the_clock_would_have_reached_had_it_known(
    calendar: WorkingCalendar, start: dt.date, number: int, ahead: int
) -> None:
    lost = start + dt.timedelta(days=ahead)
    known = WorkingCalendar(calendar.country, calendar.region, calendar.closures | {lost}, calendar.weekdays)
    moved = (
        shift_for_closure(known, lost, calendar.after(start, number))
        if lost > start
        else known.after(start, number)
    )
    assert moved == known.after(start, number)


# --- days due -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "due"),
    [
        (plan_from(ENGLAND, day("2027-03-22"), escalate=4), "2027-03-25"),  # Easter lies between
        (plan_from(ENGLAND, day("2026-12-18"), remind=[3], lapse=6), "2026-12-29"),  # Christmas
        (plan_from(ENGLAND, day("2027-03-01"), remind=[3, 6]), "2027-03-09"),
    ],
)
def test_due_day_leaps_over_what_does_not_count(plan: CountedPlan, due: str) -> None:
    assert plan.due_on == day(due)


def test_nothing_is_due_where_nothing_is_planned() -> None:
    assert plan_from(ENGLAND, day("2027-03-01")).due_on is None


# --- what the library knows -----------------------------------------------------------------------------


def test_regions_are_those_of_the_library() -> None:
    assert regions_of("GB") == ["ENG", "NIR", "SCT", "WLS"]
    assert regions_of("XX") is None


def test_a_region_the_library_has_forgotten_stops_no_clock() -> None:
    gone = WorkingCalendar("GB", "XXX", frozenset({day("2027-03-02")}))
    assert gone.after(day("2027-03-01"), 1) == day("2027-03-03")
