"""Example mails with invented people and dates, for coordinators who write a paragraph.

Nothing is stored, and nobody's real visit is shown.
"""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.models import Person, WaitingItem
from departments.models import Department
from messaging import outbox
from shadowing.enums import RequestStatus
from shadowing.mail.briefing import Briefing, ColleagueOnVisit
from shadowing.mail.mail_context import LABELS, address, why
from shadowing.mail.wording import EXAMPLES, fill_placeholders
from shadowing.models import Decision, Offer, Placement, Request, Scheme, Session, Visit
from shadowing.rules.progress import ProgressStrip, Step

NAMES = {
    "shadow": ("Sam", "Shadow"),
    "manager": ("Mary", "Manager"),
    "host": ("Hana", "Host"),
    "host_manager": ("Helga", "Hostmanager"),
    "coordinator": ("Cora", "Coordinator"),
    "attendee": ("Sam", "Shadow"),
}
STRIP = ProgressStrip(
    [Step("Asked for", "done"), Step("Line manager", "now"), Step("Host", "next"), Step("Agreed", "next")],
    "With Mary Manager for the line manager’s decision.",
    "",
)


def example_of(template: str, words: str, scheme: Scheme) -> tuple[str, str]:
    """Return subject and text of the mail ``template`` with ``words`` as the scheme's paragraph.

    Raises ValidationError when ``words`` contains an unknown placeholder.
    """
    recipient = _person(template.rpartition("_to_")[2])
    context = {
        **_context(template, scheme),
        "recipient": recipient,
        "intro": fill_placeholders(template, words, {**EXAMPLES, "scheme": scheme.name}),
        "why": why(template),
        "action_url": address("/"),
        "action_label": LABELS.get(template, "Open it"),
    }
    subject, text, _ = outbox.rendered(template, context, uuid.UUID(int=0))
    return subject, text


def _person(role: str) -> Person:
    first, last = NAMES[role]
    email = f"{first}.{last}@example.org".lower()
    return Person(pk=-1, first_name=first, last_name=last, email=email, job_title="Officer")


def _at(days: int, hour: int) -> dt.datetime:
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _context(template: str, scheme: Scheme) -> dict[str, Any]:
    """Return everything that any mail about a request, visit or offer may use."""
    request, visit = _request(scheme), Visit(starts_at=_at(30, 10), ends_at=_at(30, 13))
    if template.startswith("placed_by_hand"):
        request.placed_by = _person("coordinator")
    manager, other = _person("manager"), Visit(starts_at=_at(37, 10), ends_at=_at(37, 13))
    due = timezone.localdate() + dt.timedelta(days=9 - timezone.localdate().isoweekday())  # a Tuesday
    item = WaitingItem(owner=manager, since=_at(-3, 9), due_on=due, reminders_sent=1)
    about_offer, handed_over = template.startswith("offer_"), "handed_over" in template
    return {
        **_of_request(request, about_offer=about_offer),
        **_of_others(manager, other),
        "placement": _placement(request),
        "visits": [visit],
        "visit": visit,
        "item": item,
        "stuck": item,
        "due": due,
        "decision": Decision(asked=manager, answered_by=manager, words="A good idea."),
        "briefing": Briefing(
            1, scheme.cap_half_days, [ColleagueOnVisit("Olu Other", _at(30, 9), _at(30, 12))]
        ),
        "changed": "It is a week later now.",
        **({"before": manager} if handed_over else {}),
    }


def _of_request(request: Request, *, about_offer: bool) -> dict[str, Any]:
    offer = request.offer
    return {
        "request": request,
        "offer": offer,
        "shadow": request.shadow,
        "destination": offer.department,
        "takes": request.half_days,
        **({} if about_offer else {"origin": request.origin, "strip": STRIP, "crossing_state": "asked"}),
    }


def _of_others(manager: Person, other: Visit) -> dict[str, Any]:
    return {
        "manager": manager,
        "line_manager_said": manager.full_name,
        "decider": manager.full_name,
        "outcome": "agreed",
        "owner": manager,
        "joiner": _person("coordinator"),
        "reads": True,
        "now_asked": _person("host_manager"),
        "by": _person("host"),
        "person": _person("shadow"),
        "email": "sam.shadow@example.org",
        "suggested": [(other.starts_at, other.ends_at)],
        "unsettled": [],
        "others": [],
        "others_stand": False,
        "number": 1,
        "count": 2,
        "undo_until": _at(0, 12),
        "follow_up": SimpleNamespace(answer="adopted", get_answer_display=lambda: "Adopted"),
        "thanks": SimpleNamespace(words="Thank you for a good morning."),
        "words": "These are words of an example.",
        "reason": "Too much work at that time",
        "trouble": "",
        "may_name": True,
    }


def _request(scheme: Scheme) -> Request:
    library = Department(pk=-1, name=EXAMPLES["origin"], monogram="Li", colour=3)
    service = Department(pk=-2, name=EXAMPLES["department"], monogram="It", colour=7)
    offer = Offer(
        scheme=scheme,
        department=service,
        host=_person("host"),
        title=EXAMPLES["offer"],
        will_see="How calls are taken, sorted and solved.",
        know_before="Please bring your staff card.",
    )
    session = Session(offer=offer, starts_at=_at(30, 10), ends_at=_at(30, 13), places=1)
    day = timezone.localdate(session.starts_at)
    return Request(
        offer=offer,
        session=session,
        shadow=_person("shadow"),
        origin=library,
        status=RequestStatus.WITH_MANAGER,
        objectives=["Understand how a service desk sorts its calls."],
        want_to_see="How calls are sorted.",
        window_starts=day,
        window_ends=day,
        agreed_starts=day,
        agreed_ends=day,
        half_days=1,
        queued_at=_at(-2, 9),
    )


def _placement(request: Request) -> Placement:
    return Placement(
        request=request,
        shadow=request.shadow,
        host=request.offer.host,
        origin=request.origin,
        destination=request.offer.department,
        half_days=1,
        place="Service desk, second floor",
        agenda="10:00 welcome, 10:30 at the desk, 12:30 questions",
        contact="Hana Host, extension 1234",
        bring="Your staff card",
        counts=True,
    )
