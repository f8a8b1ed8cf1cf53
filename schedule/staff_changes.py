"""Follow changes from outside: people who leave, change their manager, or cannot be reached by mail.

A database trigger records who changed (StaffChange), so the work grows with the number of changes and not
with the number of waiting items.
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

CHUNK = 1000
# A change is followed for this long, because a request that was being sent meanwhile may have missed it.
FOLLOW_FOR = dt.timedelta(minutes=2)
ANSWER_KINDS = (
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
    """Hand over what waits for people who left or were replaced. Returns the number of hand-overs.

    A change whose follow-up fails is kept for the next run, and does not stop the others.
    """
    now, handed_over, last = timezone.now(), 0, 0
    while True:
        changes = list(StaffChange.objects.filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not changes:
            return handed_over
        number, failed = _follow({change.person_id for change in changes})
        done = [c.pk for c in changes if c.person_id not in failed and c.at <= now - FOLLOW_FOR]
        StaffChange.objects.filter(pk__in=done).delete()
        handed_over, last = handed_over + number, changes[-1].pk


def _follow(people: set[int]) -> tuple[int, set[int]]:
    """Hand over what ``people`` take part in. Returns the number, and the people whose follow-up failed."""
    handed_over, failed = staff_changes.follow(people)
    handed_over += follow_hosts(people) + follow_moves(people)
    follow_returned(people)
    found = batch.run(HAND_OVER, _affected_requests(people), _hand_over)
    for pk in found.failed:
        failed |= people & _people_concerned(pk)
    return handed_over + found.done, failed


def _people_concerned(pk: UUID) -> set[int]:
    """Return the keys of everybody whose change may affect the request."""
    request = Request.objects.select_related("shadow", "offer__host").get(pk=pk)
    asked = Decision.objects.pending().filter(request=request).values_list("asked", flat=True)
    shadow, host = request.shadow, request.offer.host
    around = {shadow.pk, host.pk, shadow.line_manager_id, host.line_manager_id, *asked}
    return {person for person in around if person is not None}


def _affected_requests(people: Iterable[int]) -> list[UUID]:
    """Return the requests with a pending decision that one of ``people`` must make, or that is about them."""
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
    """Hand over everything that still waits for somebody who has left. Returns the number of items."""
    cared_for = follow_visitors()
    wanted = Q(kind__in=ANSWER_KINDS, escalated_at__isnull=True) | Q(kind__in=COORDINATORS_ITEMS)
    left = WaitingItem.objects.open().filter(wanted, owner__is_active=False)
    items = list(left.select_related("owner"))
    requests = sorted({item.subject_id for item in items if item.kind in ANSWER_KINDS})
    to_coordinators = [item for item in items if item.kind in COORDINATORS_ITEMS]
    cared_for += batch.run(HAND_OVER, requests, _hand_over).done
    return cared_for + batch.run(PASS_ON, to_coordinators, _pass_on).done


def _pass_on(item: WaitingItem) -> bool:
    """Ask the remaining coordinators instead of one who left. Returns whether that was done."""
    if not WaitingItem.objects.open().filter(pk=item.pk).exists():
        return False  # it was dealt with meanwhile
    if item.kind == WaitingKind.CHECK_OFFER:
        offer = Offer.objects.select_related("scheme", "department", "host").get(pk=item.subject_id)
        passed_on = ask_checkers(offer)
    else:
        passed_on = _ask_other_coordinators(item)
    if passed_on:
        waiting.close_item(item)
    return passed_on


def _ask_other_coordinators(help_item: WaitingItem) -> bool:
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
        _escalate_now(request, sentence)
        log.warning("nobody_to_hand_over_to", request=str(pk))
        return 0
    except TransitionError as refusal:  # another run, or a coordinator, was quicker
        log.info("handed_over_already", request=str(pk), why=refusal.sentence)
        return 0
    return 1


def _escalate_now(request: Request, trouble: str) -> None:
    """Ask the coordinators at once, because nobody can take over the answer."""
    lock_session(request.session_id)  # waits for a transaction that is answering at this moment
    items = WaitingItem.objects.open().about(request).filter(kind__in=ANSWER_KINDS)
    for item in items.filter(escalated_at__isnull=True).select_related("owner"):
        waiting.escalate(item)
        call_for_help(item, request, trouble=trouble)


def escalate_unreachable() -> int:
    """Escalate the items whose mail came back, because the owner cannot be reached. Returns their number."""
    lost = Message.objects.failed_asks().filter(
        # A lost copy to a deputy or co-host does not matter: it leaves the owner reachable.
        recipient=F("needed_while__owner"),
        needed_while__escalated_at__isnull=True,
        needed_while__kind__in=ANSWER_KINDS,
    )
    return batch.run(
        HELP, sorted(set(lost.values_list("needed_while", flat=True))), _escalate_unreachable
    ).done


def _escalate_unreachable(pk: UUID) -> int:
    request = Request.objects.for_rows().filter(pk=WaitingItem.objects.get(pk=pk).subject_id).first()
    if request is None:
        return 0
    # First in the lock order; waits for a transaction that is answering at this moment.
    lock_session(request.session_id)
    locked = WaitingItem.objects.open().filter(pk=pk, escalated_at__isnull=True)
    item = locked.select_for_update(skip_locked=True, of=("self",)).select_related("owner").first()
    if item is None:
        return 0
    waiting.escalate(item)
    with disambiguated_names(people_of(request, item.owner)):
        trouble = UNREACHABLE.format(name=item.owner.full_name)
    call_for_help(item, request, trouble=trouble)
    return 1
