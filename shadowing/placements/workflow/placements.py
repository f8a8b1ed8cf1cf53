"""The state machine of placements: what can happen to an agreed visit."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Workflow
from shadowing.enums import PlacementStatus
from shadowing.models import Placement
from shadowing.offers.workflow.capacity import lock_session
from shadowing.placements.workflow.arranging import ARRANGING
from shadowing.placements.workflow.cancelling import CANCELLING
from shadowing.placements.workflow.hosting import HOSTING
from shadowing.placements.workflow.joining import JOINING
from shadowing.placements.workflow.moving import MOVING
from shadowing.placements.workflow.visiting import VISITING
from shadowing.reflections.workflow.reflecting import REFLECTING
from shadowing.requests.workflow.on_behalf import notify_of_visit_step

S = PlacementStatus
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


def _too_late(placement: Placement, action: str) -> str:
    return TOO_LATE[PlacementStatus(placement.status)]


PLACEMENTS = Workflow(
    model=Placement,
    lock=_lock,
    too_late=_too_late,
    acted_for=notify_of_visit_step,
    transitions=MappingProxyType(
        {**CANCELLING, **ARRANGING, **MOVING, **HOSTING, **JOINING, **VISITING, **REFLECTING}
    ),
)
