"""Export of a person's placements, and of what was written before, during and after them."""

from __future__ import annotations

from django.db.models import F, Q

from accounts.encryption import opened
from accounts.protection.data_export import Column, name_of, register_kind
from shadowing.enums import Consent
from shadowing.models import (
    Acceptance,
    AdjustmentNeeds,
    AgendaComment,
    Answer,
    ChecklistTick,
    DateChange,
    FollowUp,
    Participation,
    Placement,
    Reflection,
    ThankYou,
    Visit,
)

UNREADABLE = "It is sealed with a key that is no longer there."


def needs(sealed: str) -> str:
    """Return the person's adjustment needs, decrypted, or a sentence if the key no longer exists."""
    words = opened(sealed)
    return UNREADABLE if words is None else words


def times(pairs: list[list[str]]) -> list[str]:
    """Return proposed dates as text, from and to."""
    return [" to ".join(str(time).replace("T", " ")[:16] for time in pair) for pair in pairs]


def reads(rows: str, *, since: str = "") -> Q:
    """Match rows of placements a person takes part in whose words they may read.

    ``rows`` is the path to the participations, ``since`` the field with the time of writing: people who
    joined later read only what was written after the visitor's consent.
    """
    bound = Q(**{f"{rows}__consent": Consent.NOT_NEEDED})
    later = Q(**{f"{rows}__consent": Consent.AGREED})
    if since:
        later &= Q(**{f"{since}__gte": F(f"{rows}__consent_at")})
    return Q(bound | later, **{f"{rows}__left_at": None})


COMMENT: dict[str, Column] = {
    "Visit": "placement__request__offer__title",
    "By": name_of("author"),
    "When": "at",
    "Words": "words",
}
MOVED: dict[str, Column] = {
    "Visit": "placement__request__offer__title",
    "By": name_of("proposed_by"),
    "When": "at",
    "Words": "words",
    "Times": ("times", times),
    "Came to": "outcome",
}
register_kind(
    "visits",
    "Visits, made or received",
    Placement,
    ("participations__person",),
    {
        "Title": "request__offer__title",
        "Visitor": name_of("shadow"),
        "Host": name_of("host"),
        "From": "origin__name",
        "To": "destination__name",
        "State": "status",
        "Half-days": "half_days",
        "Minutes": "agreed_minutes",
        "Minutes agreed to": "approved_minutes",
        "Where": "place",
        "Plan": "agenda",
        "Whom to call": "contact",
        "Bring": "bring",
        "Took place": "took_place",
        "Cancelled by": name_of("cancelled_by"),
        "Words on that": "cancel_words",
        "Missed because": "missed_reason",
        "Words on missing it": "missed_words",
        "Counts": "counts",
        "Agreed": "created_at",
        "Ended": "ended_at",
    },
    reads("participations"),
)
register_kind(
    "dates",
    "Dates of visits",
    Visit,
    ("placement__participations__person",),
    {
        "Visit": "placement__request__offer__title",
        "From": "starts_at",
        "To": "ends_at",
        "Minutes that count": "minutes",
        "Stands": "stands",
        "Took place": "took_place",
    },
    Q(placement__participations__left_at=None),
)
register_kind(
    "taking_part",
    "Visits I take part in, and who takes part in mine",
    Participation,
    ("person", "joined_by", "removed_by", "placement__shadow"),
    {
        "Visit": "placement__request__offer__title",
        "Who": name_of("person"),
        "As": "part",
        "From": "joined_at",
        "Until": "left_at",
        "Added by": name_of("joined_by"),
        "Taken off by": name_of("removed_by"),
        "What the visitor said": "consent",
        "Said on": "consent_at",
    },
)
register_kind(
    "cancelled",
    "Visits I cancelled",
    Placement,
    ("cancelled_by",),
    {"Title": "request__offer__title", "Because": "cancel_reason", "Words": "cancel_words"},
)
register_kind(
    "needs",
    "What I need to take part",
    AdjustmentNeeds,
    ("placement__shadow",),
    {"Visit": "placement__request__offer__title", "Written": "at", "Words": ("sealed", needs)},
)
register_kind(
    "comments",
    "Comments on visits",
    AgendaComment,
    ("author",),
    COMMENT,
)
register_kind(
    "comments_read",
    "Comments on visits I take part in",
    AgendaComment,
    ("placement__participations__person",),
    COMMENT,
    reads("placement__participations", since="at"),
)
register_kind(
    "moves",
    "Other dates, suggested",
    DateChange,
    ("placement__participations__person",),
    MOVED,
    reads("placement__participations", since="at"),
)
register_kind("moves_mine", "Other dates I suggested", DateChange, ("proposed_by",), MOVED)
register_kind(
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
register_kind(
    "ticks",
    "What I ticked",
    ChecklistTick,
    ("person",),
    {"Visit": "placement__request__offer__title", "What": "item__text", "When": "at"},
)
register_kind(
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
register_kind(
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
register_kind(
    "thanks",
    "Thanks, said or received",
    ThankYou,
    ("placement__participations__person",),
    {"Visit": "placement__request__offer__title", "When": "at", "Words": "words"},
    reads("placement__participations", since="at"),
)
register_kind(
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
