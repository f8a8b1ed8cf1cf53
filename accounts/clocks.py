"""Working days, and plans: the days on which reminders, escalation and lapse of a waiting item are due."""

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
LONGEST_DAYS = 3660  # ten years: enough for every number of days a scheme may set, at one working day a week


Plan = list[tuple[dt.date, NextStep]]


class CountedPlan(Plan):
    """A plan with its due day, the last day on which an answer is in time, and the calendar it uses."""

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
    """Return the holidays of one year, as a set because the library's object changes while it is read."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:  # dropped by the library: count without bank holidays
        log.error("bank_holidays_unknown", country=country, region=region)
        return frozenset()


def holiday_name(country: str, region: str, day: dt.date) -> str:
    """Return the name of the bank holiday on ``day``; empty for none."""
    if day not in _bank_holidays(country, region, day.year):
        return ""
    return str(holidays.country_holidays(country, subdiv=region or None, years=day.year).get(day, ""))


def regions_of(country: str) -> list[str] | None:
    """Return the holidays library's region codes of a country; None for an unknown country."""
    known = holidays.list_supported_countries()
    return sorted(known[country]) if country in known else None


def region_exists(country: str, region: str) -> bool:
    """Return whether the holidays library knows this country and region."""
    regions = regions_of(country)
    return regions is not None and (not region or region in regions)


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days: not weekends, not bank holidays of the region, not closure days.

    ``weekdays`` are the ISO weekdays a person works on; a part-time manager's days off do not count.
    """

    country: str = "GB"
    region: str = "ENG"
    closures: frozenset[dt.date] = frozenset()
    weekdays: frozenset[int] = field(default=WHOLE_WEEK)

    def is_working(self, day: dt.date) -> bool:
        """Return whether ``day`` is a working day."""
        if day.isoweekday() not in self.weekdays or day in self.closures:
            return False
        return day not in _bank_holidays(self.country, self.region, day.year)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """Return the day ``working_days`` working days after ``day``; looks ten years ahead at most."""
        left, at = working_days, day
        for _ in range(LONGEST_DAYS):
            if left <= 0:
                break
            at += dt.timedelta(days=1)
            left -= self.is_working(at)
        return at

    def before(self, day: dt.date) -> dt.date:
        """Return the working day before ``day``."""
        at = day - dt.timedelta(days=1)
        for _ in range(LONGEST_DAYS):
            if self.is_working(at):
                break
            at -= dt.timedelta(days=1)
        return at

    def working_days_between(self, first: dt.date, last: dt.date) -> int:
        """Count the working days after ``first``, up to and including ``last``."""
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
    """Make a plan: each number counts working days after ``start``; the earliest step comes first."""
    steps = [(number, NextStep.REMIND) for number in remind]
    steps += [(escalate, NextStep.ESCALATE)] if escalate is not None else []
    steps += [(lapse, NextStep.LAPSE)] if lapse is not None else []
    steps.sort()
    days = [(calendar.after(start, number), step) for number, step in steps]
    return CountedPlan(days, due_on=_due(calendar, start, steps), calendar=calendar)


def shift_for_closure(calendar: WorkingCalendar, lost: dt.date, day: dt.date) -> dt.date:
    """Return where ``day`` of a plan moves when ``lost`` becomes a closure day of ``calendar``.

    The number of working days before it is kept, so ``lost`` and every later day move by one working day.
    """
    before = replace(calendar, closures=calendar.closures - {lost})
    return calendar.after(day, 1) if day >= lost and before.is_working(lost) else day


def _due(calendar: WorkingCalendar, start: dt.date, steps: list[tuple[int, NextStep]]) -> dt.date | None:
    """Return the due day: the last working day before escalation or lapse.

    A plan of reminders only is due with the last of them. If escalation follows after a single working day,
    the item is due on the day it arrived or, if that is no working day, on the day of the escalation.
    """
    consequences = [number for number, step in steps if step != NextStep.REMIND]
    if not consequences:
        return calendar.after(start, steps[-1][0]) if steps else None
    number = consequences[0] - 1
    return calendar.after(start, number if number or calendar.is_working(start) else 1)
