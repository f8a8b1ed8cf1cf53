"""Replacing the future dates of a visit, once everybody who has to has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from django.utils import timezone

from accounts.days import when
from accounts.workflow import TransitionError
from shadowing.models import Placement, Visit
from shadowing.requests.workflow.agreeing import MOST_VISITS, require_valid_dates
from shadowing.requests.workflow.timing import keep_time
from shadowing.rules.deadlines import last_day_to_remind_of
from shadowing.rules.durations import (
    lengths_of,
    minutes_after_move,
    minutes_of,
    placement_approved_minutes,
    recount,
)
from shadowing.rules.receiving import lock_people
from shadowing.rules.rules import Times, clash, days_begun, move_refusal
from shadowing.rules.visit_dates import dates_of_visit

NOTHING_TO_MOVE = "No date of this visit is to come, so there is nothing to move."
SAME = "These are the dates agreed already. Give at least one other day or time."


def refuse_new_dates(placement: Placement, times: Sequence[Times]) -> None:
    """Lock both people (last in the lock order) and validate the new dates. Raises TransitionError."""
    dates = dates_of_visit(placement)
    if not dates.movable:
        raise TransitionError(NOTHING_TO_MOVE)
    require_valid_dates(times)
    if len(dates.begun) + len(times) > MOST_VISITS:
        raise TransitionError(f"A placement has {MOST_VISITS} dates at most.")
    if sorted(times) == [(visit.starts_at, visit.ends_at) for visit in dates.movable]:
        raise TransitionError(SAME)
    lock_people([placement.shadow, placement.host])
    sentences = (
        clash(placement.shadow, times, moving=placement),
        clash(placement.host, times, besides=placement.request, moving=placement),
        _time_refusal(placement, dates.movable, times),
    )
    for sentence in sentences:
        if sentence:
            raise TransitionError(sentence)


def _time_refusal(placement: Placement, old: Sequence[Visit], times: Sequence[Times]) -> str | None:
    """Return a sentence if the visit would take more half-days than a visit or a cycle may."""
    replaced, counting = {visit.pk for visit in old}, lengths_of(placement)
    others = [v for v in placement.visits.all() if counting.get(v.pk) and v.pk not in replaced]
    return move_refusal(placement, _times(others), _times(old), times)


def _times(visits: Sequence[Visit]) -> list[Times]:
    return [(visit.starts_at, visit.ends_at) for visit in visits]


def needs_manager(placement: Placement, times: Sequence[Times]) -> bool:
    """Return whether these dates lie outside the approved window, or take more time than approved."""
    if not placement.request.within_agreed(*days_begun(times)):
        return True
    minutes = minutes_after_move(placement, dates_of_visit(placement).movable, times)
    return minutes > placement_approved_minutes(placement)


def allow_time(placement: Placement, times: Sequence[Times]) -> None:
    """Record that the line manager approves the time the visit takes with these dates."""
    keep_time(placement)
    wanted = minutes_after_move(placement, dates_of_visit(placement).movable, times)
    placement.approved_minutes = max(placement.approved_minutes, wanted)


def replace_dates(placement: Placement, times: Sequence[Times]) -> str:
    """Move the dates that can be moved; return what changed, in words.

    A moved date keeps its identity in calendars, so that they move it too. All are withdrawn first, so that
    two dates can swap places.
    """
    old, new = dates_of_visit(placement).movable, sorted(times)
    before = _times(old)
    keep_time(placement)
    placement.visits.filter(pk__in=[visit.pk for visit in old]).update(stands=False, minutes=0)
    reminded_until_day = last_day_to_remind_of(placement.request.offer.scheme)
    for visit, given in zip_longest(old, new):
        if given is None:
            continue
        moved = visit or Visit(placement=placement, shadow=placement.shadow)
        moved.host, moved.session = placement.host, placement.request.session
        moved.starts_at, moved.ends_at = given
        moved.minutes = minutes_of(*given)
        moved.stands, moved.took_place, moved.settled_at = True, None, None
        near = timezone.localdate(moved.starts_at) <= reminded_until_day
        moved.reminded_at = timezone.now() if near else None  # so near that this mail is the reminder
        moved.save()
    recount(placement)
    return f"Now {in_words(new)}; before, {in_words(before)}."


def in_words(times: Sequence[Times]) -> str:
    """Return the dates as text."""
    return " and ".join(when(start, end) for start, end in times)
