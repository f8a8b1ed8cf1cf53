"""Visits made and received, and what was written before, on and after them."""

from __future__ import annotations

from accounts.protection.held import hold, name_of
from accounts.sealing import opened
from shadowing.models import (
    Acceptance,
    AdjustmentNeeds,
    AgendaComment,
    Answer,
    ChecklistTick,
    DateChange,
    FollowUp,
    Placement,
    Reflection,
    ThankYou,
    Visit,
)

UNREADABLE = "It is sealed with a key that is no longer there."


def needs(sealed: str) -> str:
    """What somebody needs, opened for themselves."""
    words = opened(sealed)
    return UNREADABLE if words is None else words


def times(pairs: list[list[str]]) -> list[str]:
    """Times that were suggested, from and to."""
    return [" to ".join(str(time).replace("T", " ")[:16] for time in pair) for pair in pairs]


hold(
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
hold(
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
hold(
    "cancelled",
    "Visits I cancelled",
    Placement,
    ("cancelled_by",),
    {"Title": "request__offer__title", "Because": "cancel_reason", "Words": "cancel_words"},
)
hold(
    "needs",
    "What I need to take part",
    AdjustmentNeeds,
    ("placement__shadow",),
    {"Visit": "placement__request__offer__title", "Written": "at", "Words": ("sealed", needs)},
)
hold(
    "comments",
    "Comments on visits",
    AgendaComment,
    ("author", "placement__shadow", "placement__host"),
    {"Visit": "placement__request__offer__title", "By": name_of("author"), "When": "at", "Words": "words"},
)
hold(
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
hold(
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
hold(
    "ticks",
    "What I ticked",
    ChecklistTick,
    ("person",),
    {"Visit": "placement__request__offer__title", "What": "item__text", "When": "at"},
)
hold(
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
hold(
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
hold(
    "thanks",
    "Thanks, said or received",
    ThankYou,
    ("placement__shadow", "placement__host"),
    {"Visit": "placement__request__offer__title", "When": "at", "Words": "words"},
)
hold(
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
