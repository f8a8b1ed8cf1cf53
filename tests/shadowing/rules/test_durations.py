"""Durations: elapsed minutes, half-days rounded up for each date, and the limit of the approved time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.days import HALF_DAY_MINUTES
from accounts.local_times import moment_at
from shadowing.rules.durations import (
    counted_half_days,
    format_allowance,
    format_minutes,
    half_days_of,
    length_error,
    minutes_in,
    minutes_of,
    more_time,
)

DAY = dt.date(2027, 3, 2)
SPRING, AUTUMN = dt.date(2027, 3, 27), dt.date(2027, 10, 30)  # the nights before the clocks change


def span(start: str, end: str, on: dt.date = DAY, nights: int = 0) -> tuple[dt.datetime, dt.datetime]:
    """Return the start and end of a date that ends ``nights`` days later."""
    first, last = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    return moment_at(on, first), moment_at(on + dt.timedelta(days=nights), last)


@pytest.mark.parametrize(
    ("start", "end", "half_days"),
    [
        ("09:00", "13:00", 1),
        ("09:00", "13:30", 1),
        ("10:00", "13:00", 1),
        ("09:00", "17:00", 2),
        ("08:30", "17:00", 2),
        ("09:00", "18:00", 2),
        ("09:00", "19:00", 3),
        ("00:00", "23:59", 6),
    ],
)
def test_ordinary_hours_count_as_half_days(start: str, end: str, half_days: int) -> None:
    assert half_days_of(minutes_of(*span(start, end))) == half_days


@pytest.mark.parametrize(
    ("on", "minutes"), [(DAY, 8 * 60), (SPRING, 7 * 60), (AUTUMN, 9 * 60)], ids=["usual", "spring", "autumn"]
)
def test_overnight_date_counts_elapsed_minutes(on: dt.date, minutes: int) -> None:
    with timezone.override("Europe/London"):
        assert minutes_of(*span("22:00", "06:00", on, nights=1)) == minutes


def test_stay_of_three_days_takes_three_full_days() -> None:
    assert half_days_of(minutes_of(*span("09:00", "17:00", nights=2))) == 6
    friday = DAY + dt.timedelta(days=3)
    assert half_days_of(minutes_of(*span("09:30", "17:00", friday, nights=4))) == 6, "to Tuesday"


def test_mornings_are_a_half_day_each_but_never_more_than_approved() -> None:
    assert counted_half_days([180, 180, 180], 3 * HALF_DAY_MINUTES) == 3
    assert (
        counted_half_days([60, 60, 60, 60], HALF_DAY_MINUTES) == 1
    )  # four briefings that were asked for as half a day


@given(st.lists(st.integers(0, 1440), max_size=12), st.integers(0, 20_000))
def test_count_covers_the_time_and_stays_within_what_was_approved(lengths: list[int], more: int) -> None:
    approved = sum(lengths) + more
    number = counted_half_days(lengths, approved)
    assert sum(lengths) <= number * HALF_DAY_MINUTES
    assert number <= half_days_of(approved)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 1440)), max_size=12))
def test_minutes_are_the_same_in_every_zone(spans: list[tuple[int, int]]) -> None:
    begin = dt.datetime(2027, 3, 20, tzinfo=dt.UTC)
    times = [(begin + dt.timedelta(minutes=a), begin + dt.timedelta(minutes=a + b)) for a, b in spans]
    for zone in ("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata"):
        with timezone.override(zone):
            local = [(timezone.localtime(start), timezone.localtime(end)) for start, end in times]
            assert minutes_in(local) == minutes_in(times) == sum(length for _, length in spans)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(45, "45 minutes"), (60, "1 hour"), (270, "4½ hours"), (600, "10 hours"), (440, "7 hours 20 minutes")],
)
def test_minutes_are_formatted_as_hours(minutes: int, said: str) -> None:
    assert format_minutes(minutes) == said


def test_more_time_is_empty_within_the_approved_time() -> None:
    assert more_time(270, 270) == ""
    sentence = "These dates take 10 hours. That is more than was agreed: half a day, up to 4½ hours."
    assert more_time(600, 270) == sentence
    assert format_allowance(300) == "5 hours"


def test_session_longer_than_its_offer_is_an_error() -> None:
    assert length_error(*span("09:00", "13:00"), 1) == ""
    assert "takes 8 hours; the visit takes half a day" in length_error(*span("09:00", "17:00"), 1)
