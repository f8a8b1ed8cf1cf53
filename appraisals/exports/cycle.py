"""The rows of a cycle's export: counts, states and dates, without free text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from appraisals.enums import ActivityPart, ActivityState, AppraisalStatus, ExemptReason
from appraisals.models import Activity, Appraisal, EvidenceNote, Objective
from appraisals.policies import appraiser_of

# The data dictionary: column, meaning, format.
COLUMNS = (
    ("staff_number", "The number HR knows the person by; empty where there is none.", "text"),
    ("email", "The person's email address, with which they sign in.", "email address"),
    ("name", "First and last name.", "text"),
    ("department_code", "The department they belonged to when the appraisal was opened.", "text"),
    ("department", "The name of that department.", "text"),
    ("cycle", "The name of the appraisal year.", "text"),
    ("status", "Where the appraisal stands.", "open, signed_off or exempt"),
    (
        "exemption_reason",
        "Why there is no appraisal in this cycle; empty unless the status is exempt.",
        "probation, long_absence, left, other or empty",
    ),
    (
        "appraiser_email",
        "Who appraises: the line manager of today, else whoever the appraisal names; empty if nobody.",
        "email address or empty",
    ),
    ("conversation_on", "The day of the conversation about shadowing; empty until one is recorded.", "day"),
    ("objectives", "Objectives that stand in the appraisal.", "whole number"),
    ("objectives_agreed", "How many of these the line manager has agreed.", "whole number"),
    ("visits", "Visits to other departments that took place.", "whole number"),
    ("visits_to_come", "Visits to other departments that are agreed and still to come.", "whole number"),
    ("hosted", "Visits of colleagues that took place.", "whole number"),
    ("half_days", "Half-days of the visits to other departments that took place.", "whole number"),
    ("evidence_notes", "Notes on what was learned that are released to the appraisal.", "whole number"),
    ("acknowledged", "How many of these notes the line manager has acknowledged.", "whole number"),
    (
        "signed_off_on",
        "The day on which the second of the two signed; empty until both have.",
        "day",
    ),
)
HEADER = [name for name, _, _ in COLUMNS]


@dataclass
class Counts:
    """The numbers counted for one appraisal."""

    objectives: int = 0
    agreed: int = 0
    visits: int = 0
    to_come: int = 0
    hosted: int = 0
    half_days: int = 0
    notes: int = 0
    acknowledged: int = 0


@dataclass
class CountsByAppraisal:
    """The counts of several appraisals, made with three queries."""

    appraisals: Sequence[Appraisal]
    found: dict[Any, Counts] = field(default_factory=lambda: defaultdict(Counts))

    def __post_init__(self) -> None:
        objectives = Objective.objects.not_dropped().filter(appraisal__in=self.appraisals).order_by()
        agreed = Count("pk", filter=Q(agreed_at__isnull=False))
        of_each = objectives.values_list("appraisal").annotate(number=Count("pk"), agreed=agreed)
        for key, number, of_these in of_each:
            self.found[key].objectives, self.found[key].agreed = number, of_these
        activities = Activity.objects.filter(appraisal__in=self.appraisals).order_by()
        for key, part, state, length in activities.values_list("appraisal", "part", "state", "half_days"):
            self._count(self.found[key], part, state, length)
        notes = EvidenceNote.objects.filter(activity__appraisal__in=self.appraisals, withdrawn_at=None)
        known = Count("pk", filter=Q(acknowledged_at__isnull=False))
        released = (
            notes.order_by().values_list("activity__appraisal").annotate(number=Count("pk"), known=known)
        )
        for key, number, of_these in released:
            self.found[key].notes, self.found[key].acknowledged = number, of_these

    @staticmethod
    def _count(counts: Counts, part: str, state: str, length: int) -> None:
        took_place, visited = state == ActivityState.TOOK_PLACE, part == ActivityPart.VISITED
        counts.to_come += visited and state == ActivityState.AGREED
        if took_place and visited:
            counts.visits += 1
            counts.half_days += length
        elif took_place:
            counts.hosted += 1


def rows_of(appraisals: Sequence[Appraisal]) -> Iterator[list[object]]:
    """Yield a row for each appraisal, with the columns of ``HEADER``."""
    found = CountsByAppraisal(appraisals).found
    for appraisal in appraisals:
        yield _row(appraisal, found[appraisal.pk])


def _row(appraisal: Appraisal, counts: Counts) -> list[object]:
    person, department, appraiser = appraisal.person, appraisal.department, appraiser_of(appraisal)
    return [
        person.staff_number,
        person.email,
        person.plain_name,
        department.code if department else "",
        department.name if department else "",
        appraisal.cycle.name,
        AppraisalStatus(appraisal.status).value,
        ExemptReason(appraisal.exempt_reason).value if appraisal.exempt_reason else "",
        appraiser.email if appraiser else "",
        appraisal.talk_on,
        counts.objectives,
        counts.agreed,
        counts.visits,
        counts.to_come,
        counts.hosted,
        counts.half_days,
        counts.notes,
        counts.acknowledged,
        _signed_off_on(appraisal),
    ]


def _signed_off_on(appraisal: Appraisal) -> object:
    person_at, appraiser_at = appraisal.person_signed_at, appraisal.appraiser_signed_at
    if appraisal.status != AppraisalStatus.SIGNED_OFF or person_at is None or appraiser_at is None:
        return ""
    return timezone.localdate(max(person_at, appraiser_at))
