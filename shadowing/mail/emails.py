"""Emails of the scheme: one template per event and recipient, queued in the outbox.

Templates are ``emails/<event>_to_<recipient>.html``; subject and text part are derived from them
(``accounts.mail_text``). The context comes from ``shadowing.mail.mail_context``; callers pass what is
particular as ``extra``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Person, WaitingItem
from messaging import outbox
from shadowing.enums import DecideByEmail
from shadowing.mail.briefing import briefing_for
from shadowing.mail.invitations import visit_cancellation, visit_invitation
from shadowing.mail.links import make_link
from shadowing.mail.mail_context import (
    about_decision,
    about_offer,
    about_placement,
    about_request,
    address,
    next_visit_link,
    why,
)
from shadowing.mail.namesakes import telling_namesakes_apart
from shadowing.models import Decision, Offer, Placement, Request, Visit
from shadowing.rules.asking_reasons import why_asked
from shadowing.rules.participants import joiners_without_consent

# Mails to hosts that joiners without the visitor's consent get as well, with times, place and names but
# without words. They get no other mail.
SENT_WITHOUT_WORDS = frozenset(
    {
        *("hosts_changed_to_host", "visit_handed_over_to_host", "placement_changed_to_host"),
        *("visit_moved_to_host", "rest_called_off_to_host", "placement_cancelled_to_host"),
        *("visit_missed_to_host", "day_before_to_host", "reflection_asked_to_host"),
        *("move_suggested_to_host", "move_refused_to_host", "move_taken_back_to_host"),
    }
)
WITHOUT_WORDS: dict[str, Any] = {"words": "", "reason": "", "reads": False}


@telling_namesakes_apart
def queue_mail(
    template: str,
    recipient: Person,
    request: Request,
    *,
    item: WaitingItem | None = None,
    decision: Decision | None = None,
    not_before: dt.datetime | None = None,
    occasion: str = "",
    **extra: Any,
) -> None:
    """Queue a mail to ``recipient`` about ``request``; with ``item``, it is sent only while that is open.

    ``decision`` is the answer the mail reports; ``occasion`` tells a reminder from the first mail.
    """
    context = {
        **about_request(template, request, item),
        **(about_decision(decision) if decision else {}),
        **extra,
    }
    outbox.enqueue(
        event=f"{request.pk}:{request.version}{occasion}",
        template=template,
        recipient=recipient,
        context=context,
        needed_while=item,
        not_before=not_before,
    )


@telling_namesakes_apart
def queue_decision_mail(
    template: str,
    decision: Decision,
    item: WaitingItem,
    *,
    recipients: Iterable[Person],
    occasion: str = "",
    **extra: Any,
) -> None:
    """Queue the mail that asks for ``decision`` to the person asked and their deputies, ``recipients``.

    ``occasion`` tells a reminder from the first mail, so that each is queued once.
    """
    request = decision.request
    briefing = briefing_for(request)
    shared = {
        **about_request(template, request, item),
        "decision": decision,
        "briefing": briefing,
        "takes": briefing.takes,
        "action_label": "See it and decide",
        **extra,
    }
    by_link = request.offer.scheme.decide_by_email != DecideByEmail.OFF
    for person in recipients:
        link = make_link(decision, person) if by_link else None
        outbox.enqueue(
            event=f"{request.pk}:{request.version}{occasion}",
            template=template,
            recipient=person,
            context={
                **shared,
                "why": _why_asked(decision, person),
                "action_url": link.url if link else address("/approvals/"),
            },
            needed_while=item,
            link_nonce=link.nonce if link else "",
        )


def _why_asked(decision: Decision, person: Person) -> str:
    if person != decision.asked:
        return f"You get this because you are the deputy of {decision.asked.full_name} at the moment."
    return f"You get this because you are asked to decide. {why_asked(decision)}".strip()


@telling_namesakes_apart
def queue_receipt(decision: Decision, *, undo_until: dt.datetime) -> None:
    """Queue a receipt of a decision made by the link alone, with a link to undo it.

    It goes to the manager and, where a deputy decided, to the deputy as well; each has their own link.
    """
    request, template = decision.request, "decision_recorded_to_manager"
    for person in dict.fromkeys([decision.asked, decision.answered_by or decision.asked]):
        link = make_link(decision, person)
        outbox.enqueue(
            event=f"{request.pk}:{request.version}",
            template=template,
            recipient=person,
            context={
                **about_request(template, request, None),
                **about_decision(decision),
                "undo_until": undo_until,
                "action_url": link.url,
                "action_label": "See it or undo it",
            },
            link_nonce=link.nonce,
        )


@telling_namesakes_apart
def queue_placement_mail(
    template: str,
    recipients: Iterable[Person],
    placement: Placement,
    *,
    with_calendar: str | None = None,
    item: WaitingItem | None = None,
    occasion: str = "",
    **extra: Any,
) -> None:
    """Queue a mail to each of ``recipients`` about an agreed, changed or cancelled placement.

    With ``item`` it is sent only while that is open; ``occasion`` tells a reminder from the first mail.
    ``with_calendar`` is REQUEST (invite to the standing dates, cancel the others) or CANCEL (cancel all
    dates). A single date is attached to the mail itself; of several, each has a mail of its own, because
    Outlook reads only the first event of an invitation.
    """
    standing, fallen = _visits(placement)
    shown = standing or fallen
    unread = joiners_without_consent(placement) if template.endswith("_to_host") else set()
    changed = (
        shown if with_calendar == "CANCEL" else [visit for visit in shown if visit.ends_at > timezone.now()]
    )
    context = {**about_placement(template, placement, shown, item), **extra}
    alone = with_calendar is not None and len(shown) == len(changed) == 1
    for recipient in recipients:
        if recipient.pk in unread and template not in SENT_WITHOUT_WORDS:
            continue
        outbox.enqueue(
            event=f"{placement.pk}:{placement.version}.{placement.sequence}{occasion}",
            template=template,
            recipient=recipient,
            context={**context, **WITHOUT_WORDS} if recipient.pk in unread else context,
            needed_while=item,
            invitation=_invitation(placement, shown[0], str(with_calendar)) if alone else None,
        )
        if with_calendar is not None:
            _queue_calendar_mails(recipient, placement, [] if alone else changed, with_calendar)
            known = standing and recipient != extra.get("joiner")
            _queue_calendar_mails(recipient, placement, fallen if known else [], "CANCEL")


def queue_leaver_mail(person: Person, placement: Placement, *, by: Person | None) -> None:
    """Tell somebody that they were removed from a placement, and cancel its dates in their calendar."""
    visits = [visit for visit in _visits(placement)[0] if visit.ends_at > timezone.now()]
    event = f"{placement.pk}:left:{placement.version}.{placement.sequence}"
    context = about_placement("hosting_ended_to_host", placement, visits, None)
    offer = address(placement.request.offer.get_absolute_url())
    way_on = {"action_url": offer, "action_label": "Open the offer"}
    shared = {**context, **WITHOUT_WORDS, "by": by, "strip": None, **way_on}
    outbox.enqueue(
        event=event,
        template="hosting_ended_to_host",
        recipient=person,
        context=shared,
        invitation=_invitation(placement, visits[0], "CANCEL", to=person) if len(visits) == 1 else None,
    )
    for number, visit in enumerate(visits if len(visits) > 1 else [], start=1):
        template = "visit_called_off_to_attendee"
        numbered = {**shared, "visits": [visit], "visit": visit, "number": number, "count": len(visits)}
        outbox.enqueue(
            event=f"{event}:{visit.pk}",
            template=template,
            recipient=person,
            context={**numbered, "why": why(template)},
            invitation=_invitation(placement, visit, "CANCEL", to=person),
        )


def next_visit_button(placement: Placement) -> dict[str, Any]:
    """Return the button context of a mail about a placement that did not happen."""
    path, label = next_visit_link(placement)
    return {"action_url": address(path), "action_label": label}


def _visits(placement: Placement) -> tuple[list[Visit], list[Visit]]:
    """Return the standing and the cancelled dates; missed ones are in neither and stay in calendars."""
    visits = list(placement.visits.all())
    fallen = [visit for visit in visits if not visit.stands and visit.took_place is None]
    return [visit for visit in visits if visit.stands], fallen


def _queue_calendar_mails(recipient: Person, placement: Placement, visits: list[Visit], method: str) -> None:
    """Queue one mail per date; each date is cancelled in a calendar only once."""
    template = "visit_called_off_to_attendee" if method == "CANCEL" else "visit_set_to_attendee"
    change = "off" if method == "CANCEL" else f"{placement.version}.{placement.sequence}"
    for number, visit in enumerate(visits, start=1):
        context = about_placement(template, placement, [visit], None)
        outbox.enqueue(
            event=f"{placement.pk}:{change}:{visit.pk}",
            template=template,
            recipient=recipient,
            context={**context, "visit": visit, "number": number, "count": len(visits)},
            invitation=_invitation(placement, visit, method),
        )


def queue_calendar_update(person: Person, placement: Placement, visit: Visit, method: str) -> None:
    """Queue the invitation or cancellation of one date that somebody missed while they were away."""
    template = "visit_called_off_to_attendee" if method == "CANCEL" else "visit_set_to_attendee"
    context = {**about_placement(template, placement, [visit], None), "visit": visit, "number": 1, "count": 1}
    outbox.enqueue(
        event=f"{placement.pk}:back:{placement.version}.{placement.sequence}:{visit.pk}",
        template=template,
        recipient=person,
        context=context,
        invitation=_invitation(placement, visit, method, to=person if method == "CANCEL" else None),
    )


def _invitation(
    placement: Placement, visit: Visit, method: str, *, to: Person | None = None
) -> outbox.Invitation:
    """Return the calendar part; ``to`` limits a cancellation to one person where others keep the date."""
    if method == "CANCEL":
        return outbox.Invitation(text=visit_cancellation(placement, visit, to=to), method=method)
    return outbox.Invitation(text=visit_invitation(placement, visit), method=method)


@telling_namesakes_apart
def queue_offer_mail(
    template: str,
    recipient: Person,
    offer: Offer,
    *,
    occasion: str,
    item: WaitingItem | None = None,
    **extra: Any,
) -> None:
    """Queue a mail to ``recipient`` about an offer; ``occasion`` tells events of one offer apart."""
    outbox.enqueue(
        event=f"{offer.pk}:{occasion}",
        template=template,
        recipient=recipient,
        context={**about_offer(template, offer, item), **extra},
        needed_while=item,
    )


@telling_namesakes_apart
def queue_person_mail(
    template: str, recipient: Person, *, event: str, path: str, label: str, why: str, **context: Any
) -> None:
    """Queue a mail about another record than the above; ``path`` and ``label`` are its button."""
    button = {"action_url": address(path), "action_label": label, "why": why}
    outbox.enqueue(event=event, template=template, recipient=recipient, context={**context, **button})
