"""What was learned: released by its author, withdrawn until the sign-off, acknowledged by the manager."""

from __future__ import annotations

from uuid import UUID

from accounts.days import day
from accounts.workflow import TransitionContext, TransitionError
from appraisals import emails
from appraisals.enums import AppraisalStatus
from appraisals.models import Activity, Addition, Appraisal, EvidenceNote
from appraisals.workflow.signed_content import content_changed, require_seen, required

LONGEST_COMMENT = 2000
LEARNED = "What I learned"
WITHDRAWN = "What was released here has been taken back meanwhile. Nothing was changed."
READ = "{name} acknowledged this on {day} already."


def release(move: TransitionContext[Appraisal]) -> None:
    """The author gives words to the appraisal; after the sign-off they are added to it."""
    appraisal, source = move.record, move.inputs["source"]
    activity = appraisal.activities.filter(source=source, part=move.inputs["part"]).first()
    parts = [[question, answer] for question, answer in move.inputs["parts"]]
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        _add(move, activity, source, parts)
    elif activity is not None:
        _note(move, activity, parts)


def _note(move: TransitionContext[Appraisal], activity: Activity, parts: list[list[str]]) -> None:
    """The same words again change nothing; others have to be acknowledged anew.

    What the manager said to the earlier ones stays, until they say something else.
    """
    before = EvidenceNote.objects.filter(activity=activity).first()
    if before is not None and before.withdrawn_at is None and before.parts == parts:
        return
    note = before or EvidenceNote(activity=activity)
    note.author, note.parts, note.released_at, note.withdrawn_at = move.record.person, parts, move.at, None
    note.acknowledged_at = note.acknowledged_by = None
    note.save()
    content_changed(move)


def _add(
    move: TransitionContext[Appraisal], activity: Activity | None, source: UUID, parts: list[list[str]]
) -> None:
    """What was signed off is not changed: an addition holds the words, each version of them once."""
    appraisal, author = move.record, move.record.person
    words = added_words(activity.title if activity else "", parts)
    told = appraisal.additions.filter(about=source, words__startswith=LEARNED)
    last = told.order_by("at").last()
    if last is None or last.words != words:
        Addition.objects.create(appraisal=appraisal, author=author, words=words, about=source, at=move.at)
        emails.tell_other_side("note_added_to_", appraisal, author)


def added_words(title: str, parts: list[list[str]]) -> str:
    """What was learned, as an addition says it."""
    opening = f"{LEARNED} at “{title}”:" if title else f"{LEARNED}:"
    return "\n\n".join([opening, *(f"{question}\n{answer}" for question, answer in parts)])


def withdraw(move: TransitionContext[Appraisal]) -> None:
    """The author takes their words back; nothing of them is kept."""
    standing = EvidenceNote.objects.filter(activity=move.inputs["activity"], withdrawn_at__isnull=True)
    if not standing.update(parts=[], withdrawn_at=move.at):
        raise TransitionError(WITHDRAWN)
    content_changed(move)


def acknowledge(move: TransitionContext[Appraisal]) -> None:
    """Who appraises has read it, and may say a word to it. That takes no signature back."""
    appraisal, wanted = move.record, move.inputs["note"]
    notes = EvidenceNote.objects.select_related("activity", "acknowledged_by")
    note = notes.filter(pk=wanted.pk, activity__appraisal=appraisal, withdrawn_at__isnull=True).first()
    if note is None:
        raise TransitionError(WITHDRAWN)
    if note.acknowledged_by is not None:
        raise TransitionError(READ.format(name=_who(move, note), day=day(note.acknowledged_at)))
    require_seen(move)
    comment = move.inputs.get("comment", "").strip()
    note.comment = required(comment, "", longest=LONGEST_COMMENT) if comment else ""
    note.acknowledged_at, note.acknowledged_by = move.at, move.actor
    note.save(update_fields=["comment", "acknowledged_at", "acknowledged_by"])
    emails.queue_mail(
        "evidence_acknowledged_to_person",
        appraisal.person,
        appraisal,
        occasion=f":{note.pk}",
        by=move.actor,
        activity=note.activity,
    )


def _who(move: TransitionContext[Appraisal], note: EvidenceNote) -> str:
    return "You" if note.acknowledged_by == move.actor else str(note.acknowledged_by)


def unacknowledged(appraisal: Appraisal) -> int:
    """How much of what was released waits to be acknowledged."""
    notes = EvidenceNote.objects.filter(activity__appraisal=appraisal, withdrawn_at__isnull=True)
    return notes.filter(acknowledged_at__isnull=True).count()
