"""Reminders that a coordinator sends by hand: the same mail as the schedule's, at most once a working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit, waiting
from accounts.clocks import WorkingCalendar
from accounts.days import day
from accounts.enums import AuditKind, How
from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError
from shadowing.enums import WaitingKind
from shadowing.models import Offer, Placement, Request, Scheme
from shadowing.offers.workflow.capacity import lock_session
from shadowing.placements.workflow.reminders import REMINDERS, subject_of
from shadowing.rules.deadlines import working_calendar
from shadowing.rules.policies import can_check_offer, can_help

NUDGED = "nudged"
ANSWERED = "This has been answered in the meantime, so no reminder is needed."
GONE = "{name} has left. What waited for them is handed to somebody else within a few minutes."
ALREADY = (
    "{actor} reminded {owner} on {day}. One reminder a working day is enough; the next can go on {next}."
)


class AlreadyRemindedError(TransitionError):
    """Raised when a reminder by hand was sent already on this working day."""


def can_remind(person: Person, item: WaitingItem, subject: Request | Offer) -> bool:
    """Whether ``person`` may remind the owner of ``item``.

    Coordinators of the side that has to answer may; the owner and the shadow may not.
    """
    if item.owner_id == person.pk or item.kind == WaitingKind.HELP:
        return False
    may = can_help if isinstance(subject, Request) else can_check_offer
    return may(person, subject)  # type: ignore[arg-type]  # each predicate gets its own type


@transaction.atomic
def remind_now(item: WaitingItem, actor: Person) -> WaitingItem:
    """Send the owner of ``item`` a reminder now; its schedule does not change. Returns the updated item.

    Raises PermissionDenied; AlreadyRemindedError for a second one on the same working day; TransitionError
    when it has been answered or handed over meanwhile.
    """
    subject = _locked_subject(item)
    locked = WaitingItem.objects.select_for_update(of=("self",)).select_related("owner").get(pk=item.pk)
    if subject is None or locked.closed_at is not None:
        raise TransitionError(ANSWERED)
    if not can_remind(actor, locked, subject):
        raise PermissionDenied
    if not locked.owner.is_active:
        raise TransitionError(GONE.format(name=locked.owner.full_name))
    _refuse_second(locked, subject)
    waiting.count_reminder(locked)
    REMINDERS[WaitingKind(locked.kind)](locked, subject)
    HistoryEntry.objects.create(
        subject_type=locked.subject_type,
        subject_id=locked.subject_id,
        actor=actor,
        how=How.PAGE,
        action=NUDGED,
        from_state=subject.status,
        to_state=subject.status,
        reason=f"To {locked.owner.full_name}.",
    )
    audit.note(AuditKind.ACTED, "Sent a reminder by hand.", actor=actor, subject=subject, person=locked.owner)
    return locked


def latest_manual_reminders(items: Iterable[WaitingItem]) -> dict[UUID, HistoryEntry]:
    """Return the latest reminder by hand about each item since it opened, by item key; takes one query."""
    by_subject = {item.subject_id: item for item in items}
    entries = HistoryEntry.objects.filter(
        action=NUDGED,
        subject_id__in=by_subject,
        subject_type__in={item.subject_type for item in by_subject.values()},
    )
    found: dict[UUID, HistoryEntry] = {}
    for entry in entries.select_related("actor").order_by("at"):
        item = by_subject[entry.subject_id]
        if entry.at >= item.since:
            found[item.pk] = entry
    return found


def _locked_subject(item: WaitingItem) -> Request | Offer | None:
    """Return the item's subject, reloaded. For a request the session is locked, first in the lock order."""
    if item.subject_type == Request._meta.label_lower:
        session = Request.objects.filter(pk=item.subject_id).values_list("session", flat=True).first()
        if session is not None:
            lock_session(session)
    subject = subject_of(item)
    return None if isinstance(subject, Placement) else subject  # the desk shows no visits


def _refuse_second(item: WaitingItem, subject: Request | Offer) -> None:
    entry = latest_manual_reminders([item]).get(item.pk)
    if entry is None or entry.actor is None:
        return
    calendar, reminded = working_calendar(_scheme_of(subject)), timezone.localdate(entry.at)
    if reminded < _working_day(calendar, timezone.localdate()):
        return
    raise AlreadyRemindedError(
        ALREADY.format(
            actor=entry.actor.full_name,
            owner=item.owner.full_name,
            day=day(entry.at),
            next=day(calendar.after(timezone.localdate(), 1)),
        )
    )


def _scheme_of(subject: Request | Offer) -> Scheme:
    return subject.offer.scheme if isinstance(subject, Request) else subject.scheme


def _working_day(calendar: WorkingCalendar, today: dt.date) -> dt.date:
    """Return today, or the latest working day before it."""
    at = today
    for _ in range(60):
        if calendar.is_working(at):
            return at
        at -= dt.timedelta(days=1)
    return at
