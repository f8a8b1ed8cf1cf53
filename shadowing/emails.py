"""What is said by mail: one template pair per event and recipient, owed through the outbox.

Templates are ``emails/<event>_to_<recipient>.txt`` (first line: the subject) and ``.html``; each gets
``request``, ``offer``, ``shadow``, ``strip``, ``action_url``, ``action_label``, ``why``, and what is added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts import outbox
from accounts.models import Person, WaitingItem
from shadowing.briefing import briefing_for
from shadowing.enums import DecideByEmail
from shadowing.invitations import cancellation, invitation
from shadowing.links import make_link
from shadowing.models import Decision, Offer, Placement, Request
from shadowing.whereabouts import whereabouts

WHY = {
    "shadow": "You get this because it is about your own request.",
    "manager": "You get this because you were asked to decide on it as line manager, or for them.",
    "host": "You get this because you host this visit.",
    "host_manager": "You get this because your team hosts this visit.",
    "coordinator": "You get this because you coordinate the scheme.",
}


def address(path: str) -> str:
    """The full address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def _why(template: str) -> str:
    return WHY.get(template.rpartition("_to_")[2], WHY["host"])


def tell(
    template: str,
    recipient: Person,
    request: Request,
    *,
    item: WaitingItem | None = None,
    not_before: dt.datetime | None = None,
    **extra: Any,
) -> None:
    """Owe ``recipient`` a mail about ``request`` as it now stands; with ``item``, only while it is open."""
    context = {
        **_about(template, request, item),
        "action_url": address(request.get_absolute_url()),
        "action_label": "Open the request",
        **extra,
    }
    outbox.owe(
        event=f"{request.pk}:{request.version}",
        template=template,
        recipient=recipient,
        context=context,
        needed_while=item,
        not_before=not_before,
    )


def _about(template: str, request: Request, item: WaitingItem | None) -> dict[str, Any]:
    return {
        "request": request,
        "offer": request.offer,
        "shadow": request.shadow,
        "origin": request.origin,
        "destination": request.offer.department,
        "strip": whereabouts(request, item),
        "item": item,
        "why": _why(template),
    }


def ask(
    template: str,
    decision: Decision,
    item: WaitingItem,
    *,
    recipient: Person | None = None,
    occasion: str = "",
    **extra: Any,
) -> None:
    """Owe the person asked (or ``recipient``, their deputy) the mail that asks for ``decision``.

    ``occasion`` tells a reminder from the first mail, so that each is owed once.
    """
    request, person = decision.request, recipient or decision.asked
    link = None if request.offer.scheme.decide_by_email == DecideByEmail.OFF else make_link(decision, person)
    context = {
        **_about(template, request, item),
        "decision": decision,
        "briefing": briefing_for(request),
        "action_url": link.url if link else address("/approvals/"),
        "action_label": "See it and decide",
        **extra,
    }
    outbox.owe(
        event=f"{request.pk}:{request.version}{occasion}",
        template=template,
        recipient=person,
        context=context,
        needed_while=item,
        link_nonce=link.nonce if link else "",
    )


def receipt(decision: Decision, *, undo_until: dt.datetime) -> None:
    """Owe the manager a receipt of what was decided by the link alone, with the way to undo it."""
    link = make_link(decision, decision.asked)
    request = decision.request
    outbox.owe(
        event=f"{request.pk}:{request.version}",
        template="decision_recorded_to_manager",
        recipient=decision.asked,
        context={
            **_about("decision_recorded_to_manager", request, None),
            "decision": decision,
            "undo_until": undo_until,
            "action_url": link.url,
            "action_label": "See it or undo it",
        },
        link_nonce=link.nonce,
    )


def tell_placement(template: str, recipients: Iterable[Person], placement: Placement, **extra: Any) -> None:
    """Owe each of ``recipients`` a mail about an agreed, changed or cancelled visit.

    ``with_calendar`` among ``extra`` attaches the invitation or its cancellation.
    """
    request = placement.request
    part = _calendar_part(placement, extra.pop("with_calendar", None))
    for recipient in recipients:
        context = {
            **_about(template, request, None),
            "placement": placement,
            "visits": list(placement.visits.all()),
            "action_url": address(placement.get_absolute_url()),
            "action_label": "Open the visit’s page",
            **extra,
        }
        outbox.owe(
            event=f"{placement.pk}:{placement.version}",
            template=template,
            recipient=recipient,
            context=context,
            invitation=part,
        )


def _calendar_part(placement: Placement, method: str | None) -> outbox.Invitation | None:
    if method is None:
        return None
    text = cancellation(placement) if method == "CANCEL" else invitation(placement)
    return outbox.Invitation(text=text, method=method)


def tell_offer(
    template: str,
    recipient: Person,
    offer: Offer,
    *,
    occasion: str,
    item: WaitingItem | None = None,
    **extra: Any,
) -> None:
    """Owe ``recipient`` a mail about an offer; ``occasion`` tells events of one offer apart."""
    context = {
        "offer": offer,
        "destination": offer.department,
        "why": _why(template),
        "action_url": address(offer.get_absolute_url()),
        "action_label": "Open the offer",
        **extra,
    }
    outbox.owe(
        event=f"{offer.pk}:{occasion}",
        template=template,
        recipient=recipient,
        context=context,
        needed_while=item,
    )
