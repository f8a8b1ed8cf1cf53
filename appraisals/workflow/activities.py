"""Enter visits, evidence and outcomes into appraisals; the app that arranges visits calls these functions.

They run in the caller's transaction and lock the appraisal last, as the lock order requires. An appraisal
that was signed off is not changed: a note (Addition) is added to it instead.
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
    """What ``person`` does for their development, as the appraisal shows it.

    ``source`` is the visit's key.
    """

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


def note_activity(data: ActivityData) -> Activity | None:
    """Create or update the activity for ``data`` in the person's appraisal of the cycle in which it starts.

    When the dates change, the activity may move to the appraisal of another cycle. Returns None when the
    person has no appraisal in that cycle, or when it was signed off before the visit was agreed.
    """
    activity, appraisal = _activity(data.source, data.part), _appraisal_of(data)
    if activity is not None and _is_signed_off(activity.appraisal):
        _add_change_note(activity.appraisal, data, activity)
        return activity
    if appraisal is not None and _is_signed_off(appraisal):
        _add_change_note(appraisal, data, None)
        appraisal = None
    if activity is None and appraisal is None:
        return None
    return _write(activity or Activity(source=data.source, part=data.part), appraisal, data)


def remove_activity(source: UUID) -> None:
    """Remove the activity ``source`` from appraisals; the visit's own history keeps it.

    An appraisal that was signed off is not changed: a note is added that says the visit was called off.
    """
    for part in ActivityPart:
        activity = _activity(source, part)
        if activity is None:
            continue
        if _is_signed_off(activity.appraisal):
            activity.state = ActivityState.CALLED_OFF  # not saved: only the sentence below uses it
            _add_note_once(activity)
        else:
            activity.delete()


def release_evidence(
    *, source: UUID, part: ActivityPart, author: Person, parts: list[tuple[str, str]]
) -> EvidenceNote | Addition | None:
    """Release the author's questions and answers to their appraisal, replacing what they released before.

    Returns the note, or the Addition that holds the words if the appraisal was signed off; None when no
    appraisal of the author refers to the activity.
    """
    activity = _activity(source, part)
    appraisal = activity.appraisal if activity else _appraisal_mentioning(source, author)
    if appraisal is None or appraisal.person_id != author.pk:
        return None
    appraisal = perform(appraisal, "release_evidence", actor=author, source=source, part=part, parts=parts)
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        return appraisal.additions.filter(about=source).order_by("at").last()
    return EvidenceNote.objects.filter(activity=activity).first()


def withdraw_evidence(*, source: UUID, part: ActivityPart, author: Person) -> bool:
    """Withdraw the author's evidence. Returns False when there is none to withdraw.

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
    """Store the answer about the visit's later outcome; after the sign-off, add it as a note."""
    activity = _activity(source, part)
    appraisal = activity.appraisal if activity else _appraisal_mentioning(source, author)
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


def _appraisal_of(data: ActivityData) -> Appraisal | None:
    """Return the person's appraisal of the cycle in which the activity starts, or None."""
    days = {"cycle__starts_on__lte": data.starts_on, "cycle__ends_on__gte": data.starts_on}
    return Appraisal.objects.filter(person=data.person, **days).first()


def _appraisal_mentioning(source: UUID, author: Person) -> Appraisal | None:
    """Return the appraisal that mentions ``source`` only in a note.

    It was signed off before the visit was agreed.
    """
    addition = Addition.objects.filter(about=source, appraisal__person=author).order_by("at").last()
    return addition.appraisal if addition else None


def _is_signed_off(appraisal: Appraisal) -> bool:
    """Whether the appraisal is signed off; waits for a signature that is being given at this moment.

    The lock is shared (FOR SHARE), so that two visits of the same people do not wait for each other here.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [appraisal.pk])
        return bool(cursor.fetchone()[0] == AppraisalStatus.SIGNED_OFF)


def _write(activity: Activity, appraisal: Appraisal | None, data: ActivityData) -> Activity:
    activity.appraisal = appraisal or activity.appraisal
    for name in ("title", "partner", "origin", "destination", "starts_on", "ends_on", "half_days", "state"):
        setattr(activity, name, getattr(data, name))
    activity.url, activity.objective = data.url, data.objective
    activity.save()
    return activity


def _add_change_note(appraisal: Appraisal, data: ActivityData, before: Activity | None) -> None:
    """Add a note that says what happened to the activity, unless the appraisal says the same already."""
    words = _sentence(data)
    said = appraisal.additions.filter(about=data.source, words__startswith=SINCE).order_by("at").last()
    known = said.words if said else (_sentence(before) if before else "")
    if words != known:
        _add(appraisal, data.source, words)


def _add_note_once(activity: Activity) -> None:
    words = _sentence(activity)
    if not activity.appraisal.additions.filter(about=activity.source, words=words).exists():
        _add(activity.appraisal, activity.source, words)


def _add(appraisal: Appraisal, source: UUID, words: str) -> None:
    Addition.objects.create(appraisal=appraisal, author=appraisal.person, words=words, about=source)


def _sentence(data: ActivityData | Activity) -> str:
    """Return the sentence of a note about the activity.

    For example "Since the sign-off the visit “A morning at the desk” to IT Services took place on …".
    """
    hosted = data.part == ActivityPart.HOSTED
    whom = f"of {data.partner} from {data.origin.name}" if hosted else f"to {data.destination.name}"
    first, last = _in_full(data.starts_on), _in_full(data.ends_on)
    days = first if first == last else f"{first} to {last}"
    return f"{SINCE} the visit “{data.title}” {whom} {BECAME[ActivityState(data.state)]} {days}."


def _in_full(value: dt.date) -> str:
    """Format a day with its year, because notes are read years later."""
    return dateformat(value, "D j F Y")
