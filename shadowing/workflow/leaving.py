"""A visitor has left: what they asked for ends, their place is free, and whoever expected them is told."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction

from accounts.enums import How
from accounts.workflow import TransitionError, perform
from shadowing.enums import LIVE, PlacementStatus, RequestStatus, StepBackReason
from shadowing.models import Placement, Request
from shadowing.standing import days_still_ahead
from shadowing.workflow.one_by_one import by_itself

log = structlog.get_logger(__name__)

HAS_LEFT = "{name} has left the organisation."
EXPECTED = frozenset({PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE})


def follow_visitors() -> int:
    """End what visitors who have left asked for or agreed to, however it came to; return of how much."""
    theirs = Request.objects.filter(shadow__is_active=False, status__in=LIVE).order_by()
    found = list(theirs.values_list("pk", "status", "placement"))
    visits = [placement for _, status, placement in found if status == RequestStatus.AGREED]
    asked = [pk for pk, status, _ in found if status != RequestStatus.AGREED]
    return sum(by_itself(_call_off, pk) for pk in visits) + sum(_withdraw(pk) for pk in asked)


def _call_off(placement: Placement) -> int:
    if placement.status not in EXPECTED or not days_still_ahead(placement):
        return 0
    words = HAS_LEFT.format(name=placement.shadow.full_name)
    perform(placement, "cancel", actor=None, how=How.SYSTEM, reason=StepBackReason.OTHER, words=words)
    return 1


def _withdraw(pk: UUID) -> int:
    """End one request; one that cannot be ended now is looked at again by the next run."""
    request = Request.objects.select_related("shadow").get(pk=pk)
    words = HAS_LEFT.format(name=request.shadow.full_name)
    try:
        with transaction.atomic():
            perform(request, "withdraw", actor=None, how=How.SYSTEM, words=words)
    except TransitionError as refusal:  # somebody was quicker
        log.info("request_left_alone", request=str(pk), why=refusal.sentence)
        return 0
    except Exception:  # whatever is wrong with one, the others are dealt with, and it is tried again
        log.exception("request_of_a_leaver_not_ended", request=str(pk))
        return 0
    return 1
