"""Test the formatting of dates."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template

from accounts import days

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def monday_in_march() -> object:
    """Set the clock of every test to Mon 2 March 2026, 09:00 in London."""
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=LONDON), tick=False):
        yield


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=LONDON)  # type: ignore[misc, arg-type]  # parts are numbers only


def test_day_of_this_year_is_shown_without_the_year() -> None:
    assert days.day(dt.date(2026, 3, 3)) == "Tue 3 March"


def test_day_in_another_year_names_it() -> None:
    assert days.day(dt.date(2027, 3, 3)) == "Wed 3 March 2027"


def test_day_of_a_stored_time_is_the_organisations_day() -> None:
    late_in_utc = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    assert days.day(late_in_utc) == "Thu 2 July"


@pytest.mark.parametrize("filter_name", ["day", "by_day", "clock", "moment", "when", "from_today"])
def test_date_filters_are_silent_without_a_date(filter_name: str) -> None:
    assert getattr(days, filter_name)(None) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (dt.date(2026, 3, 3), "by Tue 3 March"),
        (dt.date(2026, 3, 2), "by Mon 2 March"),
        (dt.date(2026, 3, 1), "was due on Sun 1 March"),
    ],
)
def test_day_that_is_over_is_no_deadline_any_more(value: dt.date, said: str) -> None:
    assert days.by_day(value) == said


def test_by_day_filter_accepts_another_preposition() -> None:
    shown = Template('{% load days %}{{ due|by_day:"until" }}')
    assert shown.render(Context({"due": dt.date(2026, 3, 3)})) == "until Tue 3 March"


def test_moment_says_day_and_time() -> None:
    assert days.moment(at(2026, 3, 3, 10)) == "Tue 3 March, 10:00"


def test_when_of_a_morning_is_half_a_day() -> None:
    assert days.when(at(2026, 3, 3, 10), at(2026, 3, 3, 13)) == "Tue 3 March, 10:00 to 13:00 (half a day)"


def test_when_of_a_long_visit_is_a_day() -> None:
    assert days.when(at(2026, 3, 3, 9), at(2026, 3, 3, 16, 30)) == "Tue 3 March, 09:00 to 16:30 (a day)"


def test_when_over_midnight_names_both_days_and_says_so() -> None:
    said = days.when(at(2026, 3, 3, 22), at(2026, 3, 4, 6))
    assert said == "Tue 3 March, 22:00 to Wed 4 March, 06:00 (ends the next day)"


def test_when_without_an_end_says_the_start() -> None:
    assert days.when(at(2026, 3, 3, 10)) == "Tue 3 March, 10:00"


def test_when_on_the_day_clocks_change_keeps_the_local_times() -> None:
    assert days.when(at(2026, 3, 29, 9), at(2026, 3, 29, 12)).startswith("Sun 29 March, 09:00 to 12:00")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (dt.date(2026, 3, 3), dt.date(2026, 3, 3), "Tue 3 March"),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 13), "Tue 3 to Fri 13 March"),
        (dt.date(2026, 3, 30), dt.date(2026, 4, 2), "Mon 30 March to Thu 2 April"),
        (dt.date(2026, 12, 30), dt.date(2027, 1, 4), "Wed 30 December to Mon 4 January 2027"),
        (dt.date(2026, 3, 3), None, "Tue 3 March"),
        (None, None, ""),
    ],
)
def test_day_range_says_no_word_twice(first: dt.date | None, last: dt.date | None, said: str) -> None:
    assert days.day_range(first, last) == said


def test_day_range_of_times_on_one_day_is_that_day() -> None:
    assert days.day_range(at(2026, 3, 3, 9), at(2026, 3, 3, 17)) == "Tue 3 March"


@pytest.mark.parametrize(("day", "said"), [(1, "yesterday"), (2, "today"), (3, "tomorrow"), (5, "in 3 days")])
def test_from_today_counts_days(day: int, said: str) -> None:
    assert days.from_today(dt.date(2026, 3, day)) == said


def test_from_today_counts_back() -> None:
    assert days.from_today(dt.date(2026, 2, 27)) == "3 days ago"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no time"), (1, "half a day"), (2, "1 day"), (3, "1½ days"), (4, "2 days"), (6, "3 days")],
)
def test_half_days_are_shown_as_days(number: int, said: str) -> None:
    assert days.half_days(number) == said


def test_filters_of_the_templates_say_the_same() -> None:
    page = Template("{% load days %}{{ start|when:end }} | {{ start|from_today }} | {{ 3|half_days }}")
    said = page.render(Context({"start": at(2026, 3, 3, 10), "end": at(2026, 3, 3, 13)}))
    assert said == "Tue 3 March, 10:00 to 13:00 (half a day) | tomorrow | 1½ days"
