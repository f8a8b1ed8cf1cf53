"""One appraisal as JSON data, in the form of its published schema; the PDF and CSV are made from it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from appraisals.models import Activity, Appraisal, EvidenceNote
from appraisals.policies import appraiser_of
from departments.models import Department

VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("appraisal-1.json")
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))

Part = dict[str, Any]


def schema_url() -> str:
    """Return the address of the schema on this site."""
    return f"{settings.SITE_URL}{reverse('appraisals:schema')}"


def record_url(appraisal: Appraisal) -> str:
    """Return the address of the appraisal's page."""
    return f"{settings.SITE_URL}{appraisal.get_absolute_url()}"


def summary_of(appraisal: Appraisal) -> Part:
    """Return the appraisal as data ready for JSON; the number of queries does not depend on its content."""
    return {
        "$schema": schema_url(),
        "version": VERSION,
        "id": str(appraisal.pk),
        "url": record_url(appraisal),
        "exported_at": _moment(timezone.now()),
        "person": {
            "name": appraisal.person.plain_name,
            "email": appraisal.person.email,
            "staff_number": appraisal.person.staff_number,
            "job_title": appraisal.person.job_title,
        },
        "department": _department(appraisal.department),
        "cycle": {
            "name": appraisal.cycle.name,
            "starts_on": appraisal.cycle.starts_on.isoformat(),
            "ends_on": appraisal.cycle.ends_on.isoformat(),
        },
        "appraiser": _named(appraiser_of(appraisal)),
        "status": appraisal.status,
        "exemption": _exemption(appraisal),
        "objectives": _objectives(appraisal),
        "conversation": _conversation(appraisal),
        "activities": _activities(appraisal),
        "signatures": _signatures(appraisal),
        "additions": [
            {"author": _named(added.author), "at": _moment(added.at), "words": added.words}
            for added in appraisal.additions.select_related("author")
        ],
    }


def _exemption(appraisal: Appraisal) -> Part | None:
    if not appraisal.exempt_reason:
        return None
    return {"reason": appraisal.exempt_reason, "words": appraisal.exempt_words}


def _objectives(appraisal: Appraisal) -> list[Part]:
    return [
        {
            "text": objective.text,
            "agreed_at": _moment(objective.agreed_at),
            "agreed_by": _named(objective.agreed_by),
        }
        for objective in appraisal.objectives.not_dropped().select_related("agreed_by")
    ]


def _conversation(appraisal: Appraisal) -> Part | None:
    if appraisal.talk_on is None:
        return None
    return {
        "held_on": appraisal.talk_on.isoformat(),
        "outcome": appraisal.talk_outcome,
        "words": appraisal.talk_words,
        "recorded_by": _named(appraisal.talk_by),
    }


def _activities(appraisal: Appraisal) -> list[Part]:
    rows = appraisal.activities.select_related(
        "origin", "destination", "objective", "evidence__author", "evidence__acknowledged_by"
    )
    return [_activity(activity) for activity in rows]


def _activity(activity: Activity) -> Part:
    return {
        "part": activity.part,
        "title": activity.title,
        "partner": activity.partner,
        "from": _department(activity.origin),
        "to": _department(activity.destination),
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat(),
        "half_days": activity.half_days,
        "state": activity.state,
        "objective": activity.objective.text if activity.objective else None,
        "outcome": activity.outcome or None,
        "outcome_on": activity.outcome_on.isoformat() if activity.outcome_on else None,
        "evidence": _evidence(getattr(activity, "evidence", None)),
    }


def _evidence(note: EvidenceNote | None) -> Part | None:
    if note is None or note.withdrawn_at is not None:
        return None
    return {
        "author": _named(note.author),
        "released_at": _moment(note.released_at),
        "answers": [{"question": str(question), "answer": str(answer)} for question, answer in note.parts],
        "acknowledged_at": _moment(note.acknowledged_at),
        "acknowledged_by": _named(note.acknowledged_by),
        "comment": note.comment if note.acknowledged_at else "",
    }


def _signatures(appraisal: Appraisal) -> Part:
    return {
        "person_at": _moment(appraisal.person_signed_at),
        "appraiser_at": _moment(appraisal.appraiser_signed_at),
        "appraiser": _named(appraisal.appraiser_signed_by),
    }


def _named(person: Person | None) -> Part | None:
    return {"name": person.full_name, "email": person.email} if person is not None else None


def _department(department: Department | None) -> Part | None:
    return {"code": department.code, "name": department.name} if department is not None else None


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at is not None else None
