"""Test local times: missing ones are refused, repeated ones are noticed, none is shifted."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.local_times import MissingTimeError, comes_twice, moment_at

ZONES = ("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe")
# A zone, a day on which the clocks go forward, a time left out; a day they go back, a time that comes twice.
CHANGES = [
    ("Europe/London", "2027-03-28", "01:15", "2027-10-31", "01:15"),
    ("Pacific/Auckland", "2027-09-26", "02:30", "2027-04-04", "02:30"),
    ("America/St_Johns", "2027-03-14", "02:01", "2027-11-07", "01:59"),
    ("Australia/Lord_Howe", "2027-10-03", "02:15", "2027-04-04", "01:45"),  # by half an hour
    ("Africa/Cairo", "2027-04-30", "00:30", "2027-10-28", "23:30"),  # midnight itself is left out
]


@pytest.mark.parametrize(("zone", "forward", "missing", "back", "twice"), CHANGES)
def test_missing_time_is_refused_and_double_time_is_known(
    zone: str,
    forward: str,
    missing: str,
    back: str,
    twice: str,
) -> None:
    with timezone.override(zone):
        with pytest.raises(MissingTimeError, match="does not exist on .*: the clocks go forward"):
            moment_at(dt.date.fromisoformat(forward), dt.time.fromisoformat(missing))
        on, time = dt.date.fromisoformat(back), dt.time.fromisoformat(twice)
        assert comes_twice(on, time)
        first, second = moment_at(on, time), moment_at(on, time, later=True)
        assert dt.timedelta(0) < second.astimezone(dt.UTC) - first.astimezone(dt.UTC) <= dt.timedelta(hours=1)
        assert timezone.localtime(second).time().replace(fold=0) == time
        assert not comes_twice(on - dt.timedelta(days=1), time)


def test_other_time_that_is_named_exists() -> None:
    with timezone.override("Europe/London"), pytest.raises(MissingTimeError) as refused:
        moment_at(dt.date(2027, 3, 28), dt.time(1, 15))
    assert refused.value.sentence.endswith("Enter another time, such as 02:15.")


@given(
    st.sampled_from(ZONES), st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)), st.times(), st.booleans()
)
def test_clock_on_the_wall_shows_what_was_given(zone: str, on: dt.date, time: dt.time, later: bool) -> None:
    """Whatever the zone and the day, 29 February among them: the time is kept as given, or refused."""
    with timezone.override(ZoneInfo(zone)):
        try:
            moment = moment_at(on, time, later=later)
        except MissingTimeError:
            return
        shown = moment.astimezone(dt.UTC).astimezone(ZoneInfo(zone))
        assert (shown.date(), shown.time().replace(fold=0)) == (on, time)
        first, second = (moment_at(on, time, later=late).astimezone(dt.UTC) for late in (False, True))
        assert comes_twice(on, time) == (first != second)
