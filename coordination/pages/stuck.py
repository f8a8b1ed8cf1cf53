"""What a waiting item says on the desk: who is asked, since when, what was tried, and what happens next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.days import day, from_today, moment
from accounts.models import HistoryEntry, Person, WaitingItem
from coordination.pages.coordinator_scope import OFFER, PLACEMENT, REQUEST, CoordinatorScope
from coordination.workflow.manual_reminders import latest_manual_reminders
from departments.models import Department
from shadowing.enums import WaitingKind
from shadowing.models import Offer, Placement, Request
from shadowing.requests.workflow.stuck import HOSTS_SIDE
from shadowing.rules.acting_for import HOST, HOST_MANAGER, MANAGER, SHADOW, address
from shadowing.rules.progress import next_sentence, request_progress, tell_deputies_apart

TITLES: dict[str, str] = {
    WaitingKind.MANAGER_DECISION: "May {shadow} visit {destination}?",
    WaitingKind.HOST_ANSWER: "Can {host} receive {shadow}?",
    WaitingKind.HOST_MANAGER_DECISION: "May {host} host {shadow}?",
    WaitingKind.CONFIRM_DATES: "Do the new dates suit {shadow}?",
    WaitingKind.CHANGE_REQUEST: "{shadow} is asked to change a request",
    WaitingKind.CHECK_OFFER: "An offer of {destination} is to be checked",
    WaitingKind.CHANGE_OFFER: "{host} is asked to change an offer",
    WaitingKind.FIND_HOST: "Who receives {shadow} instead of {host}?",
}
# The side that a coordinator can act for while the item waits.
SIDES = {
    WaitingKind.MANAGER_DECISION: MANAGER,
    WaitingKind.HOST_ANSWER: HOST,
    WaitingKind.HOST_MANAGER_DECISION: HOST_MANAGER,
    WaitingKind.CONFIRM_DATES: SHADOW,
}
NOT_REMINDED = "No reminder sent yet"
DECISIONS = (WaitingKind.MANAGER_DECISION, WaitingKind.HOST_MANAGER_DECISION)
Subject = Request | Offer | Placement


@dataclass(frozen=True)
class StuckCard:
    """A waiting item on the desk, with the actions of the coordinator who looks at it.

    ``tags`` say why the item is listed, ``marks`` what was tried. ``helps`` is true if the viewer may send a
    reminder, ``may_name`` if they may also name another approver. ``why_not`` says who can help instead.
    ``yours`` is true if the viewer must answer the item themselves. ``since``, ``due``, ``late`` and
    ``reminded`` are short, for the columns of a table.
    """

    item: WaitingItem
    title: str
    about: str
    url: str
    origin: Department | None
    destination: Department
    sentence: str
    next_sentence: str
    tags: list[str]
    marks: list[str]
    helps: bool
    may_name: bool
    reminded_today: bool
    yours: bool
    why_not: str
    act_for_url: str
    since: str
    due: str
    late: str
    reminded: str


def cards_of(items: Sequence[WaitingItem], scope: CoordinatorScope) -> list[StuckCard]:
    """Return the cards of ``items`` in their order; takes at most four queries."""
    requests = Request.objects.for_rows().in_bulk(_subjects(items, REQUEST))
    offers = Offer.objects.for_cards().select_related("scheme").in_bulk(_subjects(items, OFFER))
    visits = Placement.objects.for_rows().in_bulk(_subjects(items, PLACEMENT))
    reminders = latest_manual_reminders(items) if items else {}
    tell_deputies_apart(items)
    subjects: dict[Any, Subject] = {**requests, **offers, **visits}
    return [
        _card(item, subjects[item.subject_id], reminders.get(item.pk), scope)
        for item in items
        if item.subject_id in subjects
    ]


def _subjects(items: Sequence[WaitingItem], subject_type: str) -> list[Any]:
    return [item.subject_id for item in items if item.subject_type == subject_type]


def _card(
    item: WaitingItem, subject: Subject, reminder: HistoryEntry | None, scope: CoordinatorScope
) -> StuckCard:
    offer, visit = _offer_of(subject), subject if isinstance(subject, Placement) else None
    shadow = "" if isinstance(subject, Offer) else subject.shadow.full_name
    host = visit.host if visit is not None else offer.host
    names = {"destination": offer.department.name, "host": host.full_name, "shadow": shadow}
    helps = scope.helps(item, subject)
    now = request_progress(subject, item).sentence if isinstance(subject, Request) else _waits_for(item)
    return StuckCard(
        item=item,
        title=TITLES[item.kind].format(**names),
        about=offer.title,
        url=subject.get_absolute_url(),
        origin=None if isinstance(subject, Offer) else subject.origin,
        destination=offer.department,
        sentence=now,
        next_sentence=next_sentence(item, subject if isinstance(subject, Request) else None),
        tags=list(_tags(item)),
        marks=list(_marks(item, reminder)),
        helps=helps,
        may_name=helps and item.kind in DECISIONS,
        reminded_today=reminder is not None and timezone.localdate(reminder.at) == timezone.localdate(),
        yours=item.owner_id == scope.person.pk,
        why_not="" if helps else _why_not(item, subject, scope.person),
        act_for_url=_act_for(item, subject) if helps and item.owner.is_active else "",
        since=day(item.since),
        due=day(item.due_on) if item.due_on else "",
        late=from_today(item.due_on) if item.due_on else "",
        reminded=_reminded(item, reminder),
    )


def _offer_of(subject: Subject) -> Offer:
    if isinstance(subject, Offer):
        return subject
    return subject.request.offer if isinstance(subject, Placement) else subject.offer


def _act_for(item: WaitingItem, subject: Subject) -> str:
    side = SIDES.get(WaitingKind(item.kind))
    return address(subject, side) if side and isinstance(subject, Request) else ""


def _waits_for(item: WaitingItem) -> str:
    return f"With {item.owner.full_name} since {day(item.since)}."


def _tags(item: WaitingItem) -> Iterator[str]:
    if item.due_on and item.due_on < timezone.localdate():
        yield "Overdue"
    if item.escalated_at:
        yield "With the coordinators"
    if getattr(item, "undelivered", False):
        yield "Email could not be delivered"


def _marks(item: WaitingItem, reminder: HistoryEntry | None) -> Iterator[str]:
    if item.due_on:
        verb = "was" if item.due_on < timezone.localdate() else "is"
        yield f"An answer {verb} due by {day(item.due_on)} ({from_today(item.due_on)})"
    sent = item.reminders_sent
    yield f"{sent} reminder{'' if sent == 1 else 's'} sent" if sent else NOT_REMINDED
    if reminder is not None and reminder.actor is not None:
        yield f"{reminder.actor.full_name} sent one on {moment(reminder.at)}"


def _reminded(item: WaitingItem, reminder: HistoryEntry | None) -> str:
    if not item.reminders_sent:
        return "None yet"
    by_hand = f", by hand {day(reminder.at)}" if reminder is not None else ""
    return f"{item.reminders_sent} sent{by_hand}"


def _why_not(item: WaitingItem, subject: Subject, person: Person) -> str:
    """Return why the viewer can see the item but cannot act on it."""
    if item.owner_id == person.pk:
        return ""
    if not isinstance(subject, Offer) and subject.shadow_id == person.pk:
        return "This is your own request, so another coordinator has to help."
    return f"The coordinators of {_answering(item, subject)} can help with this."


def _answering(item: WaitingItem, subject: Subject) -> str:
    """Return the name of the department whose answer is missing."""
    if not isinstance(subject, Request):
        return _offer_of(subject).department.name
    return subject.offer.department.name if item.kind in HOSTS_SIDE else subject.origin.name
