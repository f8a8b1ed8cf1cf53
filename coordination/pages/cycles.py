"""The coordinator's pages of appraisal years: counts and states, no free text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts.days import day, day_range, moment
from accounts.models import Person
from appraisals.enums import ActivityPart, ActivityState, AppraisalStatus, ExemptReason
from appraisals.models import Activity, Appraisal, Cycle, CycleExport, EvidenceNote, Opening
from appraisals.models.work import LongWork
from appraisals.workflow import opening

MOST_FOUND = 20
MOST_EXPORTS = 5
S = AppraisalStatus


def address(cycle: Cycle, page: str = "cycle", *more: object) -> str:
    """Return the URL of a page of one cycle, which contains the cycle's first day."""
    return reverse(f"coordination:{page}", args=[cycle.starts_on.isoformat(), *more])


@dataclass(frozen=True)
class Row:
    """One cycle in the list."""

    cycle: Cycle
    url: str
    days: str
    appraisals: str


def cycle_rows() -> list[Row]:
    """Return all cycles, newest first; takes one query."""
    cycles = Cycle.objects.annotate(number=Count("appraisals")).order_by("-starts_on")
    return [
        Row(
            cycle,
            address(cycle),
            day_range(cycle.starts_on, cycle.ends_on),
            _appraisals(getattr(cycle, "number", 0)),
        )
        for cycle in cycles
    ]


def _appraisals(number: int) -> str:
    if not number:
        return "No appraisals opened yet"
    return "1 appraisal" if number == 1 else f"{number:,} appraisals"


@dataclass(frozen=True)
class Progress:
    """The progress of a long-running job."""

    title: str
    done: int
    total: int
    sentence: str


def progress_of(cycle: Cycle) -> list[Progress]:
    """Return the running jobs of ``cycle``; takes two queries."""
    openings = Opening.objects.filter(cycle=cycle, finished_at=None).select_related("started_by")
    exports = CycleExport.objects.filter(cycle=cycle, finished_at=None).select_related("started_by")
    return [
        *(_progress("Opening the appraisals", work, "people") for work in openings),
        *(_progress("Making the export", work, "appraisals") for work in exports),
    ]


def _progress(title: str, work: LongWork, what: str) -> Progress:
    since = f"Started by {work.started_by.full_name} on {moment(work.started_at)}."
    return Progress(title, work.done, work.total, f"{work.done:,} of {work.total:,} {what}. {since}")


Fact = tuple[str, str]


def facts_of(cycle: Cycle) -> list[Fact]:
    """Return the numbers of the cycle, with labels."""
    counted = Appraisal.objects.filter(cycle=cycle).aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(status=S.OPEN)),
        signed=Count("pk", filter=Q(status=S.SIGNED_OFF)),
        exempt=Count("pk", filter=Q(status=S.EXEMPT)),
        talked=Count("pk", filter=~Q(status=S.EXEMPT) & Q(talk_on__isnull=False)),
        unled=Count("pk", filter=Q(status=S.OPEN, appraiser=None)),
        **{reason: Count("pk", filter=Q(exempt_reason=reason)) for reason in ExemptReason.values},
    )
    there = Appraisal.objects.filter(cycle=cycle, person=OuterRef("pk"))
    without = Person.objects.active().filter(~Exists(there)).count()
    return [
        ("Open", f"{counted['open']:,}"),
        ("Signed off by both", f"{counted['signed']:,}"),
        ("Exempt", _exempt(counted)),
        ("Have talked about shadowing", f"{counted['talked']:,}"),
        ("Have not talked yet", f"{counted['open'] + counted['signed'] - counted['talked']:,}"),
        ("Open without an appraiser", f"{counted['unled']:,}"),
        ("Work here and have no appraisal", f"{without:,}"),
        *_activity_facts(cycle),
    ]


def _exempt(counted: dict[str, int]) -> str:
    reasons = [
        f"{number:,} {'have left' if reason == ExemptReason.LEFT and number > 1 else label.lower()}"
        for reason, label in ExemptReason.choices
        if (number := counted[reason])
    ]
    return f"{counted['exempt']:,}{': ' if reasons else ''}{', '.join(reasons)}"


def _activity_facts(cycle: Cycle) -> list[Fact]:
    took_place = Q(state=ActivityState.TOOK_PLACE)
    visits = Activity.objects.filter(appraisal__cycle=cycle, part=ActivityPart.VISITED).aggregate(
        made=Count("pk", filter=took_place),
        to_come=Count("pk", filter=Q(state=ActivityState.AGREED)),
        people=Count("appraisal", filter=took_place, distinct=True),
    )
    notes = EvidenceNote.objects.filter(activity__appraisal__cycle=cycle, withdrawn_at=None).aggregate(
        released=Count("pk"), known=Count("pk", filter=Q(acknowledged_at__isnull=False))
    )
    return [
        ("Visits that took place", f"{visits['made']:,}"),
        ("People who have been on a visit", f"{visits['people']:,}"),
        ("Visits agreed and to come", f"{visits['to_come']:,}"),
        ("Evidence notes released", f"{notes['released']:,}"),
        ("Evidence notes acknowledged", f"{notes['known']:,}"),
    ]


@dataclass(frozen=True)
class ExportRow:
    """An export that can be downloaded."""

    url: str
    title: str
    until: str


def export_rows(cycle: Cycle) -> list[ExportRow]:
    """Return the finished exports that are still kept, newest first."""
    kept = CycleExport.objects.kept().filter(cycle=cycle).exclude(finished_at=None)
    return [
        ExportRow(
            reverse("coordination:cycle-file", args=[export.pk]),
            f"{_appraisals(export.total)}, {moment(export.finished_at)}",
            f"Kept until {day(export.expires_at)}.",
        )
        for export in kept.order_by("-started_at")[:MOST_EXPORTS]
    ]


def cycle_context(cycle: Cycle) -> dict[str, Any]:
    """Return the template context of the page of one cycle."""
    last = Opening.objects.filter(cycle=cycle).exclude(finished_at=None).select_related("started_by").first()
    opened = ""
    if last is not None:
        who = f"{last.started_by.full_name}, {day(last.started_at)}"
        opened = f"Last opened by {who}: {opening.sentence(last)}"
    return {
        "cycle": cycle,
        "lead": f"{day_range(cycle.starts_on, cycle.ends_on)}. {_prompt(cycle)}",
        "works": progress_of(cycle),
        "facts": facts_of(cycle),
        "opened": opened,
        "open_label": "Open for whoever has none" if opened else "Open the appraisals",
        "exports": export_rows(cycle),
        "urls": {page: address(cycle, f"cycle-{page}") for page in ("edit", "open", "people", "export")},
        "progress_url": address(cycle, "cycle-progress"),
    }


def _prompt(cycle: Cycle) -> str:
    return f"Everybody is asked for the conversation about shadowing on {day(cycle.talk_day)}."


@dataclass(frozen=True)
class PersonFound:
    """One person found, with the state of their appraisal."""

    name: str
    about: str
    state: str
    url: str
    label: str


def people_found(cycle: Cycle, words: str, viewer: Person) -> list[PersonFound]:
    """Return the people named ``words``, at most one page of them; takes two queries."""
    people = list(Person.objects.named(words).select_related("membership__department")[:MOST_FOUND])
    appraisals = {one.person_id: one for one in Appraisal.objects.filter(cycle=cycle, person__in=people)}
    return [_person_found(cycle, person, appraisals.get(person.pk), viewer) for person in people]


def _person_found(cycle: Cycle, person: Person, appraisal: Appraisal | None, viewer: Person) -> PersonFound:
    department = person.membership.department.name if hasattr(person, "membership") else ""
    about = " · ".join(filter(None, (person.job_title, department, person.email)))
    name = person.full_name
    if appraisal is None:
        return PersonFound(
            name, about, "No appraisal in this cycle. Opening it again gives them one.", "", ""
        )
    state = state_of(appraisal)
    if person == viewer:
        return PersonFound(
            name, about, f"{state}. This is you: another coordinator decides about yours.", "", ""
        )
    label = {S.OPEN: "Exempt", S.EXEMPT: "Take in again"}.get(S(appraisal.status), "")
    url = address(cycle, "cycle-person", appraisal.pk) if label else ""
    return PersonFound(name, about, state, url, label)


def state_of(appraisal: Appraisal) -> str:
    """Return the state of an appraisal, with the reason of an exemption."""
    if appraisal.status == S.EXEMPT:
        return f"Exempt: {ExemptReason(appraisal.exempt_reason).label.lower()}"
    return f"Appraisal: {S(appraisal.status).label.lower()}"
