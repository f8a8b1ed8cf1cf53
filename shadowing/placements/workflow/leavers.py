"""Leavers who were visitors: their requests and visits end, and those who expected them are told."""

from __future__ import annotations

from uuid import UUID

from accounts import batch
from accounts.enums import How
from accounts.workflow import perform
from shadowing.enums import LIVE, PlacementStatus, RequestStatus, StepBackReason
from shadowing.models import Placement, Request
from shadowing.rules.batch import one_by_one
from shadowing.rules.visit_dates import has_dates_to_come

HAS_LEFT = "{name} has left the organisation."
CALL_OFF = batch.Job(
    "visits_of_leavers", "The visit of somebody who has left could not be called off", Placement
)
WITHDRAW = batch.Job(
    "requests_of_leavers", "The request of somebody who has left could not be ended", Request
)
EXPECTED = frozenset({PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE})


def follow_visitors() -> int:
    """End the live requests and agreed visits of visitors who have left; return how many."""
    live = Request.objects.filter(shadow__is_active=False, status__in=LIVE).order_by()
    rows = list(live.values_list("pk", "status", "placement"))
    visits = [placement for _, status, placement in rows if status == RequestStatus.AGREED]
    asked = [pk for pk, status, _ in rows if status != RequestStatus.AGREED]
    return one_by_one(CALL_OFF, _call_off, visits) + batch.run(WITHDRAW, asked, _withdraw).done


def _call_off(placement: Placement) -> int:
    if placement.status not in EXPECTED or not has_dates_to_come(placement):
        return 0
    words = HAS_LEFT.format(name=placement.shadow.full_name)
    perform(placement, "cancel", actor=None, how=How.SYSTEM, reason=StepBackReason.OTHER, words=words)
    return 1


def _withdraw(pk: UUID) -> int:
    """End one request."""
    request = Request.objects.select_related("shadow").get(pk=pk)
    words = HAS_LEFT.format(name=request.shadow.full_name)
    perform(request, "withdraw", actor=None, how=How.SYSTEM, words=words)
    return 1
