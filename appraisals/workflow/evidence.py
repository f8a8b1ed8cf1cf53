"""Evidence of learning:

the author releases it, or withdraws it before the sign-off; the manager acknowledges.
"""

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


def release(context: TransitionContext[Appraisal]) -> None:
    """Add the author's words to the appraisal: as evidence, or as an addition after the sign-off."""
    appraisal, source = context.record, context.inputs["source"]
    activity = appraisal.activities.filter(source=source, part=context.inputs["part"]).first()
    parts = [[question, answer] for question, answer in context.inputs["parts"]]
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        _add(context, activity, source, parts)
    elif activity is not None:
        _note(context, activity, parts)


def _note(context: TransitionContext[Appraisal], activity: Activity, parts: list[list[str]]) -> None:
    """Store the evidence. Unchanged words change nothing; changed words must be acknowledged again.

    The manager's comment on the earlier words is kept until they write another.
    """
    before = EvidenceNote.objects.filter(activity=activity).first()
    if before is not None and before.withdrawn_at is None and before.parts == parts:
        return
    note = before or EvidenceNote(activity=activity)
    note.author, note.parts, note.released_at, note.withdrawn_at = (
        context.record.person,
        parts,
        context.at,
        None,
    )
    note.acknowledged_at = note.acknowledged_by = None
    note.save()
    content_changed(context)


def _add(
    context: TransitionContext[Appraisal], activity: Activity | None, source: UUID, parts: list[list[str]]
) -> None:
    """Add the words as a note, because a signed-off appraisal is not changed.

    Identical words are added once.
    """
    appraisal, author = context.record, context.record.person
    words = added_words(activity.title if activity else "", parts)
    told = appraisal.additions.filter(about=source, words__startswith=LEARNED)
    last = told.order_by("at").last()
    if last is None or last.words != words:
        Addition.objects.create(appraisal=appraisal, author=author, words=words, about=source, at=context.at)
        emails.tell_other_side("note_added_to_", appraisal, author)


def added_words(title: str, parts: list[list[str]]) -> str:
    """Return the text of the note that holds released evidence."""
    opening = f"{LEARNED} at “{title}”:" if title else f"{LEARNED}:"
    return "\n\n".join([opening, *(f"{question}\n{answer}" for question, answer in parts)])


def withdraw(context: TransitionContext[Appraisal]) -> None:
    """Withdraw the author's evidence and delete its words.

    Raises TransitionError if it is withdrawn already.
    """
    in_force = EvidenceNote.objects.filter(activity=context.inputs["activity"], withdrawn_at__isnull=True)
    if not in_force.update(parts=[], withdrawn_at=context.at):
        raise TransitionError(WITHDRAWN)
    content_changed(context)


def acknowledge(context: TransitionContext[Appraisal]) -> None:
    """Record that the appraiser has read a note, with their comment. Keeps the signatures.

    Raises TransitionError when the note was withdrawn or acknowledged meanwhile.
    """
    appraisal, wanted = context.record, context.inputs["note"]
    notes = EvidenceNote.objects.select_related("activity", "acknowledged_by")
    note = notes.filter(pk=wanted.pk, activity__appraisal=appraisal, withdrawn_at__isnull=True).first()
    if note is None:
        raise TransitionError(WITHDRAWN)
    if note.acknowledged_by is not None:
        raise TransitionError(
            READ.format(name=_acknowledger_name(context, note), day=day(note.acknowledged_at))
        )
    require_seen(context)
    comment = context.inputs.get("comment", "").strip()
    note.comment = required(comment, "", longest=LONGEST_COMMENT) if comment else ""
    note.acknowledged_at, note.acknowledged_by = context.at, context.actor
    note.save(update_fields=["comment", "acknowledged_at", "acknowledged_by"])
    emails.queue_mail(
        "evidence_acknowledged_to_person",
        appraisal.person,
        appraisal,
        occasion=f":{note.pk}",
        by=context.actor,
        activity=note.activity,
    )


def _acknowledger_name(context: TransitionContext[Appraisal], note: EvidenceNote) -> str:
    return "You" if note.acknowledged_by == context.actor else str(note.acknowledged_by)


def unacknowledged(appraisal: Appraisal) -> int:
    """Return the number of released notes that are not acknowledged yet."""
    notes = EvidenceNote.objects.filter(activity__appraisal=appraisal, withdrawn_at__isnull=True)
    return notes.filter(acknowledged_at__isnull=True).count()
