"""Place somebody by hand: a coordinator asks on their behalf, under the same rules as everybody."""

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
class PlacingInput:
    """The input for placing: a session and, for visits by arrangement, the days that suit.

    ``learned`` says how the coordinator knows that the line manager agrees; empty if the manager is to be
    asked.
    """

    form_id: UUID
    person: Person
    session: Session
    objective: str
    window: tuple[dt.date, dt.date] | None = None
    learned: str = ""


def place(wanted: PlacingInput, *, by: Person) -> Request:
    """Send the request and, if the line manager agreed already, record that, in one transaction.

    The same form sent twice returns the first result. Raises PermissionDenied, or TransitionError with the
    rule that refused it.
    """
    before = Request.objects.filter(form_id=wanted.form_id, placed_by=by).first()
    if before is not None:
        return before
    try:
        with transaction.atomic(), merge_mail_per_person():
            return _place(wanted, by)
    except IntegrityError as error:
        sentence = constraint_sentence(error)
        raise TransitionError(_about_person(wanted, sentence) if sentence else ONCE_MORE) from error


def _place(wanted: PlacingInput, by: Person) -> Request:
    draft = _draft(wanted, by)
    try:
        request = perform(draft, "place", actor=by)
    except TransitionError as error:
        raise TransitionError(_about_person(wanted, error.sentence)) from error
    return _record_manager_answer(request, wanted, by)


def _record_manager_answer(request: Request, wanted: PlacingInput, by: Person) -> Request:
    """Record the manager's agreement if it is given already, and mail the shadow.

    A manager's agreement that is noted is recorded before the mail, because it stands. The coordinator's own
    approval can be undone and has its own mail, so it is recorded after.
    """
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    asked = decision.asked if decision is not None and wanted.learned else None
    if asked is not None and asked != by:
        request = perform(request, "approve", actor=by, on_behalf_of=asked, learned=wanted.learned)
    emails.queue_mail("placed_by_hand_to_shadow", request.shadow, request)
    return perform(request, "approve", actor=by) if asked == by else request


def _about_person(wanted: PlacingInput, sentence: str) -> str:
    """Return the rule's sentence with the person's name, because rules address the shadow as “you”."""
    return AGAINST.format(name=wanted.person.full_name, sentence=sentence)


def _draft(wanted: PlacingInput, by: Person) -> Request:
    offer, session = wanted.session.offer, wanted.session
    first, last = wanted.window or days_of([(session.starts_at, session.ends_at)])
    return Request.objects.create(
        form_id=wanted.form_id,
        shadow=wanted.person,
        origin=department_of(wanted.person),
        offer=offer,
        session=session,
        objectives=[wanted.objective],
        window_starts=first,
        window_ends=last,
        half_days=offer.half_days,
        placed_by=by,
    )


def department_of(person: Person) -> Department:
    """Return the person's department. Raises TransitionError when they have none."""
    entry = Membership.objects.filter(person=person).select_related("department__parent__parent").first()
    if entry is None:
        raise TransitionError(HOMELESS.format(name=person.full_name))
    return entry.department
