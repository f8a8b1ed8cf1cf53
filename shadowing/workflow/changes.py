"""What follows from changes nobody makes in here: people leave, get another manager, cannot be reached.

Who changed is noted by the database (StaffChange), so the work grows with the changes, not with what waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q

from accounts import waiting
from accounts.enums import How
from accounts.models import Message, StaffChange, WaitingItem
from accounts.workflow import TransitionError, perform
from shadowing.deciders import is_replaced
from shadowing.enums import DecisionRole, WaitingKind
from shadowing.models import Decision, Request
from shadowing.workflow.stuck import LEFT, UNREACHABLE, call_for_help

log = structlog.get_logger(__name__)

AT_ONCE = 1000
OWNED_BY_WHO_ANSWERS = (
    WaitingKind.MANAGER_DECISION,
    WaitingKind.HOST_MANAGER_DECISION,
    WaitingKind.HOST_ANSWER,
)


def follow_staff_changes() -> int:
    """Hand over what waits for people who left or were replaced; return how many requests were handed over.

    A change whose follow-up fails is looked at again by the next run.
    """
    changes = dict(StaffChange.objects.values_list("pk", "person")[:AT_ONCE])
    if not changes:
        return 0
    handed_over, failed = 0, False
    for pk in _requests_touched(set(changes.values())):
        try:
            with transaction.atomic():
                handed_over += _hand_over(pk)
        except Exception:  # whatever is wrong with one request, the others are dealt with
            log.exception("hand_over_failed", request=str(pk))
            failed = True
    if not failed:
        StaffChange.objects.filter(pk__in=changes).delete()
    return handed_over


def _requests_touched(people: Iterable[int]) -> list[UUID]:
    """Requests with a pending decision that one of ``people`` owes, or that is about one of them."""
    people = list(people)
    pending = Decision.objects.pending().order_by()
    ways = (
        Q(asked__in=people),
        Q(role=DecisionRole.LINE_MANAGER, request__shadow__in=people),
        Q(role=DecisionRole.HOST_MANAGER, request__offer__host__in=people),
        Q(request__shadow__line_manager__in=people),
        Q(request__offer__host__line_manager__in=people, role=DecisionRole.HOST_MANAGER),
    )
    found: dict[UUID, None] = {}
    for way in ways:
        found.update(dict.fromkeys(pending.filter(way).values_list("request", flat=True)))
    return list(found)


def _hand_over(pk: UUID) -> int:
    request = Request.objects.for_rows().get(pk=pk)
    decision = Decision.objects.pending().select_related("asked").filter(request=request).first()
    if decision is None:
        return 0
    decision.request = request
    if not is_replaced(decision):
        return 0
    try:
        perform(request, "hand_over", actor=None, how=How.SYSTEM)
    except TransitionError as refusal:
        _help_at_once(request, LEFT.format(name=decision.asked.full_name))
        log.warning("nobody_to_hand_over_to", request=str(pk), why=refusal.sentence)
        return 0
    return 1


def _help_at_once(request: Request, trouble: str) -> None:
    """Nobody can take over: the coordinators are asked at once."""
    items = WaitingItem.objects.open().about(request).filter(kind__in=OWNED_BY_WHO_ANSWERS)
    for item in items.filter(escalated_at__isnull=True).select_related("owner"):
        waiting.escalate(item)
        call_for_help(item, request, trouble=trouble)


def help_with_unreachable() -> int:
    """Ask the coordinators at once where the mail that asks for an answer came back; return for how many."""
    lost = Message.objects.failed_asks().filter(
        recipient=F("needed_while__owner"),  # a copy to a deputy or co-host keeps nobody from answering
        needed_while__escalated_at__isnull=True,
        needed_while__kind__in=OWNED_BY_WHO_ANSWERS,
    )
    helped = 0
    for pk in set(lost.values_list("needed_while", flat=True)):
        with transaction.atomic():
            helped += _help_with(pk)
    return helped


def _help_with(pk: UUID) -> int:
    locked = WaitingItem.objects.open().filter(pk=pk, escalated_at__isnull=True)
    item = locked.select_for_update(skip_locked=True, of=("self",)).select_related("owner").first()
    request = Request.objects.for_rows().filter(pk=item.subject_id).first() if item else None
    if item is None or request is None:
        return 0
    waiting.escalate(item)
    call_for_help(item, request, trouble=UNREACHABLE.format(name=item.owner.full_name))
    return 1
