"""Name, end and replace department coordinators, and pass on their waiting items.

When a coordinator ends, an item (a stuck request, an offer to check) that they may no longer deal with goes
to the successor, or else to the next coordinator above.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit, waiting
from accounts.enums import AuditKind
from accounts.models import Person, WaitingItem
from accounts.workflow import TransitionError
from departments.models import Coordinator, Department
from shadowing.enums import WaitingKind
from shadowing.mail.emails import queue_offer_mail, queue_person_mail
from shadowing.models import Offer, Request, Scheme
from shadowing.offers.workflow.offers import ask_checkers
from shadowing.requests.workflow.stuck import call_for_help, stuck_item, tell_of_stuck
from shadowing.rules.approvers import coordinators_above
from shadowing.rules.coordinator_policies import HAS_LEFT, can_end_coordinator, can_name_coordinator
from shadowing.rules.deadlines import help_plan, offer_plan
from shadowing.rules.policies import can_check_offer, can_help

IS_ONE = "{name} coordinates {department} already."
IS_NONE = "{name} does not coordinate {department} any more: somebody has changed that meanwhile."
ONESELF = "{name} coordinates {department} now. Choose somebody else to take over."
NOT_YOURSELF = "You cannot name yourself as coordinator. Ask another coordinator to do it."
NAMED, ENDED, HANDED = (
    "A department coordinator was named.",
    "A department coordinator was ended.",
    "A branch was handed over to another department coordinator.",
)


def name_coordinator(department: Department, person: Person, *, by: Person) -> Coordinator:
    """Make ``person`` a coordinator of ``department`` and everything below, and mail them.

    Raises PermissionDenied and TransitionError.
    """
    if not can_name_coordinator(by, department):
        raise PermissionDenied
    with transaction.atomic():
        return _name(department, person, by=by, what=NAMED, former=None)


def end_coordinator(department: Department, person: Person, *, by: Person) -> None:
    """End ``person`` as coordinator of ``department``, and pass their items on to others.

    Raises PermissionDenied and TransitionError.
    """
    with transaction.atomic():
        _end(_locked(department, person, by), by=by, successor=None)


def hand_over_branch(department: Department, person: Person, successor: Person, *, by: Person) -> None:
    """Replace ``person`` by ``successor``, who gets the waiting items; both are mailed.

    Raises PermissionDenied and TransitionError.
    """
    with transaction.atomic():
        entry = _locked(department, person, by)
        if successor == person:
            raise TransitionError(ONESELF.format(name=person.full_name, department=department.name))
        if not successor.is_active:  # a leaver may still be listed as coordinator
            raise TransitionError(HAS_LEFT.format(name=successor.full_name))
        if not department.coordinators.filter(person=successor).exists():
            _name(department, successor, by=by, what=HANDED, former=person)
        _end(entry, by=by, successor=successor)


@dataclass(frozen=True)
class EndingPreview:
    """The effect of ending a coordinator, shown before it is confirmed."""

    items: int
    others: list[Person]
    is_last: bool


def preview_ending(department: Department, person: Person) -> EndingPreview:
    """Return how many items would move and to whom, and whether the branch loses its last coordinator."""
    peers = department.coordinators.exclude(person=person).filter(person__is_active=True)
    scheme = Scheme.objects.serving(department)
    return EndingPreview(
        items=sum(1 for _ in _items_in_branch(person, department)),
        others=coordinators_above(department, scheme, never=[person]),
        is_last=not peers.exists(),
    )


def _name(
    department: Department, person: Person, *, by: Person, what: str, former: Person | None
) -> Coordinator:
    if not person.is_active:
        raise TransitionError(HAS_LEFT.format(name=person.full_name))
    if person == by:  # otherwise a coordinator from above could read what other schemes ask this branch
        raise TransitionError(NOT_YOURSELF)
    try:
        with transaction.atomic():
            entry = Coordinator.objects.create(department=department, person=person)
    except IntegrityError as error:
        raise TransitionError(IS_ONE.format(name=person.full_name, department=department.name)) from error
    audit.note(AuditKind.CHANGED, what, actor=by, subject=department, person=person)
    queue_person_mail(
        "coordinator_named_to_person",
        person,
        event=f"coordinator:{uuid.uuid4()}",
        path="/coordinate/",
        label="Open the coordinator’s desk",
        why=f"You get this because {by.full_name} named you as coordinator.",
        department=department,
        by=by,
        former=former,
    )
    return entry


def _locked(department: Department, person: Person, by: Person) -> Coordinator:
    """Return the coordinator entry, locked, so that of two people who end it at once only one does."""
    if not can_end_coordinator(by, department, person):
        raise PermissionDenied
    rows = Coordinator.objects.select_for_update(of=("self",)).select_related("person", "department")
    entry = rows.filter(department=department, person=person).first()
    if entry is None:
        raise TransitionError(IS_NONE.format(name=person.full_name, department=department.name))
    return entry


def _end(entry: Coordinator, *, by: Person, successor: Person | None) -> None:
    department, person = entry.department, entry.person
    items = list(_items_in_branch(person, department))
    entry.delete()
    moved = sum(_pass_on(item, subject, successor) for item, subject in items)
    audit.note(AuditKind.CHANGED, ENDED, actor=by, subject=department, person=person)
    queue_person_mail(
        "coordinator_ended_to_person",
        person,
        event=f"coordinator:{uuid.uuid4()}",
        path="/",
        label="Open my home page",
        why=f"You get this because you coordinated {department.name}.",
        department=department,
        by=by,
        successor=successor,
        moved=moved,
    )


def _items_in_branch(person: Person, department: Department) -> Iterator[tuple[WaitingItem, Request | Offer]]:
    """Yield the items about requests and offers of the branch that wait for ``person`` as coordinator."""
    branch = Department.objects.branch([department.pk])
    items = WaitingItem.objects.open().filter(owner=person).order_by("since")
    asked = items.filter(kind=WaitingKind.HELP)
    requests = Request.objects.for_rows().filter(
        Q(origin__in=branch) | Q(offer__department__in=branch), pk__in=asked.values("subject_id")
    )
    found: dict[object, Request | Offer] = {request.pk: request for request in requests}
    checked = items.filter(kind=WaitingKind.CHECK_OFFER)
    offers = Offer.objects.for_cards().select_related("scheme")
    found |= {
        each.pk: each for each in offers.filter(pk__in=checked.values("subject_id"), department__in=branch)
    }
    for item in items.filter(kind__in=(WaitingKind.HELP, WaitingKind.CHECK_OFFER)):
        if item.subject_id in found:
            yield item, found[item.subject_id]


def _pass_on(item: WaitingItem, subject: Request | Offer, successor: Person | None) -> bool:
    """Pass on one item, unless its owner may still deal with it in another role (branch above, scheme)."""
    if isinstance(subject, Offer):
        return not can_check_offer(item.owner, subject) and _pass_check(item, subject, successor)
    return not can_help(item.owner, subject) and _pass_help(item, subject, successor)


def _pass_check(item: WaitingItem, offer: Offer, successor: Person | None) -> bool:
    waiting.close_item(item)
    if successor is None or not can_check_offer(successor, offer):
        ask_checkers(offer)
    elif not _has(successor, WaitingKind.CHECK_OFFER, offer):
        plan = offer_plan(offer.scheme, successor)
        new = waiting.open_item(successor, WaitingKind.CHECK_OFFER, offer, plan=plan)
        occasion = f"{offer.version}:{new.pk}"
        queue_offer_mail("offer_submitted_to_coordinator", successor, offer, occasion=occasion, item=new)
    return True


def _pass_help(item: WaitingItem, request: Request, successor: Person | None) -> bool:
    """Ask the successor to help; if they may not (it is their own request), ask the coordinators above."""
    stuck = stuck_item(request)
    waiting.close_item(item)
    if stuck is None:
        return False
    if successor is None or not can_help(successor, request):
        call_for_help(stuck, request)
    elif not _has(successor, WaitingKind.HELP, request):
        plan = help_plan(request.offer.scheme, successor)
        new = waiting.open_item(successor, WaitingKind.HELP, request, plan=plan)
        tell_of_stuck(new, stuck, request, trouble="", occasion=f":{stuck.pk}:{new.pk}")
    return True


def _has(person: Person, kind: WaitingKind, subject: Request | Offer) -> bool:
    return WaitingItem.objects.open().about(subject).filter(kind=kind, owner=person).exists()
