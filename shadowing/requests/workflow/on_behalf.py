"""Mail and audit a step that a coordinator takes on behalf of somebody."""

from __future__ import annotations

from typing import Any

from accounts import audit
from accounts.enums import AuditKind
from accounts.workflow import TransitionContext, TransitionError, workflow_of
from shadowing.enums import Learned
from shadowing.mail import emails
from shadowing.models import Placement, Request

SAY_HOW = "Say how you know what they want: it is told to them and kept."
TEMPLATE = "acted_on_behalf_to_person"
MAIL_PHRASES = {
    Learned.PHONE: "as you said by phone",
    Learned.IN_PERSON: "as you said in person",
    Learned.MAIL: "as you wrote",
}
AUDIT_PHRASES = {
    Learned.PHONE: "told by phone",
    Learned.IN_PERSON: "told in person",
    Learned.MAIL: "told in writing",
}
STEP_PHRASES = {
    "withdraw": "you withdraw the request",
    "confirm_dates": "you take the dates that were suggested",
    "reject_dates": "you cannot come on the dates that were suggested, and ask for others",
    "approve": "you agree",
    "send_back": "you send the request back with a question",
    "decline": "you decline",
    "agree": "you agree dates for the visit",
    "propose_dates": "you suggest other dates",
    "put_on_waiting_list": "all places are taken, so the request goes on the waiting list",
    "decline_hosting": "you cannot host it this time",
    "agree_hosting": "your team hosts the visit",
    "refuse_hosting": "your team does not host the visit",
    "cancel": "you call the visit off",
    "happened": "the visit took place",
    "did_not_happen": "the visit did not take place",
}


def notify_of_request_step(context: TransitionContext[Request]) -> None:
    """Audit a step on a request, and mail the person it was taken for."""
    extra = _audit_step(context)
    if context.on_behalf_of is not None:
        emails.queue_mail(TEMPLATE, context.on_behalf_of, context.record, **extra)


def notify_of_visit_step(context: TransitionContext[Placement]) -> None:
    """Audit a step in a visit, and mail the person it was taken for."""
    extra = _audit_step(context)
    if context.on_behalf_of is not None:
        emails.queue_placement_mail(TEMPLATE, [context.on_behalf_of], context.record, strip=None, **extra)


def _audit_step(context: TransitionContext[Any]) -> dict[str, Any]:
    """Audit the step, and return the context of the mail about it.

    Raises TransitionError without ``learned``: how the coordinator knows what the person wants.
    """
    learned = context.inputs.get("learned")
    if learned not in Learned.values:
        raise TransitionError(SAY_HOW)
    label = workflow_of(context.record).transitions[context.action].label
    audit.note(
        AuditKind.ACTED,
        f"“{label}” for somebody who could not, {AUDIT_PHRASES[Learned(learned)]}.",
        actor=context.actor,
        how=context.how,
        subject=context.record,
        person=context.on_behalf_of,
    )
    return {
        "acted_by": context.actor,
        "as_said": MAIL_PHRASES[Learned(learned)],
        "noted": STEP_PHRASES[context.action],
        "words": context.reason,
    }
