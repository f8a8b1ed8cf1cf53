"""The minutes of a visit as requested, approved and agreed, recorded at each step for comparison."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.workflow import TransitionContext, TransitionError
from shadowing.models import Decision, Placement, Request, Visit
from shadowing.rules.durations import (
    asked_minutes,
    fits_approved,
    half_days_of,
    lengths_of,
    minutes_in,
    placement_approved_minutes,
    recount,
)
from shadowing.rules.rules import Times

TOO_LONG = "These dates take more time than the line manager agreed to. Give fewer or shorter ones."


def note_time_asked(request: Request) -> None:
    """Set the requested minutes: the length of the offer, or of the session where that is longer."""
    request.asked_minutes = request.approved_minutes = 0
    request.asked_minutes = asked_minutes(request)
    request.half_days = max(request.half_days, half_days_of(request.asked_minutes))


def note_time_approved(
    context: TransitionContext[Request], decision: Decision, proposed: Iterable[Times]
) -> None:
    """Record that the manager approves the time requested, and that of the dates they have seen."""
    request = context.record
    request.approved_minutes = max(asked_minutes(request), minutes_in(proposed))
    decision.approved_minutes = request.approved_minutes
    decision.save(update_fields=["approved_minutes"])


def refuse_more_time(request: Request, times: Iterable[Times]) -> None:
    """Raise TransitionError when the dates take more time than was approved."""
    if not fits_approved(request, times):
        raise TransitionError(TOO_LONG)


def keep_time(placement: Placement) -> None:
    """Record the minutes of a visit that was agreed before minutes were stored."""
    if placement.agreed_minutes:
        return
    placement.approved_minutes = placement_approved_minutes(placement)
    lengths = lengths_of(placement)
    for visit in placement.visits.filter(pk__in=lengths):
        visit.minutes = lengths[visit.pk]
        visit.save(update_fields=["minutes"])
    recount(placement)


def give_back(placement: Placement, dates: Iterable[Visit]) -> None:
    """Give back exactly the time of ``dates``, which no longer count."""
    keep_time(placement)
    placement.visits.filter(pk__in=[visit.pk for visit in dates]).update(minutes=0)
    recount(placement)
