"""Personal data export of appraisals: a person's own, and their part in those of others."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from accounts.protection.columns import not_exported, not_personal
from accounts.protection.data_export import Kind, Seen, name_of, register
from appraisals.models import Activity, Addition, Appraisal, CycleExport, EvidenceNote, Objective, Opening


def questions_and_answers(parts: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the released evidence as a mapping from question to answer."""
    return dict(parts)


def _of_visible(model: type[Model], path: str) -> Seen:
    """Return a filter for the rows of ``model`` that belong to appraisals the person may see."""
    return lambda person: model._default_manager.filter(
        **{f"{path}__in": Appraisal.objects.visible_to(person)}
    )


register(
    Kind(
        name="appraisals",
        title="My appraisals",
        model=Appraisal,
        by=("person",),
        shows={
            "Cycle": "cycle__name",
            "Appraiser": name_of("appraiser"),
            "Department": "department__name",
            "State": "status",
            "Exempt because": "exempt_reason",
            "Words on that": "exempt_words",
            "Conversation held on": "talk_on",
            "Came to": "talk_outcome",
            "Words of the conversation": "talk_words",
            "Noted by": name_of("talk_by"),
            "I signed": "person_signed_at",
            "The other side signed": "appraiser_signed_at",
            "Signed by": name_of("appraiser_signed_by"),
        },
    ),
    Kind(
        name="objectives",
        title="My objectives",
        model=Objective,
        by=("appraisal__person",),
        shows={
            "Cycle": "appraisal__cycle__name",
            "Objective": "text",
            "Agreed": "agreed_at",
            "Agreed by": name_of("agreed_by"),
            "Dropped": "dropped_at",
        },
    ),
    Kind(
        name="activities",
        title="Visits in my appraisals",
        model=Activity,
        by=("appraisal__person",),
        shows={
            "Title": "title",
            "Part": "part",
            "With": "partner",
            "From": "origin__name",
            "To": "destination__name",
            "First day": "starts_on",
            "Last day": "ends_on",
            "Half-days": "half_days",
            "State": "state",
            "What came of it": "outcome",
            "Asked on": "outcome_on",
        },
    ),
    Kind(
        name="evidence",
        title="What I released to my appraisals",
        model=EvidenceNote,
        by=("author",),
        only=Q(withdrawn_at__isnull=True),
        shows={
            "Visit": "activity__title",
            "Released": "released_at",
            "Words": ("parts", questions_and_answers),
            "Withdrawn": "withdrawn_at",
            "Acknowledged": "acknowledged_at",
            "Acknowledged by": name_of("acknowledged_by"),
            "Their comment": "comment",
        },
    ),
    Kind(
        name="additions",
        title="Added to my appraisals",
        model=Addition,
        by=("appraisal__person",),
        shows={
            "Cycle": "appraisal__cycle__name",
            "When": "at",
            "By": name_of("author"),
            "Words": "words",
        },
    ),
    Kind(
        name="appraised",
        title="Appraisals of others in which I have a part",
        model=Appraisal,
        by=("appraiser", "talk_by", "appraiser_signed_by"),
        shows={"Of": name_of("person"), "Cycle": "cycle__name", "State": "status"},
        seen=Appraisal.objects.visible_to,
    ),
    Kind(
        name="agreed_objectives",
        title="Objectives of others that I agreed",
        model=Objective,
        by=("agreed_by",),
        shows={"Of": name_of("appraisal__person"), "Agreed": "agreed_at"},
        seen=_of_visible(Objective, "appraisal"),
    ),
    Kind(
        name="acknowledged",
        title="What I said to what others learned",
        model=EvidenceNote,
        by=("acknowledged_by",),
        only=Q(withdrawn_at__isnull=True),
        shows={"To": name_of("author"), "When": "acknowledged_at", "My comment": "comment"},
        seen=_of_visible(EvidenceNote, "activity__appraisal"),
    ),
    Kind(
        name="added",
        title="What I added to appraisals of others",
        model=Addition,
        by=("author",),
        shows={"Of": name_of("appraisal__person"), "When": "at", "Words": "words"},
        seen=_of_visible(Addition, "appraisal"),
    ),
    *(
        Kind(name=name, title=title, model=model, by=("started_by",), shows=shows)
        for name, title, model, shows in (
            ("openings", "Cycles I opened", Opening, {"Cycle": "cycle__name", "When": "started_at"}),
            ("exports", "Cycles I exported", CycleExport, {"Cycle": "cycle__name", "When": "started_at"}),
        )
    ),
)
not_personal("What the organisation calls its years.", "appraisals.Cycle")
not_personal("The path of a page.", "appraisals.Activity.url")
not_exported(
    "The same as “My appraisals” say, for a week, in a file for the coordinators.",
    "appraisals.ExportChunk.body",
)
not_exported(
    "Who was absent when a cycle was opened; the appraisal itself says the exemption.",
    "appraisals.Opening.absent",
)
