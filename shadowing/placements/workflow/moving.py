"""Moving an agreed visit: one side suggests dates, the other answers, and the manager if needed.

The manager is asked about dates outside the approved window. The agreed dates stand until everybody has
agreed. The place in the session stays held, because a visit that is moved to another day is still a visit of
that session.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from accounts import waiting
from accounts.models import Person
from accounts.workflow import Transition, TransitionContext, TransitionError, same_state
from shadowing.enums import MoveOutcome, PlacementStatus, StepBackReason
from shadowing.mail import emails
from shadowing.models import DateChange, Placement
from shadowing.placements.workflow.apply_dates import (
    allow_time,
    in_words,
    needs_manager,
    refuse_new_dates,
    replace_dates,
)
from shadowing.placements.workflow.cancelling import managers_of
from shadowing.placements.workflow.move_requests import ask_manager, ask_other_side, audience_of
from shadowing.placements.workflow.visit_closing import MOVES
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import (
    approver_of_move,
    can_allow_move,
    can_answer_move,
    can_take_back_move,
    takes_part,
)
from shadowing.rules.visit_dates import dates_of_visit, is_stale, open_change, times_of

S = PlacementStatus
GONE = "These other dates are no longer suggested. See below how the visit stands now."
TOO_LATE = "A date of this visit has begun since these were suggested. Suggest other dates anew."
WITH_MANAGER = "The other side has agreed already; the line manager is asked now."
NOT_WITH_MANAGER = "The other side has not agreed to these dates yet."


def _propose(context: TransitionContext[Placement]) -> None:
    """Suggest dates that replace all dates to come, and ask the other side. Raises TransitionError."""
    placement, times = context.record, sorted(context.inputs.get("visits") or ())
    reason, actor = context.inputs.get("reason"), context.actor
    if actor is None:
        raise TransitionError("Somebody has to suggest the dates.")
    if reason not in StepBackReason.values:
        raise TransitionError("Choose a reason for the coordinators.")
    if open_change(placement) is not None:
        raise TransitionError("Other dates have been suggested already and wait for an answer.")
    refuse_new_dates(placement, times)
    change = DateChange.objects.create(
        placement=placement,
        proposed_by=actor,
        reason=reason,
        words=context.reason,
        times=[[start.isoformat(), end.isoformat()] for start, end in times],
    )
    ask_other_side(placement, change)
    context.reason = f"{in_words(times)}."


def _pending(context: TransitionContext[Placement], outcome: MoveOutcome) -> DateChange:
    """Return the pending suggestion, if it is still the one the person saw (``change``).

    Raises TransitionError if it is gone, a date has begun since, or it waits for somebody else.
    """
    change = open_change(context.record)
    if change is None or str(context.inputs.get("change", change.pk)) != str(change.pk):
        raise TransitionError(GONE)
    if is_stale(change, dates_of_visit(context.record)):
        raise TransitionError(TOO_LATE)
    if change.outcome != outcome:
        raise TransitionError(WITH_MANAGER if outcome == MoveOutcome.PENDING else NOT_WITH_MANAGER)
    return change


def _accept(context: TransitionContext[Placement]) -> None:
    """Record that the other side agrees: move the visit, or ask the line manager first."""
    placement, change = context.record, _pending(context, MoveOutcome.PENDING)
    times = times_of(change)
    refuse_new_dates(placement, times)
    waiting.close_items(placement, *MOVES)
    if not needs_manager(placement, times):
        _settle(context, change)
        return
    change.outcome = MoveOutcome.WITH_MANAGER
    change.save(update_fields=["outcome"])
    ask_manager(placement, change)
    context.reason = ""


def _allow(context: TransitionContext[Placement]) -> None:
    """Record that the line manager approves the dates outside the window, or the longer time."""
    change, placement = _pending(context, MoveOutcome.WITH_MANAGER), context.record
    _on_behalf(context)
    refuse_new_dates(placement, times_of(change))
    allow_time(placement, times_of(change))
    _settle(context, change)


def _settle(context: TransitionContext[Placement], change: DateChange) -> None:
    """Replace the dates, update calendars and tell everybody."""
    placement = context.record
    _close(placement, change, MoveOutcome.MOVED)
    words = context.reason
    context.reason = replace_dates(placement, times_of(change))
    placement.sequence += 1
    sync_appraisals(placement)
    extra: dict[str, Any] = {"changed": context.reason, "words": words, "by": context.actor, "strip": None}
    queue_mail = emails.queue_placement_mail
    queue_mail("visit_moved_to_shadow", [placement.shadow], placement, with_calendar="REQUEST", **extra)
    queue_mail("visit_moved_to_host", hosts_of_visit(placement), placement, with_calendar="REQUEST", **extra)
    queue_mail("visit_moved_to_manager", managers_of(placement), placement, **extra)


def _refuse(context: TransitionContext[Placement]) -> None:
    """Record that the other side refuses; the agreed dates stand, and the suggester is told."""
    placement, change = context.record, _pending(context, MoveOutcome.PENDING)
    _close(placement, change, MoveOutcome.REFUSED)
    _tell_of_refusal(context, change, [audience_of(placement, change.proposed_by)])


def _disallow(context: TransitionContext[Placement]) -> None:
    """Record that the line manager refuses; the agreed dates stand, and both sides are told."""
    change = _pending(context, MoveOutcome.WITH_MANAGER)
    _on_behalf(context)
    _close(context.record, change, MoveOutcome.REFUSED)
    _tell_of_refusal(context, change, ["shadow", "host"])


def _take_back(context: TransitionContext[Placement]) -> None:
    """Withdraw a suggestion; everybody who was asked is told."""
    placement, change = context.record, open_change(context.record)
    if change is None or str(context.inputs.get("change", change.pk)) != str(change.pk):
        raise TransitionError(GONE)
    asked = approver_of_move(placement) if change.outcome == MoveOutcome.WITH_MANAGER else None
    _close(placement, change, MoveOutcome.TAKEN_BACK)
    other = "host" if audience_of(placement, change.proposed_by) == "shadow" else "shadow"
    extra: dict[str, Any] = {"suggested": times_of(change), "by": context.actor, "strip": None}
    emails.queue_placement_mail(f"move_taken_back_to_{other}", _people(placement, other), placement, **extra)
    if asked is not None:
        emails.queue_placement_mail("move_taken_back_to_manager", [asked], placement, **extra)


def _tell_of_refusal(context: TransitionContext[Placement], change: DateChange, sides: list[str]) -> None:
    extra: dict[str, Any] = {
        "change": change,
        "suggested": times_of(change),
        "by": context.actor,
        "words": context.reason,
    }
    for side in sides:
        people = _people(context.record, side)
        emails.queue_placement_mail(f"move_refused_to_{side}", people, context.record, **extra)


def _people(placement: Placement, side: str) -> list[Person]:
    return [placement.shadow] if side == "shadow" else hosts_of_visit(placement)


def _close(placement: Placement, change: DateChange, outcome: MoveOutcome) -> None:
    waiting.close_items(placement, *MOVES)
    change.outcome, change.closed_at = outcome, max(change.at, placement.changed_at)
    change.save(update_fields=["outcome", "closed_at"])


def _on_behalf(context: TransitionContext[Placement]) -> None:
    """Record on whose behalf a deputy decides."""
    asked = approver_of_move(context.record)
    if context.actor != asked:
        context.on_behalf_of = asked


def _waits_for(outcome: MoveOutcome, placement: Placement) -> bool:
    change = open_change(placement)
    return change is not None and change.outcome == outcome


def _waits_for_other_side(placement: Placement) -> bool:
    return _waits_for(MoveOutcome.PENDING, placement)


def _waits_for_manager(placement: Placement) -> bool:
    return _waits_for(MoveOutcome.WITH_MANAGER, placement)


def _is_suggested(placement: Placement) -> bool:
    return open_change(placement) is not None


def _can_be_moved(placement: Placement) -> bool:
    return bool(dates_of_visit(placement).movable) and open_change(placement) is None


def _after_moving(context: TransitionContext[Placement]) -> str:
    """Return "agreed" where the date in progress is moved as well, else the present status."""
    change, dates = open_change(context.record), dates_of_visit(context.record)
    asks = context.action == "accept_move" and (
        change is None or needs_manager(context.record, times_of(change))
    )
    stay = asks or any(visit not in dates.movable for visit in dates.begun)
    return context.source if stay else S.AGREED


BEFORE_THE_END = frozenset({S.AGREED, S.TAKING_PLACE})
MOVING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "propose_move": Transition(
            label="Suggest other dates",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=takes_part,
            effect=_propose,
            offered=_can_be_moved,
        ),
        "accept_move": Transition(
            label="Agree to these dates",
            sources=BEFORE_THE_END,
            target=_after_moving,
            policy=can_answer_move,
            effect=_accept,
            offered=_waits_for_other_side,
        ),
        "refuse_move": Transition(
            label="Keep the visit as it was",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_answer_move,
            effect=_refuse,
            offered=_waits_for_other_side,
        ),
        "take_back_move": Transition(
            label="Take the suggestion back",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_take_back_move,
            effect=_take_back,
            offered=_is_suggested,
        ),
        "allow_move": Transition(
            label="Agree to these days",
            sources=BEFORE_THE_END,
            target=_after_moving,
            policy=can_allow_move,
            effect=_allow,
            offered=_waits_for_manager,
        ),
        "disallow_move": Transition(
            label="Keep to the days agreed before",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_allow_move,
            effect=_disallow,
            offered=_waits_for_manager,
        ),
    }
)
