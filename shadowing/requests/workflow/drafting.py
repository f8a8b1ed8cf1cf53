"""Save a request and send it in the same transaction, so that either both happen or neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constraints import constraint_sentence
from accounts.models import Person
from accounts.workflow import GONE, TransitionError, perform, workflow_of
from departments.models import Department
from shadowing.enums import RequestStatus
from shadowing.models import Agreement, Offer, Request, Session
from shadowing.offers.workflow.capacity import lock_session
from shadowing.rules.rules import ASKED_ALREADY, asked_already

CHANGEABLE = (RequestStatus.DRAFT, RequestStatus.SENT_BACK)
ONCE_MORE = "This could not be kept just now. Please press the button once more."


def new_request(person: Person, origin: Department, offer: Offer, form_id: UUID) -> Request:
    """Return an unsaved request of ``person``.

    ``form_id`` identifies the form, so that sending it twice makes one request.
    """
    return Request(form_id=form_id, shadow=person, origin=origin, offer=offer, half_days=offer.half_days)


def first_sent(person: Person, form_id: UUID) -> Request | None:
    """Return the request that an earlier submission of this form created, if there is one."""
    return Request.objects.filter(shadow=person, form_id=form_id).first()


def write_request(
    record: Request, asked: Mapping[str, Any], *, accepted: bool, send: bool, new: bool = False
) -> Request:
    """Save ``record`` with the values in ``asked`` and, with ``send``, send it; on refusal save nothing.

    A form sent twice at the same moment gives the first result. Raises TransitionError.
    """
    if new and not send and asked_already(record):
        raise TransitionError(ASKED_ALREADY)  # a second draft could not be sent, and no page leads to it
    try:
        with transaction.atomic():
            kept = record if new else _locked(record, asked["session"])
            _keep(kept, asked, accepted=accepted)
            return perform(kept, "submit", actor=kept.shadow) if send else kept
    except IntegrityError as error:
        first = first_sent(record.shadow, record.form_id)
        if first is not None and first.pk != record.pk:
            return first
        raise TransitionError(constraint_sentence(error) or ONCE_MORE) from error


def _keep(kept: Request, asked: Mapping[str, Any], *, accepted: bool) -> None:
    for name, value in asked.items():
        setattr(kept, name, value)
    kept.asked_minutes = kept.approved_minutes = 0  # set again when it is sent
    _keep_acceptance(kept, accepted=accepted)
    kept.save()


def _keep_acceptance(kept: Request, *, accepted: bool) -> None:
    """Store or clear the acceptance of the current agreement.

    Only a draft loses an acceptance by unticking it; a request that was sent back keeps it.
    """
    current = Agreement.objects.current(kept.offer.scheme)
    if accepted and (kept.agreement_accepted_at is None or kept.agreement != current):
        kept.agreement_accepted_at, kept.agreement = timezone.now(), current
    if not accepted and kept.status == RequestStatus.DRAFT:
        kept.agreement_accepted_at = kept.agreement = None


def _locked(record: Request, session: Session) -> Request:
    """Lock the request and return it as it is stored now.

    Raises TransitionError when it no longer exists or may no longer be changed.
    """
    lock_session(session.pk)  # the lock order of ``perform``: session, then request
    locked = Request.objects.select_for_update(of=("self",), no_key=True).filter(pk=record.pk).first()
    if locked is None:
        raise TransitionError(GONE)
    if locked.status not in CHANGEABLE:
        raise TransitionError(workflow_of(locked).too_late(locked, "submit"))
    locked.origin = record.origin
    return locked
