"""Working days, and the plan of what happens to something that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import holidays

from accounts.enums import NextStep

Plan = list[tuple[dt.date, NextStep]]


@lru_cache(maxsize=64)
def _bank_holidays(country: str, region: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=region or None)


def region_exists(country: str, region: str) -> bool:
    """Whether the holidays library knows this country and region."""
    known = holidays.list_supported_countries()
    return country in known and (not region or region in known[country])


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count: not weekends, not bank holidays of the region, not closure days.

    ``weekdays`` are the ISO weekdays somebody works on; a part-time manager's free days do not count.
    """

    country: str = "GB"
    region: str = "ENG"
    closures: frozenset[dt.date] = frozenset()
    weekdays: frozenset[int] = field(default=frozenset({1, 2, 3, 4, 5}))

    def is_working(self, day: dt.date) -> bool:
        """Whether ``day`` counts."""
        if day.isoweekday() not in self.weekdays or day in self.closures:
            return False
        return day not in _bank_holidays(self.country, self.region)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """The day that comes ``working_days`` working days after ``day``; looks ten years ahead at most."""
        left, at = working_days, day
        for _ in range(3660):
            if left <= 0:
                break
            at += dt.timedelta(days=1)
            left -= self.is_working(at)
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
) -> Plan:
    """Turn numbers of working days after ``start`` into days, earliest first."""
    steps = [(number, NextStep.REMIND) for number in remind]
    steps += [(escalate, NextStep.ESCALATE)] if escalate is not None else []
    steps += [(lapse, NextStep.LAPSE)] if lapse is not None else []
    return [(calendar.after(start, number), step) for number, step in sorted(steps)]
