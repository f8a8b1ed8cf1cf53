"""Durations of visits: minutes, and the half-days that are counted of them.

A date takes the minutes that really pass: 22:00 to 06:00 is eight hours, or seven in the night the clocks go
forward. Anything longer than 24 hours is a stay of several days without nights and weekends: it takes at most
a full day for the first and the last day and each weekday between. Half-days are rounded up for each date
(three mornings are three half-days), but never above what the line manager agreed to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from accounts.days import HALF_DAY_MINUTES, half_days
from shadowing.models import Placement, Request, Visit

Times = tuple[dt.datetime, dt.datetime]
MINUTE = dt.timedelta(minutes=1)
DAY_AND_NIGHT = dt.timedelta(days=1)
WEEKEND = (6, 7)
FULL_DAY_MINUTES = 2 * HALF_DAY_MINUTES


def minutes_of(start: dt.datetime, end: dt.datetime) -> int:
    """Return the minutes that a date counts for."""
    passed = _passed(start, end)
    if passed <= DAY_AND_NIGHT:
        return -(-passed // MINUTE)
    first, last = timezone.localdate(start), timezone.localdate(end)
    between = (first + dt.timedelta(days=n) for n in range(1, (last - first).days))
    days = 2 + sum(day.isoweekday() not in WEEKEND for day in between)
    return min(-(-passed // MINUTE), days * FULL_DAY_MINUTES)


def _passed(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return the time that passes, computed in UTC: subtracting times of one zone ignores clock changes."""
    return end.astimezone(dt.UTC) - start.astimezone(dt.UTC)


def minutes_in(times: Iterable[Times]) -> int:
    """Return the sum of the minutes of several dates."""
    return sum(minutes_of(start, end) for start, end in times)


def half_days_of(minutes: int) -> int:
    """Return the minutes as half-days, rounded up, at least one."""
    return max(1, -(-minutes // HALF_DAY_MINUTES))


def counted_half_days(lengths: Iterable[int], approved: int) -> int:
    """Return the half-days that dates of these lengths (minutes) count for, at most ``approved`` minutes."""
    return min(sum(-(-minutes // HALF_DAY_MINUTES) for minutes in lengths), half_days_of(approved))


def asked_minutes(request: Request) -> int:
    """Return the minutes requested: those stated, or those of the chosen session if it is longer."""
    if request.asked_minutes:
        return request.asked_minutes
    declared = request.half_days * HALF_DAY_MINUTES
    if getattr(request, "session_id", None) is None or request.session.by_arrangement:  # none chosen yet
        return declared
    return max(declared, minutes_of(request.session.starts_at, request.session.ends_at))


def approved_minutes(request: Request) -> int:
    """Return the minutes the line manager agreed to; before they answer, the minutes requested."""
    return request.approved_minutes or asked_minutes(request)


def fits_approved(request: Request, times: Iterable[Times]) -> bool:
    """Return whether these dates take no more time than the line manager agreed to."""
    return minutes_in(times) <= approved_minutes(request)


def counted_if_agreed(request: Request, times: Iterable[Times]) -> int:
    """Return the half-days that these dates would count for."""
    times = list(times)
    approved = max(approved_minutes(request), minutes_in(times))
    return counted_half_days((minutes_of(start, end) for start, end in times), approved)


def lengths_of(placement: Placement) -> dict[int, int]:
    """Return the minutes that count for each date, by its key.

    Placements agreed before minutes were stored get them from the times of their dates.
    """
    visits = placement.visits.all()
    if placement.agreed_minutes:
        return {visit.pk: visit.minutes for visit in visits}
    return {
        visit.pk: minutes_of(visit.starts_at, visit.ends_at)
        for visit in visits
        if visit.stands or visit.took_place is False
    }


def placement_approved_minutes(placement: Placement) -> int:
    """Return the minutes the line manager agreed to; older placements count as approved as they are."""
    return placement.approved_minutes or max(
        approved_minutes(placement.request), sum(lengths_of(placement).values())
    )


def minutes_after_move(placement: Placement, left: Iterable[Visit], times: Iterable[Times]) -> int:
    """Return the minutes of ``placement`` with ``times`` in place of the dates ``left``."""
    replaced = {visit.pk for visit in left}
    kept = sum(minutes for pk, minutes in lengths_of(placement).items() if pk not in replaced)
    return kept + minutes_in(times)


def recount(placement: Placement) -> None:
    """Set minutes and half-days of ``placement`` from its dates, without saving."""
    lengths = list(placement.visits.values_list("minutes", flat=True))
    placement.agreed_minutes = sum(lengths)
    placement.half_days = max(1, counted_half_days(lengths, placement.approved_minutes))


def format_minutes(minutes: int) -> str:
    """Format minutes: "45 minutes", "1 hour", "4½ hours", "7 hours 20 minutes"."""
    hours, rest = divmod(minutes, 60)
    whole = (
        f"{hours}{'½' if rest == 30 else ''} hour{'' if (hours, rest) == (1, 0) else 's'}" if hours else ""
    )
    odd = f"{rest} minute{'' if rest == 1 else 's'}" if rest and not (hours and rest == 30) else ""
    return " ".join(part for part in (whole, odd) if part) or "no time"


def format_allowance(minutes: int) -> str:
    """Format the minutes agreed to: "half a day, up to 4½ hours", or the hours alone."""
    number, over = divmod(minutes, HALF_DAY_MINUTES)
    hours = format_minutes(minutes)
    return hours if over or not number else f"{half_days(number)}, up to {hours}"


def more_time(minutes: int, approved: int) -> str:
    """Return a sentence if dates take more than the minutes agreed to; else an empty string."""
    if minutes <= approved:
        return ""
    takes, allowance = format_minutes(minutes), format_allowance(approved)
    return f"These dates take {takes}. That is more than was agreed: {allowance}."


def length_error(start: dt.datetime, end: dt.datetime, number: int) -> str:
    """Return a sentence if a session takes longer than ``number`` half-days; else an empty string."""
    takes, length = minutes_of(start, end), number * HALF_DAY_MINUTES
    if takes <= length:
        return ""
    return (
        f"This session takes {format_minutes(takes)}; the visit takes {format_allowance(length)}. "
        "Choose a longer visit, or shorter times."
    )
