"""Days and times of the demo organisation, counted from today in working days."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.clocks import WorkingCalendar
from demo.text_types import OfferText

Times = tuple[dt.datetime, dt.datetime]

HALF_DAY = dt.timedelta(hours=3, minutes=30)
WHOLE_DAY = dt.timedelta(hours=7)


def at(day: dt.date, clock: str) -> dt.datetime:
    """Return the moment ``clock`` ("09:30") on ``day`` in the organisation's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(clock)))


@dataclass(frozen=True)
class Days:
    """The calendar of the demo, relative to the day it is made."""

    today: dt.date
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def ahead(self, working_days: int) -> dt.date:
        """Return the day so many working days after today."""
        return self.calendar.after(self.today, working_days)

    def back(self, working_days: int) -> dt.date:
        """Return the working day so many working days before today."""
        day, left = self.today, working_days
        while left > 0:
            day -= dt.timedelta(days=1)
            left -= self.calendar.is_working(day)
        return day

    def before(self, day: dt.date) -> dt.date:
        """Return the working day before ``day``."""
        day -= dt.timedelta(days=1)
        while not self.calendar.is_working(day):
            day -= dt.timedelta(days=1)
        return day

    def moment(self, working_days_ago: int, rng: random.Random) -> dt.datetime:
        """Return a random moment in office hours, so many working days ago (at least one)."""
        return at(self.back(max(working_days_ago, 1)), "08:40") + dt.timedelta(minutes=rng.randint(0, 500))

    def first_working(self, day: dt.date, weekday: int = 0) -> dt.date:
        """Return ``day`` or the next working day after it, on ``weekday`` if given."""
        while not self.calendar.is_working(day) or (weekday and day.isoweekday() != weekday):
            day += dt.timedelta(days=1)
        return day

    def season(self, month: int) -> dt.date:
        """Return the tenth of the next ``month`` that is at least three weeks away."""
        year = self.today.year
        while dt.date(year, month, 10) < self.today + dt.timedelta(days=21):
            year += 1
        return dt.date(year, month, 10)

    def span(self, first: dt.date, clock: str, half_days: int) -> Times:
        """Return start and end: from ``clock`` on ``first``, over several working days if needed."""
        last, left = first, half_days
        while left > 2:
            last, left = self.calendar.after(last, 1), left - 2
        start = at(first, clock)
        return start, at(last, clock) + (HALF_DAY if left == 1 else WHOLE_DAY)

    def session_times(self, text: OfferText, first_in: int) -> list[Times]:
        """Return the times of an offer's dated sessions.

        The first is in the offer's month or, without one, ``first_in`` working days from today.
        """
        day = self.season(text.month) if text.month else self.ahead(first_in)
        times = []
        for _ in range(text.sessions):
            day = self.first_working(day, text.weekday)
            times.append(self.span(day, text.starts, text.half_days))
            day += dt.timedelta(days=2 if text.month else 15)
        return times

    def window(self, first_in: int, length: int) -> Times:
        """Return a window for visits: from working day ``first_in``, ``length`` working days long."""
        first = self.ahead(first_in)
        return at(first, "09:00"), at(self.calendar.after(first, length), "17:00")

    def cycle_year(self) -> int:
        """Return the year in which the present academic year began, in August."""
        return self.today.year if self.today.month >= 8 else self.today.year - 1
