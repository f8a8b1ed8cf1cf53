"""Template context of mails: the record, its progress, and the reason for sending it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Person, WaitingItem
from departments.models import Department
from shadowing.enums import (
    UNDER_WAY,
    DecisionRole,
    HostReason,
    ManagerReason,
    Outcome,
    RequestStatus,
    StepBackReason,
    WaitingKind,
)
from shadowing.mail import wording
from shadowing.models import Decision, Offer, Placement, Request, Session, Visit
from shadowing.rules.progress import open_items, request_progress
from shadowing.rules.rules import entry_refusals

WHY = {
    "shadow": "You get this because it is about your own request.",
    "manager": "You get this because you were asked to decide on it as line manager, or for them.",
    "host": "You get this because you host this visit.",
    "host_manager": "You get this because your team hosts this visit.",
    "coordinator": "You get this because you coordinate the scheme.",
    "person": "You get this because a coordinator acted for you.",
    "attendee": "You get this because you take part in this visit.",
}
LABELS = {
    "answer_reminder_to_host": "Answer the request",
    "change_reminder_to_shadow": "Change the request",
    "confirm_reminder_to_shadow": "See the dates and answer",
    "dates_proposed_to_shadow": "See the dates and answer",
    "request_sent_back_to_shadow": "Change the request",
}
OUTCOMES = {
    Outcome.AGREED: "agreed",
    Outcome.DECLINED: "declined",
    Outcome.SENT_BACK: "sent back to be changed",
}
OVER = (RequestStatus.DECLINED, RequestStatus.WITHDRAWN, RequestStatus.LAPSED, RequestStatus.CLOSED)
OTHERS_SHOWN = 3


def address(path: str) -> str:
    """Return the absolute URL of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def why(template: str) -> str:
    """Return the sentence that tells the recipient why they get ``template``."""
    return WHY[template.rpartition("_to_")[2]]


def about_request(template: str, request: Request, item: WaitingItem | None) -> dict[str, Any]:
    """Return the context of mails about ``request``; ``item`` is the recipient's open waiting item."""
    helps = item is not None and item.kind == WaitingKind.HELP  # the progress strip shows who has to answer
    waiting = _open_item(request) if item is None or helps else item
    return {
        "request": request,
        "offer": request.offer,
        "takes": request.half_days,
        "shadow": request.shadow,
        "origin": request.origin,
        "destination": request.offer.department,
        "crossing_state": _state(request),
        "strip": request_progress(request, waiting),
        "item": item,
        "due": item.due_on if item else None,
        "why": why(template),
        "intro": wording.of_request(template, request, item),
        "manager": _once(lambda: _line_manager(request)),
        "line_manager_said": _once(lambda: _line_manager_answered(request)),
        "visits": _once(lambda: list(request.proposed_visits.all())),
        "others": _once(lambda: other_offers(request)),
        "words": "",
        "reason": "",
        "action_url": address(request.get_absolute_url()),
        "action_label": LABELS.get(template, "Open the request"),
    }


def about_decision(decision: Decision) -> dict[str, Any]:
    """Return additional context of a mail that reports ``decision``."""
    reasons = ManagerReason if decision.role == DecisionRole.LINE_MANAGER else HostReason
    return {
        "decision": decision,
        "decider": _answered_by(decision),
        "reason": reasons(decision.reason).label if decision.reason else "",
        "outcome": OUTCOMES.get(Outcome(decision.outcome), ""),
    }


def about_placement(
    template: str, placement: Placement, visits: list[Visit], item: WaitingItem | None
) -> dict[str, Any]:
    """Return the context of mails about ``placement``; ``item`` is the recipient's open waiting item."""
    reason = placement.cancel_reason
    return {
        **about_request(template, placement.request, item),
        "placement": placement,
        "takes": placement.half_days,
        "visits": visits,
        "by": placement.cancelled_by,
        "reads": True,
        "reason": StepBackReason(reason).label if reason else "",
        "action_url": address(placement.get_absolute_url()),
        "action_label": LABELS.get(template, "Open the visit’s page"),
    }


def about_offer(template: str, offer: Offer, item: WaitingItem | None) -> dict[str, Any]:
    """Return the context of mails about an offer."""
    return {
        "offer": offer,
        "destination": offer.department,
        "item": item,
        "due": item.due_on if item else None,
        "why": why(template),
        "intro": wording.of_offer(template, offer, item),
        "words": "",
        "action_url": address(offer.get_absolute_url()),
        "action_label": "Open the offer",
    }


def other_offers(request: Request) -> list[Offer]:
    """Return a few other offers for a visitor who was refused: same topics first, then the newest.

    Leaves out offers that ``rules.person_refusals`` would refuse for their department or hosts.
    """
    scheme, to_come = request.offer.scheme, Session.objects.to_come().values("offer")
    offers = Offer.objects.listed().filter(pk__in=to_come, scheme=scheme).exclude(pk=request.offer_id)
    offers = offers.exclude(host=request.shadow_id).exclude(co_hosts=request.shadow_id)
    if not scheme.own_department_allowed:
        offers = offers.exclude(department__in=Department.objects.of_same_unit(request.origin_id))
    offers = offers.select_related("department").order_by("-opened_at")
    found = list(offers.filter(topics__overlap=request.offer.topics)[:OTHERS_SHOWN])
    known = [offer.pk for offer in found]
    return found + list(offers.exclude(pk__in=known)[: OTHERS_SHOWN - len(found)])


def next_visit_link(placement: Placement) -> tuple[str, str]:
    """Return path and label of a button after a placement that did not happen.

    It asks for the visit again if that is possible, else lists other visits.
    """
    request = placement.request
    open_dates = Session.objects.to_come().filter(offer=request.offer_id)
    if open_dates.exists() and not entry_refusals(request):
        return reverse("shadowing:request-create", args=[request.offer_id]), "Ask for this visit again"
    return reverse("shadowing:offer-list"), "Find another visit"


def _once(ask: Callable[[], Any]) -> Callable[[], Any]:
    """Cache a query, so that a template that does not show it costs nothing and others run it once."""
    return cache(ask)


def _open_item(request: Request) -> WaitingItem | None:
    if request.status not in UNDER_WAY:
        return None
    return open_items([request]).get(request.pk)


def _state(request: Request) -> str:
    """Return the style in which the line between departments is drawn."""
    if request.status == RequestStatus.AGREED:
        return "agreed"
    return "ended" if request.status in OVER else "asked"


def _line_manager(request: Request) -> Person | None:
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    return decision.asked if decision else None


def _line_manager_answered(request: Request) -> str:
    """Return who answered as line manager, and for whom; empty while nobody has."""
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    return _answered_by(decision) if decision is not None and decision.answered_by is not None else ""


def _answered_by(decision: Decision) -> str:
    """Return who answered: "Mary Manager", or "Dev Deputy on behalf of Mary Manager"."""
    if decision.answered_by is None or not decision.on_behalf:
        return decision.asked.full_name
    return f"{decision.answered_by.full_name} on behalf of {decision.asked.full_name}"
