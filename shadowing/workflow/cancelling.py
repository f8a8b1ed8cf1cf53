"""Calling an agreed visit off, and who is told."""

from __future__ import annotations

from types import MappingProxyType

from django.utils import timezone

from accounts.enums import How
from accounts.workflow import Move, Transition, TransitionError, perform
from shadowing import emails
from shadowing.enums import DecisionRole, PlacementStatus
from shadowing.models import Decision, Placement
from shadowing.plans import working_calendar
from shadowing.policies import can_cancel_placement
from shadowing.workflow.asking import hosts_of
from shadowing.workflow.places import give_back_place

S = PlacementStatus


def _cancel(move: Move[Placement]) -> None:
    """Call the visit off: calendars follow, the place is offered on, everybody concerned is told."""
    placement, reason = move.thing, move.inputs.get("reason")
    if not reason:
        raise TransitionError("Choose a reason, so that the others understand.")
    placement.cancelled_by, placement.cancel_reason, placement.cancel_words = move.actor, reason, move.reason
    placement.sequence += 1
    placement.visits.update(stands=False)
    placement.save()
    request = perform(placement.request, "close", actor=None, how=How.SYSTEM)
    give_back_place(request)
    request.save(update_fields=["holds_place"])
    placement.request = request
    _tell_of_cancellation(placement)


def _tell_of_cancellation(placement: Placement) -> None:
    request = placement.request
    tell = emails.tell_placement
    tell("placement_cancelled_to_shadow", [placement.shadow], placement, with_calendar="CANCEL")
    tell("placement_cancelled_to_host", hosts_of(request), placement, with_calendar="CANCEL")
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    if decision is not None:
        tell("placement_cancelled_to_manager", [decision.asked], placement)
    if is_late(placement):
        tell("placement_cancelled_to_coordinator", list(request.offer.scheme.coordinators.all()), placement)


def is_late(placement: Placement) -> bool:
    """Whether fewer working days are left than the scheme wants for a cancellation without a coordinator."""
    first = placement.visits.order_by("starts_at").first()
    if first is None:
        return False
    scheme = placement.request.offer.scheme
    left = working_calendar(scheme).working_days_between(
        timezone.localdate(), timezone.localtime(first.starts_at).date()
    )
    return left < scheme.late_cancellation_days


CANCELLING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "cancel": Transition(
            label="Cancel the visit",
            sources=frozenset({S.AGREED}),
            target=S.CANCELLED,
            policy=can_cancel_placement,
            effect=_cancel,
        ),
    }
)
