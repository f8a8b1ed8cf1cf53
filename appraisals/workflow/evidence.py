"""What was learned: released by its author, withdrawn until the sign-off, acknowledged by the manager."""

from __future__ import annotations

from uuid import UUID

from accounts.workflow import Move
from appraisals.enums import AppraisalStatus
from appraisals.models import Activity, Addition, Appraisal, EvidenceNote
from appraisals.workflow.signatures import content_changed

WITHDRAWN = "It was withdrawn meanwhile; there is nothing to acknowledge any more."


def release(move: Move[Appraisal]) -> None:
    """The author gives words to the appraisal; after the sign-off they are added to it."""
    appraisal, source = move.thing, move.inputs["source"]
    activity = appraisal.activities.filter(source=source, part=move.inputs["part"]).first()
    parts = [[question, answer] for question, answer in move.inputs["parts"]]
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        _add(move, activity, source, parts)
    elif activity is not None:
        _note(move, activity, parts)


def _note(move: Move[Appraisal], activity: Activity, parts: list[list[str]]) -> None:
    """The same words again change nothing; others have to be acknowledged anew."""
    before = EvidenceNote.objects.filter(activity=activity).first()
    if before is not None and before.withdrawn_at is None and before.parts == parts:
        return
    note = before or EvidenceNote(activity=activity)
    note.author, note.parts, note.released_at, note.withdrawn_at = move.thing.person, parts, move.at, None
    note.acknowledged_at = note.acknowledged_by = None
    note.comment = ""
    note.save()
    content_changed(move)


def _add(move: Move[Appraisal], activity: Activity | None, source: UUID, parts: list[list[str]]) -> None:
    title = activity.title if activity else move.inputs.get("title", "")
    words = added_words(title, parts)
    told = move.thing.additions.filter(about=source, words__startswith=words.partition("\n")[0])
    last = told.order_by("at").last()
    if last is None or last.words != words:
        Addition.objects.create(appraisal=move.thing, author=move.thing.person, words=words, about=source)


def added_words(title: str, parts: list[list[str]]) -> str:
    """What was learned, as an addition says it."""
    opening = f"What I learned at “{title}”:" if title else "What I learned:"
    return "\n\n".join([opening, *(f"{question}\n{answer}" for question, answer in parts)])


def withdraw(move: Move[Appraisal]) -> None:
    """The author takes their words back; nothing of them is kept."""
    note = EvidenceNote.objects.get(activity=move.inputs["activity"], withdrawn_at__isnull=True)
    note.parts, note.withdrawn_at = [], move.at
    note.save(update_fields=["parts", "withdrawn_at"])
    content_changed(move)


def standing(appraisal: Appraisal) -> bool:
    """Whether something released has not been acknowledged yet."""
    return unacknowledged(appraisal) > 0


def unacknowledged(appraisal: Appraisal) -> int:
    """How much of what was released waits to be acknowledged."""
    notes = EvidenceNote.objects.filter(activity__appraisal=appraisal, withdrawn_at__isnull=True)
    return notes.filter(acknowledged_at__isnull=True).count()
