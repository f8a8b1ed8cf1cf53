"""What the app that arranges visits tells the appraisals: plain calls, inside its own transaction.

The appraisal is locked here, last in the order of locks. What was signed off is not changed any more: then an
addition says it, once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.dateformat import format as dateformat

from accounts.models import Person
from accounts.shortening import shortened
from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState, AppraisalStatus
from appraisals.models import Activity, Addition, Appraisal, EvidenceNote, Objective
from departments.models import Department

SINCE = "Since the sign-off"
LOCK = "SELECT status FROM appraisals_appraisal WHERE id = %s FOR SHARE"
BECAME = {
    ActivityState.AGREED: "was agreed for",
    ActivityState.TOOK_PLACE: "took place on",
    ActivityState.CALLED_OFF: "was called off; it was planned for",
    ActivityState.MISSED: "did not take place; it was planned for",
}


@dataclass(frozen=True, kw_only=True)
class ActivityData:
    """What ``person`` does for their development, as the appraisal shows it; ``source`` is its key."""

    person: Person
    source: UUID
    part: ActivityPart
    title: str
    partner: str
    origin: Department
    destination: Department
    starts_on: dt.date
    ends_on: dt.date
    half_days: int
    state: ActivityState
    url: str
    objective: Objective | None = None


def note_activity(doing: ActivityData) -> Activity | None:
    """Enter ``doing`` into its person's appraisal of the cycle it begins in, or bring up to date what stands.

    None where the person has no appraisal in that cycle, or where it was signed off before this was agreed.
    Other dates may move it into the appraisal of another cycle.
    """
    activity, appraisal = _activity(doing.source, doing.part), _appraisal_of(doing)
    if activity is not None and _is_signed_off(activity.appraisal):
        _say_since(activity.appraisal, doing, activity)
        return activity
    if appraisal is not None and _is_signed_off(appraisal):
        _say_since(appraisal, doing, None)
        appraisal = None
    if activity is None and appraisal is None:
        return None
    return _write(activity or Activity(source=doing.source, part=doing.part), appraisal, doing)


def leave_out(source: UUID) -> None:
    """Appraisals say nothing of it any more; the history of the visit itself keeps it.

    What was signed off is not changed: then an addition says what became of it.
    """
    for part in ActivityPart:
        activity = _activity(source, part)
        if activity is None:
            continue
        if _is_signed_off(activity.appraisal):
            activity.state = ActivityState.CALLED_OFF  # not stored: the sentence is said of it
            _say_of(activity)
        else:
            activity.delete()


def release_evidence(
    *, source: UUID, part: ActivityPart, author: Person, parts: list[tuple[str, str]]
) -> EvidenceNote | Addition | None:
    """The author gives these questions and answers to their appraisal; once more replaces what they gave.

    None where no appraisal of theirs knows the activity. After the sign-off an addition holds the words.
    """
    activity = _activity(source, part)
    appraisal = activity.appraisal if activity else _told_of(source, author)
    if appraisal is None or appraisal.person_id != author.pk:
        return None
    appraisal = perform(appraisal, "release_evidence", actor=author, source=source, part=part, parts=parts)
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        return appraisal.additions.filter(about=source).order_by("at").last()
    return EvidenceNote.objects.filter(activity=activity).first()


def withdraw_evidence(*, source: UUID, part: ActivityPart, author: Person) -> bool:
    """The author takes their words back; False where none of theirs stand.

    Raises TransitionError after the sign-off.
    """
    activity = _activity(source, part)
    if activity is None or activity.appraisal.person_id != author.pk:
        return False
    if not EvidenceNote.objects.filter(activity=activity, withdrawn_at__isnull=True).exists():
        return False
    perform(activity.appraisal, "withdraw_evidence", actor=author, activity=activity)
    return True


def note_outcome(*, source: UUID, part: ActivityPart, author: Person, sentence: str, on: dt.date) -> None:
    """What came of it, asked later; an addition says it after the sign-off."""
    activity = _activity(source, part)
    appraisal = activity.appraisal if activity else _told_of(source, author)
    if appraisal is None or appraisal.person_id != author.pk:
        return
    if activity is not None and not _is_signed_off(appraisal):
        activity.outcome, activity.outcome_on = shortened(sentence, 80), on
        activity.save(update_fields=["outcome", "outcome_on"])
        return
    title = f"“{activity.title}”" if activity else "the visit"
    _add(appraisal, source, f"What came of {title}, asked on {_in_full(on)}: {sentence}")


def _activity(source: UUID, part: ActivityPart) -> Activity | None:
    rows = Activity.objects.select_related("appraisal__person", "origin", "destination")
    return rows.filter(source=source, part=part).first()


def _appraisal_of(doing: ActivityData) -> Appraisal | None:
    """Their appraisal of the cycle in which it begins."""
    days = {"cycle__starts_on__lte": doing.starts_on, "cycle__ends_on__gte": doing.starts_on}
    return Appraisal.objects.filter(person=doing.person, **days).first()


def _told_of(source: UUID, author: Person) -> Appraisal | None:
    """The appraisal that was signed off before the activity could be entered, but knows of it."""
    addition = Addition.objects.filter(about=source, appraisal__person=author).order_by("at").last()
    return addition.appraisal if addition else None


def _is_signed_off(appraisal: Appraisal) -> bool:
    """Whether it is, once nobody is signing it any more.

    The lock is shared: two visits of the same people never wait for each other here.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [appraisal.pk])
        return bool(cursor.fetchone()[0] == AppraisalStatus.SIGNED_OFF)


def _write(activity: Activity, appraisal: Appraisal | None, doing: ActivityData) -> Activity:
    activity.appraisal = appraisal or activity.appraisal
    for name in ("title", "partner", "origin", "destination", "starts_on", "ends_on", "half_days", "state"):
        setattr(activity, name, getattr(doing, name))
    activity.url, activity.objective = doing.url, doing.objective
    activity.save()
    return activity


def _say_since(appraisal: Appraisal, doing: ActivityData, before: Activity | None) -> None:
    """Say in a sentence what has become of it, unless that is what the appraisal says already."""
    words = _sentence(doing)
    said = appraisal.additions.filter(about=doing.source, words__startswith=SINCE).order_by("at").last()
    known = said.words if said else (_sentence(before) if before else "")
    if words != known:
        _add(appraisal, doing.source, words)


def _say_of(activity: Activity) -> None:
    words = _sentence(activity)
    if not activity.appraisal.additions.filter(about=activity.source, words=words).exists():
        _add(activity.appraisal, activity.source, words)


def _add(appraisal: Appraisal, source: UUID, words: str) -> None:
    Addition.objects.create(appraisal=appraisal, author=appraisal.person, words=words, about=source)


def _sentence(doing: ActivityData | Activity) -> str:
    """For example "Since the sign-off the visit “A morning at the desk” to IT Services … took place on …"."""
    hosted = doing.part == ActivityPart.HOSTED
    whom = f"of {doing.partner} from {doing.origin.name}" if hosted else f"to {doing.destination.name}"
    first, last = _in_full(doing.starts_on), _in_full(doing.ends_on)
    days = first if first == last else f"{first} to {last}"
    return f"{SINCE} the visit “{doing.title}” {whom} {BECAME[ActivityState(doing.state)]} {days}."


def _in_full(value: dt.date) -> str:
    """A day with its year: additions are read years later."""
    return dateformat(value, "D j F Y")
