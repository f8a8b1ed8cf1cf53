"""Export of a person's requests, decisions, offers, suggestions and announcements."""

from __future__ import annotations

from typing import Any

from accounts.protection.data_export import Column, name_of, register_kind
from shadowing.models import Announcement, Decision, Offer, ProposedVisit, Request, Scheme, Suggestion


def arranged(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the host gave with the dates, with readable keys."""
    return {name.capitalize(): value for name, value in given.items()}


ANSWERED: dict[str, Column] = {
    "Offer": "request__offer__title",
    "As": "role",
    "Asked": name_of("asked"),
    "In the capacity": "asked_as",
    "About": name_of("asked_about"),
    "Their department": "asked_branch",
    "Named by": name_of("named_by"),
    "When": "asked_at",
    "Answer": "outcome",
    "Answered by": name_of("answered_by"),
    "On": "answered_at",
    "How": "how",
    "Reason": "reason",
    "Words": "words",
}
register_kind(
    "requests",
    "Places I asked for",
    Request,
    ("shadow",),
    {
        "Offer": "offer__title",
        "From": "origin__name",
        "State": "status",
        "Objectives": "objectives",
        "What I want to see and ask": "want_to_see",
        "From day": "window_starts",
        "To day": "window_ends",
        "About the dates": "dates_note",
        "Serves": "serves__text",
        "Half-days": "half_days",
        "Minutes asked for": "asked_minutes",
        "Minutes agreed to": "approved_minutes",
        "Placed by": name_of("placed_by"),
        "Agreement accepted": "agreement_accepted_at",
        "Agreed from": "agreed_starts",
        "Agreed to": "agreed_ends",
        "What the host gave": ("arrangements", arranged),
        "Sent": "submitted_at",
        "Begun": "created_at",
    },
    seen=Request.objects.visible_to,
)
register_kind(
    "placed_by_me",
    "Places I asked for others",
    Request,
    ("placed_by",),
    {"Offer": "offer__title", "For": name_of("shadow"), "Sent": "submitted_at"},
    seen=lambda person: Request.objects.sent().visible_to(person),
)
register_kind(
    "answers_to_me",
    "Answers to what I asked for",
    Decision,
    ("request__shadow",),
    ANSWERED,
    seen=Decision.objects.visible_to,
)
register_kind(
    "my_answers",
    "What I was asked to decide",
    Decision,
    ("asked", "answered_by"),
    {**ANSWERED, "Of": name_of("request__shadow")},
    seen=Decision.objects.visible_to,
)
register_kind(
    "named_by_me",
    "Decisions I named somebody for",
    Decision,
    ("named_by",),
    {"Offer": "request__offer__title", "Asked": name_of("asked"), "When": "asked_at"},
    seen=Decision.objects.visible_to,
)
register_kind(
    "suggested_times",
    "Times that were suggested to me",
    ProposedVisit,
    ("request__shadow",),
    {"Offer": "request__offer__title", "From": "starts_at", "To": "ends_at"},
)
register_kind(
    "offers",
    "Visits I offer",
    Offer,
    ("host",),
    {
        "Title": "title",
        "Department": "department__name",
        "State": "status",
        "What you will see": "will_see",
        "What you will learn": "will_learn",
        "Topics": "topics",
        "Who may apply": "who_may_apply",
        "Know before": "know_before",
        "Will not attend": "will_not_attend",
        "What the check said": "check_note",
        "Opened": "opened_at",
    },
    seen=Offer.objects.visible_to,
)
register_kind(
    "co_hosted",
    "Visits I offer with others",
    Offer,
    ("co_hosts",),
    {"Title": "title", "Host": name_of("host")},
    seen=Offer.objects.visible_to,
)
register_kind(
    "suggested",
    "Suggested to me, or by me",
    Suggestion,
    ("person", "by"),
    {
        "To": name_of("person"),
        "By": name_of("by"),
        "Visit": "offer__title",
        "Offer wanted": "title",
        "Words": "words",
        "When": "made_at",
        "Answer": "answer",
        "Accepted": "accepted_at",
        "Declined": "declined_at",
        "Lapsed": "lapsed_at",
    },
    seen=Suggestion.objects.between,
)
register_kind(
    "announced",
    "What I announced",
    Announcement,
    ("by",),
    {"Title": "title", "Words": "words", "From": "shows_from", "To": "shows_until"},
)
register_kind("schemes", "Schemes I run", Scheme, ("coordinators",), {"Scheme": "name"})
