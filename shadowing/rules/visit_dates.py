"""Dates of a placement at a moment: which have begun and which are to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from shadowing.models import DateChange, Placement, Visit
from shadowing.rules.durations import minutes_after_move, more_time, placement_approved_minutes


@dataclass(frozen=True)
class Dates:
    """The standing dates of one placement, earliest first, at the moment ``at``."""

    at: dt.datetime
    begun: list[Visit]
    to_come: list[Visit]

    @property
    def over(self) -> bool:
        """Return whether at least one date has begun, and all of them have ended."""
        return bool(self.begun) and not self.to_come and all(visit.ends_at <= self.at for visit in self.begun)

    @property
    def unanswered(self) -> list[Visit]:
        """Return dates that have begun and that nobody has confirmed or denied yet."""
        return [visit for visit in self.begun if visit.took_place is None]

    @property
    def movable(self) -> list[Visit]:
        """Return dates that can still be moved: those to come, and unanswered ones that are going on."""
        going_on = [visit for visit in self.unanswered if visit.ends_at > self.at]
        return [*going_on, *self.to_come]


def dates_of_visit(placement: Placement) -> Dates:
    """Return the dates of ``placement`` as of now."""
    now = timezone.now()
    standing = [visit for visit in placement.visits.all() if visit.stands]
    return Dates(
        now,
        begun=[visit for visit in standing if visit.starts_at <= now],
        to_come=[visit for visit in standing if visit.starts_at > now],
    )


def is_stale(change: DateChange, dates: Dates) -> bool:
    """Return whether a date has begun or ended since the change was proposed.

    It is no longer clear then which dates the proposal replaces.
    """
    standing = [*dates.begun, *dates.to_come]
    turns = [moment for visit in standing for moment in (visit.starts_at, visit.ends_at)]
    return any(change.at < moment <= dates.at for moment in turns)


def has_dates_to_come(placement: Placement) -> bool:
    """Return whether a date is still to come and can be cancelled or moved."""
    return bool(dates_of_visit(placement).to_come)


def open_change(placement: Placement) -> DateChange | None:
    """Return the proposal of other dates that is still open, or None."""
    return next((change for change in placement.date_changes.all() if change.closed_at is None), None)


def times_of(change: DateChange) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the proposed dates, earliest first."""
    return [(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)) for start, end in change.times]


def more_time_of(placement: Placement, change: DateChange) -> str:
    """Return a sentence if the proposed dates exceed the time agreed to; else an empty string."""
    minutes = minutes_after_move(placement, dates_of_visit(placement).movable, times_of(change))
    return more_time(minutes, placement_approved_minutes(placement))
