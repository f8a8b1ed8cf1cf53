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
AS_SAID = {
    Learned.PHONE: "as you said by phone",
    Learned.IN_PERSON: "as you said in person",
    Learned.MAIL: "as you wrote",
}
KNOWN = {
    Learned.PHONE: "told by phone",
    Learned.IN_PERSON: "told in person",
    Learned.MAIL: "told in writing",
}
NOTED = {
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


def tell_of_request(move: TransitionContext[Request]) -> None:
    """Audit a step on a request, and mail the person it was taken for."""
    said = _noted(move)
    if move.on_behalf_of is not None:
        emails.queue_mail(TEMPLATE, move.on_behalf_of, move.record, **said)


def tell_of_visit(move: TransitionContext[Placement]) -> None:
    """Audit a step in a visit, and mail the person it was taken for."""
    said = _noted(move)
    if move.on_behalf_of is not None:
        emails.queue_placement_mail(TEMPLATE, [move.on_behalf_of], move.record, strip=None, **said)


def _noted(move: TransitionContext[Any]) -> dict[str, Any]:
    """Audit the step, and return the context of the mail about it.

    Raises TransitionError without ``learned``: how the coordinator knows what the person wants.
    """
    learned = move.inputs.get("learned")
    if learned not in Learned.values:
        raise TransitionError(SAY_HOW)
    label = workflow_of(move.record).transitions[move.action].label
    audit.note(
        AuditKind.ACTED,
        f"“{label}” for somebody who could not, {KNOWN[Learned(learned)]}.",
        actor=move.actor,
        how=move.how,
        subject=move.record,
        person=move.on_behalf_of,
    )
    return {
        "acted_by": move.actor,
        "as_said": AS_SAID[Learned(learned)],
        "noted": NOTED[move.action],
        "words": move.reason,
    }
