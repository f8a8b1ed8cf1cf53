"""What follows from changes nobody makes in here: people leave, get another manager, cannot be reached.

Who changed is noted by the database (StaffChange), so the work grows with the changes, not with what waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

import structlog
from django.db.models import F, Q
from django.utils import timezone

from accounts import batch, waiting
from accounts.display_names import disambiguated_names
from accounts.enums import How
from accounts.models import StaffChange, WaitingItem
from accounts.workflow import TransitionError, perform
from appraisals.workflow import staff_changes
from messaging.models import Message
from shadowing.enums import DecisionRole, WaitingKind
from shadowing.mail.namesakes import people_of
from shadowing.models import Decision, Offer, Request
from shadowing.offers.workflow.capacity import lock_session
from shadowing.offers.workflow.offers import ask_checkers
from shadowing.placements.workflow.hosting import follow_hosts
from shadowing.placements.workflow.leavers import follow_visitors
from shadowing.placements.workflow.returning_staff import follow_returned
from shadowing.placements.workflow.visit_clock import follow_moves
from shadowing.requests.workflow.approval_tasks import NobodyLeftError
from shadowing.requests.workflow.stuck import NO_DECIDER, NO_HOST, UNREACHABLE, call_for_help, stuck_item
from shadowing.rules.approvers import is_replaced

log = structlog.get_logger(__name__)

AT_ONCE = 1000
# A change is looked at for so long, because a request that is being sent meanwhile may not have seen it.
SETTLED = dt.timedelta(minutes=2)
OWNED_BY_WHO_ANSWERS = (
    WaitingKind.MANAGER_DECISION,
    WaitingKind.HOST_MANAGER_DECISION,
    WaitingKind.HOST_ANSWER,
)
HAND_OVER = batch.Job("hand_over", "A request could not be handed to somebody else", Request)
PASS_ON = batch.Job(
    "coordinators_items", "What a coordinator left behind could not be passed on", WaitingItem
)
HELP = batch.Job("unreachable", "Nobody could be asked to help with a request", WaitingItem)
COORDINATORS_ITEMS = (WaitingKind.HELP, WaitingKind.CHECK_OFFER)


def follow_staff_changes() -> int:
    """Hand over what waits for people who left or were replaced; return how much was handed over.

    A change whose follow-up fails is looked at again by the next run, and keeps no other from being dealt
    with.
    """
    now, handed_over, last = timezone.now(), 0, 0
    while True:
        changes = list(StaffChange.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        if not changes:
            return handed_over
        number, failed = _follow({change.person_id for change in changes})
        done = [c.pk for c in changes if c.person_id not in failed and c.at <= now - SETTLED]
        StaffChange.objects.filter(pk__in=done).delete()
        handed_over, last = handed_over + number, changes[-1].pk


def _follow(people: set[int]) -> tuple[int, set[int]]:
    """Hand over what ``people`` are part of: how much that was, and whose follow-up failed."""
    handed_over, failed = staff_changes.follow(people)
    handed_over += follow_hosts(people) + follow_moves(people)
    follow_returned(people)
    found = batch.run(HAND_OVER, _requests_touched(people), _hand_over)
    for pk in found.failed:
        failed |= people & _people_of(pk)
    return handed_over + found.done, failed


def _people_of(pk: UUID) -> set[int]:
    """Everybody whose change may have touched the request."""
    request = Request.objects.select_related("shadow", "offer__host").get(pk=pk)
    asked = Decision.objects.pending().filter(request=request).values_list("asked", flat=True)
    shadow, host = request.shadow, request.offer.host
    around = {shadow.pk, host.pk, shadow.line_manager_id, host.line_manager_id, *asked}
    return {person for person in around if person is not None}


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


def follow_leavers() -> int:
    """Take care of what waits for somebody who has left, however it came to; return of how much."""
    cared_for = follow_visitors()
    wanted = Q(kind__in=OWNED_BY_WHO_ANSWERS, escalated_at__isnull=True) | Q(kind__in=COORDINATORS_ITEMS)
    left = WaitingItem.objects.open().filter(wanted, owner__is_active=False)
    items = list(left.select_related("owner"))
    requests = sorted({item.subject_id for item in items if item.kind in OWNED_BY_WHO_ANSWERS})
    to_coordinators = [item for item in items if item.kind in COORDINATORS_ITEMS]
    cared_for += batch.run(HAND_OVER, requests, _hand_over).done
    return cared_for + batch.run(PASS_ON, to_coordinators, _pass_on).done


def _pass_on(item: WaitingItem) -> bool:
    """What waited for a coordinator who left waits for those who are there."""
    if not WaitingItem.objects.open().filter(pk=item.pk).exists():
        return False  # it was dealt with meanwhile
    if item.kind == WaitingKind.CHECK_OFFER:
        offer = Offer.objects.select_related("scheme", "department", "host").get(pk=item.subject_id)
        passed_on = ask_checkers(offer)
    else:
        passed_on = _call_others(item)
    if passed_on:
        waiting.close_item(item)
    return passed_on


def _call_others(help_item: WaitingItem) -> bool:
    request = Request.objects.for_rows().get(pk=help_item.subject_id)
    item = stuck_item(request)
    return item is None or bool(call_for_help(item, request))


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
    except NobodyLeftError:
        sentence = NO_HOST if decision.role == DecisionRole.HOST else NO_DECIDER
        with disambiguated_names(people_of(request, decision.asked)):
            sentence = sentence.format(name=decision.asked.full_name)
        _help_at_once(request, sentence)
        log.warning("nobody_to_hand_over_to", request=str(pk))
        return 0
    except TransitionError as refusal:  # another run, or a coordinator, was quicker
        log.info("handed_over_already", request=str(pk), why=refusal.sentence)
        return 0
    return 1


def _help_at_once(request: Request, trouble: str) -> None:
    """Nobody can take over: the coordinators are asked at once."""
    lock_session(request.session_id)  # who answers at this moment is waited for
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
    return batch.run(HELP, sorted(set(lost.values_list("needed_while", flat=True))), _help_with).done


def _help_with(pk: UUID) -> int:
    request = Request.objects.for_rows().filter(pk=WaitingItem.objects.get(pk=pk).subject_id).first()
    if request is None:
        return 0
    lock_session(request.session_id)  # first in the lock order; who answers at this moment is waited for
    locked = WaitingItem.objects.open().filter(pk=pk, escalated_at__isnull=True)
    item = locked.select_for_update(skip_locked=True, of=("self",)).select_related("owner").first()
    if item is None:
        return 0
    waiting.escalate(item)
    with disambiguated_names(people_of(request, item.owner)):
        trouble = UNREACHABLE.format(name=item.owner.full_name)
    call_for_help(item, request, trouble=trouble)
    return 1
