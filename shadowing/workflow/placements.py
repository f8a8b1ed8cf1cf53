"""The table of placements: what happens to an agreed visit."""

from __future__ import annotations

from types import MappingProxyType

from django.utils import timezone

from accounts.enums import How
from accounts.workflow import Move, Transition, TransitionError, Workflow, perform, register
from shadowing import emails
from shadowing.enums import DecisionRole, PlacementStatus
from shadowing.models import Decision, Placement
from shadowing.plans import working_calendar
from shadowing.policies import can_arrange_placement, can_cancel_placement
from shadowing.workflow.asking import hosts_of
from shadowing.workflow.places import give_back_place, lock_session

S = PlacementStatus
ARRANGEMENTS = ("place", "contact", "agenda")
TOO_LATE = {
    S.AGREED: "This visit is agreed.",
    S.TAKING_PLACE: "This visit is taking place.",
    S.TO_REFLECT: "This visit has taken place.",
    S.COMPLETE: "This visit has taken place.",
    S.CANCELLED: "This visit has been cancelled already.",
    S.NO_SHOW: "This visit did not take place.",
}


def _lock(placement: Placement) -> None:
    lock_session(placement.request.session_id)


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


def _rearrange(move: Move[Placement]) -> None:
    """Place, contact and agenda as the host now gives them; a new place is told, and calendars follow."""
    placement, place_before = move.thing, move.thing.place
    for name in ARRANGEMENTS:
        setattr(placement, name, move.inputs.get(name, ""))
    if placement.place == place_before:
        return
    placement.sequence += 1
    sides = {"shadow": [placement.shadow], "host": hosts_of(placement.request)}
    for side, people in sides.items():
        emails.tell_placement(
            f"placement_changed_to_{side}", people, placement, with_calendar="REQUEST", by=move.actor
        )


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


def _too_late(placement: Placement, action: str) -> str:
    return TOO_LATE[PlacementStatus(placement.status)]


PLACEMENTS = register(
    Workflow(
        model=Placement,
        lock=_lock,
        too_late=_too_late,
        transitions=MappingProxyType(
            {
                "cancel": Transition(
                    label="Cancel the visit",
                    sources=frozenset({S.AGREED}),
                    target=S.CANCELLED,
                    policy=can_cancel_placement,
                    effect=_cancel,
                ),
                "rearrange": Transition(
                    label="Change place, contact or agenda",
                    sources=frozenset({S.AGREED, S.TAKING_PLACE}),
                    target=lambda move: move.source,
                    policy=can_arrange_placement,
                    effect=_rearrange,
                ),
            }
        ),
    )
)
