"""Working days, and the plan of what happens to something that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import holidays
import structlog

from accounts.enums import NextStep

log = structlog.get_logger(__name__)

WHOLE_WEEK = frozenset({1, 2, 3, 4, 5})
LONGEST_DAYS = 3660  # ten years: a week of one working day reaches every number a scheme may hold


Plan = list[tuple[dt.date, NextStep]]


class CountedPlan(Plan):
    """A plan that knows its due day, the last day on which an answer is in time, and how it was counted."""

    def __init__(
        self,
        steps: Iterable[tuple[dt.date, NextStep]],
        *,
        due_on: dt.date | None,
        calendar: WorkingCalendar | None = None,
    ) -> None:
        super().__init__(steps)
        self.due_on, self.calendar = due_on, calendar


@lru_cache(maxsize=512)
def _bank_holidays(country: str, region: str, year: int) -> frozenset[dt.date]:
    """The days of one year; a whole set, because the library's own object fills itself while it is read."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:  # the library knew it once; better a clock without bank holidays than none
        log.error("bank_holidays_unknown", country=country, region=region)
        return frozenset()


def holiday_name(country: str, region: str, day: dt.date) -> str:
    """What the bank holiday of ``day`` is called; empty where it is none."""
    if day not in _bank_holidays(country, region, day.year):
        return ""
    return str(holidays.country_holidays(country, subdiv=region or None, years=day.year).get(day, ""))


def regions_of(country: str) -> list[str] | None:
    """The regions of a country by the holidays library's codes; None for a country it does not know."""
    known = holidays.list_supported_countries()
    return sorted(known[country]) if country in known else None


def region_exists(country: str, region: str) -> bool:
    """Whether the holidays library knows this country and region."""
    regions = regions_of(country)
    return regions is not None and (not region or region in regions)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count: not weekends, not bank holidays of the region, not closure days.

    ``weekdays`` are the ISO weekdays somebody works on; a part-time manager's free days do not count.
    """

    country: str = "GB"
    region: str = "ENG"
    closures: frozenset[dt.date] = frozenset()
    weekdays: frozenset[int] = field(default=WHOLE_WEEK)

    def is_working(self, day: dt.date) -> bool:
        """Whether ``day`` counts."""
        if day.isoweekday() not in self.weekdays or day in self.closures:
            return False
        return day not in _bank_holidays(self.country, self.region, day.year)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """The day that comes ``working_days`` working days after ``day``; looks ten years ahead at most."""
        left, at = working_days, day
        for _ in range(LONGEST_DAYS):
            if left <= 0:
                break
            at += dt.timedelta(days=1)
            left -= self.is_working(at)
        return at

    def before(self, day: dt.date) -> dt.date:
        """The working day before ``day``."""
        at = day - dt.timedelta(days=1)
        for _ in range(LONGEST_DAYS):
            if self.is_working(at):
                break
            at -= dt.timedelta(days=1)
        return at

    def working_days_between(self, first: dt.date, last: dt.date) -> int:
        """How many working days lie after ``first``, up to and including ``last``."""
        days = range(1, (last - first).days + 1)
        return sum(self.is_working(first + dt.timedelta(days=n)) for n in days)


def plan_from(
    calendar: WorkingCalendar,
    start: dt.date,
    *,
    remind: Iterable[int] = (),
    escalate: int | None = None,
    lapse: int | None = None,
) -> CountedPlan:
    """Turn numbers of working days after ``start`` into days, earliest first."""
    steps = [(number, NextStep.REMIND) for number in remind]
    steps += [(escalate, NextStep.ESCALATE)] if escalate is not None else []
    steps += [(lapse, NextStep.LAPSE)] if lapse is not None else []
    steps.sort()
    days = [(calendar.after(start, number), step) for number, step in steps]
    return CountedPlan(days, due_on=_due(calendar, start, steps), calendar=calendar)


def later(calendar: WorkingCalendar, lost: dt.date, day: dt.date) -> dt.date:
    """Where ``day`` of a plan moves when ``lost``, a closure day of ``calendar``, turns out not to count.

    The working days before it stay what they were, so everything from then on comes one working day later.
    """
    before = replace(calendar, closures=calendar.closures - {lost})
    return calendar.after(day, 1) if day >= lost and before.is_working(lost) else day


def _due(calendar: WorkingCalendar, start: dt.date, steps: list[tuple[int, NextStep]]) -> dt.date | None:
    """The last working day before the item passes to somebody else or lapses; always a day that counts.

    A plan of reminders only is due with the last of them. What passes on after a single working day is due
    on the day it came, or if that does not count, on the day it passes on.
    """
    consequences = [number for number, step in steps if step != NextStep.REMIND]
    if not consequences:
        return calendar.after(start, steps[-1][0]) if steps else None
    number = consequences[0] - 1
    return calendar.after(start, number if number or calendar.is_working(start) else 1)
