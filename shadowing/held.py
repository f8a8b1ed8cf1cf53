"""What the scheme holds about a person: what they asked for, host, decided, agreed and wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.protection.columns import nobodys, not_exported
from accounts.protection.held import Column, Kind, name_of, register
from shadowing.models import (
    Acceptance,
    AdjustmentNeeds,
    AgendaComment,
    Answer,
    ChecklistTick,
    DateChange,
    Decision,
    FollowUp,
    Offer,
    Placement,
    ProposedVisit,
    Reflection,
    Request,
    Scheme,
    ThankYou,
    Visit,
)
from shadowing.sealing import opened

UNREADABLE = "It is sealed with a key that is no longer there."


def held(
    name: str,
    title: str,
    model: type[models.Model],
    by: tuple[str, ...],
    shows: Mapping[str, Column],
    only: Q | None = None,
) -> None:
    """Register one kind."""
    register(Kind(name=name, title=title, model=model, by=by, shows=shows, only=only or Q()))


def needs(sealed: str) -> str:
    """What somebody needs, opened for themselves."""
    words = opened(sealed)
    return UNREADABLE if words is None else words


def times(pairs: list[list[str]]) -> list[str]:
    """Times that were suggested, from and to."""
    return [" to ".join(str(time).replace("T", " ")[:16] for time in pair) for pair in pairs]


def arranged(given: dict[str, Any]) -> dict[str, Any]:
    """What the host gave with the dates."""
    return {name.capitalize(): value for name, value in given.items()}


ANSWERED: dict[str, Column] = {
    "Offer": "request__offer__title",
    "As": "role",
    "Asked": name_of("asked"),
    "Why": "why_asked",
    "When": "asked_at",
    "Answer": "outcome",
    "Answered by": name_of("answered_by"),
    "On": "answered_at",
    "How": "how",
    "Reason": "reason",
    "Words": "words",
}
held(
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
        "Agreement accepted": "agreement_accepted_at",
        "Agreed from": "agreed_starts",
        "Agreed to": "agreed_ends",
        "What the host gave": ("arrangements", arranged),
        "Sent": "submitted_at",
        "Begun": "created_at",
    },
)
held(
    "answers_to_me",
    "Answers to what I asked for",
    Decision,
    ("request__shadow",),
    ANSWERED,
    Q(undo_until__isnull=True) | Q(undo_until__lt=Now()),
)
held(
    "my_answers",
    "What I was asked to decide",
    Decision,
    ("asked", "answered_by"),
    {**ANSWERED, "Of": name_of("request__shadow")},
)
held(
    "suggested_times",
    "Times that were suggested to me",
    ProposedVisit,
    ("request__shadow",),
    {"Offer": "request__offer__title", "From": "starts_at", "To": "ends_at"},
)
held(
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
)
held(
    "co_hosted",
    "Visits I offer with others",
    Offer,
    ("co_hosts",),
    {"Title": "title", "Host": name_of("host")},
)
held(
    "visits",
    "Visits, made or received",
    Placement,
    ("shadow", "host"),
    {
        "Title": "request__offer__title",
        "Visitor": name_of("shadow"),
        "Host": name_of("host"),
        "From": "origin__name",
        "To": "destination__name",
        "State": "status",
        "Half-days": "half_days",
        "Where": "place",
        "Plan": "agenda",
        "Whom to call": "contact",
        "Bring": "bring",
        "Took place": "took_place",
        "Cancelled by": name_of("cancelled_by"),
        "Cancelled because": "cancel_reason",
        "Words on that": "cancel_words",
        "Missed because": "missed_reason",
        "Words on missing it": "missed_words",
        "Counts": "counts",
        "Agreed": "created_at",
        "Ended": "ended_at",
    },
)
held(
    "dates",
    "Dates of visits",
    Visit,
    ("shadow", "placement__host"),
    {
        "Visit": "placement__request__offer__title",
        "From": "starts_at",
        "To": "ends_at",
        "Stands": "stands",
        "Took place": "took_place",
    },
)
held(
    "cancelled",
    "Visits I cancelled",
    Placement,
    ("cancelled_by",),
    {"Title": "request__offer__title", "Because": "cancel_reason", "Words": "cancel_words"},
)
held(
    "needs",
    "What I need to take part",
    AdjustmentNeeds,
    ("placement__shadow",),
    {"Visit": "placement__request__offer__title", "Written": "at", "Words": ("sealed", needs)},
)
held(
    "comments",
    "Comments on visits",
    AgendaComment,
    ("author", "placement__shadow", "placement__host"),
    {"Visit": "placement__request__offer__title", "By": name_of("author"), "When": "at", "Words": "words"},
)
held(
    "moves",
    "Other dates, suggested",
    DateChange,
    ("proposed_by", "placement__shadow", "placement__host"),
    {
        "Visit": "placement__request__offer__title",
        "By": name_of("proposed_by"),
        "When": "at",
        "Because": "reason",
        "Words": "words",
        "Times": ("times", times),
        "Came to": "outcome",
    },
)
held(
    "accepted",
    "Agreements I accepted",
    Acceptance,
    ("person",),
    {
        "Visit": "placement__request__offer__title",
        "Version": "agreement__number",
        "Text": "agreement__words",
        "When": "at",
    },
)
held(
    "ticks",
    "What I ticked",
    ChecklistTick,
    ("person",),
    {"Visit": "placement__request__offer__title", "What": "item__text", "When": "at"},
)
held(
    "reflections",
    "My reflections",
    Reflection,
    ("author",),
    {
        "Visit": "placement__request__offer__title",
        "As": "side",
        "Saved": "saved_at",
        "Sent": "sent_at",
    },
)
held(
    "answers",
    "What I wrote in them",
    Answer,
    ("reflection__author",),
    {
        "Visit": "reflection__placement__request__offer__title",
        "Question": "asked",
        "Words": "words",
        "Number": "number",
        "Yes": "yes",
        "By": "by_day",
        "Who may read it": "share",
    },
)
held(
    "thanks",
    "Thanks, said or received",
    ThankYou,
    ("placement__shadow", "placement__host"),
    {"Visit": "placement__request__offer__title", "When": "at", "Words": "words"},
)
held(
    "later",
    "What came of my visits",
    FollowUp,
    ("placement__shadow",),
    {
        "Visit": "placement__request__offer__title",
        "Asked on": "ask_on",
        "Answer": "answer",
        "Words": "words",
        "Answered": "answered_at",
    },
)
held("schemes", "Schemes I run", Scheme, ("coordinators",), {"Scheme": "name"})
not_exported("Only the hash of a key that has been used or is over soon.", "shadowing.DecisionLink.person")
not_exported("It tells two windows of one browser apart.", "shadowing.Reflection.tab")
nobodys(
    "The organisation's rules and texts.",
    *("shadowing.Scheme", "shadowing.MailWording", "shadowing.Agreement", "shadowing.ClosureDay"),
    *("shadowing.ChecklistItem", "shadowing.ReflectionQuestion"),
)
nobodys("The hash of a key.", "shadowing.DecisionLink.token_hash")
nobodys(
    "Kept by the database from the offer itself, for the search.",
    *("shadowing.Offer.key_words", "shadowing.Offer.search"),
)
nobodys("A word from a closed list.", "shadowing.Decision.reason", "shadowing.Placement.cancel_reason")
