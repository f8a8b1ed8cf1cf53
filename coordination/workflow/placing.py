"""Placing somebody by hand: a coordinator asks for them, by the rules that hold for everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.constraints import constraint_sentence
from accounts.models import Person
from accounts.workflow import TransitionError, perform
from departments.models import Department, Membership
from messaging.merging import merge_mail_per_person
from shadowing.enums import DecisionRole
from shadowing.mail import emails
from shadowing.models import Decision, Request, Session
from shadowing.rules.rules import AGAINST, days_of

ONCE_MORE = "This could not be kept just now. Please press the button once more."
HOMELESS = "{name} is in no department yet, so nobody could be asked. HR can put that right."


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is asked for: a session and, where it is by arrangement, the days that suit.

    ``learned``: how the coordinator knows that the line manager agrees; empty when they are to be asked.
    """

    form_id: UUID
    person: Person
    session: Session
    objective: str
    window: tuple[dt.date, dt.date] | None = None
    learned: str = ""


def place(wanted: Place, *, by: Person) -> Request:
    """Ask for the place and, where the line manager has agreed already, note that: both, or nothing.

    A form sent twice gives the first result. Raises PermissionDenied, or TransitionError with the rule.
    """
    before = Request.objects.filter(form_id=wanted.form_id, placed_by=by).first()
    if before is not None:
        return before
    try:
        with transaction.atomic(), merge_mail_per_person():
            return _place(wanted, by)
    except IntegrityError as error:
        sentence = constraint_sentence(error)
        raise TransitionError(_against(wanted, sentence) if sentence else ONCE_MORE) from error


def _place(wanted: Place, by: Person) -> Request:
    draft = _draft(wanted, by)
    try:
        request = perform(draft, "place", actor=by)
    except TransitionError as error:
        raise TransitionError(_against(wanted, error.sentence)) from error
    return _told(request, wanted, by)


def _told(request: Request, wanted: Place, by: Person) -> Request:
    """Note the yes of the line manager, or of whoever places and decides as such; tell who visits once.

    They are told after the yes that is noted: it stands. Their own yes ``by`` may undo: it has its own mail.
    """
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    asked = decision.asked if decision is not None and wanted.learned else None
    if asked is not None and asked != by:
        request = perform(request, "approve", actor=by, on_behalf_of=asked, learned=wanted.learned)
    emails.queue_mail("placed_by_hand_to_shadow", request.shadow, request)
    return perform(request, "approve", actor=by) if asked == by else request


def _against(wanted: Place, sentence: str) -> str:
    """The rules speak to who visits: their sentence stands as they would read it."""
    return AGAINST.format(name=wanted.person.full_name, sentence=sentence)


def _draft(wanted: Place, by: Person) -> Request:
    offer, session = wanted.session.offer, wanted.session
    first, last = wanted.window or days_of([(session.starts_at, session.ends_at)])
    return Request.objects.create(
        form_id=wanted.form_id,
        shadow=wanted.person,
        origin=home_of(wanted.person),
        offer=offer,
        session=session,
        objectives=[wanted.objective],
        window_starts=first,
        window_ends=last,
        half_days=offer.half_days,
        placed_by=by,
    )


def home_of(person: Person) -> Department:
    """The department somebody belongs to. Raises TransitionError where there is none."""
    entry = Membership.objects.filter(person=person).select_related("department__parent__parent").first()
    if entry is None:
        raise TransitionError(HOMELESS.format(name=person.full_name))
    return entry.department
