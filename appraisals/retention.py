"""Retention of appraisals: free text goes six years after the cycle's end; what is counted stays."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import HistoryEntry
from accounts.models.history import APPEND_ONLY as HISTORY_IS_APPEND_ONLY
from accounts.protection.erasure import GONE, Blank, blank_all
from accounts.protection.retention import YEAR, Rule, register
from appraisals.erasure import APPEND_ONLY, NO_ACTIVITY, NO_TALK
from appraisals.models import Activity, Addition, Appraisal, EvidenceNote, Objective

WORDS = (
    Blank(
        model=Appraisal, of=lambda keys: Q(pk__in=keys), values={"exempt_words": "", "talk_words": NO_TALK}
    ),
    Blank(model=Objective, of=lambda keys: Q(appraisal__in=keys), values={"text": GONE}),
    Blank(
        model=Addition,
        of=lambda keys: Q(appraisal__in=keys),
        values={"words": GONE},
        append_only=APPEND_ONLY,
    ),
    Blank(model=Activity, of=lambda keys: Q(appraisal__in=keys), values=NO_ACTIVITY),
    Blank(
        model=EvidenceNote,
        of=lambda keys: Q(activity__appraisal__in=keys),
        values={"parts": [], "comment": ""},
    ),
    Blank(
        model=HistoryEntry,
        of=lambda keys: Q(subject_type=Appraisal._meta.label_lower, subject_id__in=keys),
        values={"reason": ""},
        append_only=HISTORY_IS_APPEND_ONLY,
    ),
)


def _with_words(before: dt.datetime) -> QuerySet[Appraisal]:
    """Return the appraisals of cycles that ended before ``before`` and still hold free text."""
    mine = OuterRef("pk")
    said = (
        Exists(Objective.objects.filter(appraisal=mine).exclude(text=GONE))
        | Exists(Addition.objects.filter(appraisal=mine).exclude(words=GONE))
        | Exists(Activity.objects.filter(appraisal=mine).exclude(partner=NO_ACTIVITY["partner"]))
    )
    spoken = ~Q(talk_words__in=("", GONE)) | ~Q(exempt_words="")
    return Appraisal.objects.filter(spoken | Q(said), cycle__ends_on__lt=before.date())


def _forget(rows: QuerySet[Appraisal]) -> int:
    keys: list[UUID] = list(rows.order_by().values_list("pk", flat=True))
    blank_all(WORDS, keys)
    return len(keys)


register(
    Rule(
        name="appraisals",
        kind="Words in appraisals",
        days=6 * YEAR,
        happens="Objectives, talks, evidence, comments and additions go; states and counts stay.",
        why="As long as a claim about employment may be made, counted from the end of the cycle.",
        due=_with_words,
        act=_forget,
    )
)
