"""How the dates of a visit stand at a moment: which have begun, which are to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from shadowing.models import DateChange, Placement, Visit
from shadowing.rules.durations import more_time, time_after, time_approved


@dataclass(frozen=True)
class Dates:
    """The standing dates of one placement, earliest first, seen ``at`` a moment."""

    at: dt.datetime
    begun: list[Visit]
    to_come: list[Visit]

    @property
    def over(self) -> bool:
        """Whether there was one, and none is left or still going on."""
        return bool(self.begun) and not self.to_come and all(visit.ends_at <= self.at for visit in self.begun)

    @property
    def unanswered(self) -> list[Visit]:
        """Those that have begun, of which nobody has said whether they took place."""
        return [visit for visit in self.begun if visit.took_place is None]

    @property
    def movable(self) -> list[Visit]:
        """Those that can still be moved: to come, or going on without an answer."""
        going_on = [visit for visit in self.unanswered if visit.ends_at > self.at]
        return [*going_on, *self.to_come]


def dates_of_visit(placement: Placement) -> Dates:
    """How its dates stand now."""
    now = timezone.now()
    standing = [visit for visit in placement.visits.all() if visit.stands]
    return Dates(
        now,
        begun=[visit for visit in standing if visit.starts_at <= now],
        to_come=[visit for visit in standing if visit.starts_at > now],
    )


def is_stale(change: DateChange, dates: Dates) -> bool:
    """Whether a date has begun or ended since others were suggested: what they replace is no longer clear."""
    standing = [*dates.begun, *dates.to_come]
    turns = [moment for visit in standing for moment in (visit.starts_at, visit.ends_at)]
    return any(change.at < moment <= dates.at for moment in turns)


def days_still_ahead(placement: Placement) -> bool:
    """Whether a date is to come: it can be called off or moved."""
    return bool(dates_of_visit(placement).to_come)


def open_change(placement: Placement) -> DateChange | None:
    """The other dates that are suggested and not settled yet."""
    return next((change for change in placement.date_changes.all() if change.closed_at is None), None)


def times_of(change: DateChange) -> list[tuple[dt.datetime, dt.datetime]]:
    """The dates that are suggested, earliest first."""
    return [(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)) for start, end in change.times]


def more_time_of(placement: Placement, change: DateChange) -> str:
    """What suggested dates take beyond the time agreed to, in a sentence; else nothing."""
    minutes = time_after(placement, dates_of_visit(placement).movable, times_of(change))
    return more_time(minutes, time_approved(placement))
