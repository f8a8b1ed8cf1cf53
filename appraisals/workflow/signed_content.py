"""What is signed is what stands there: whatever changes an appraisal takes its signatures back."""

from __future__ import annotations

from accounts.models import Person
from accounts.workflow import TransitionContext, TransitionError
from appraisals import emails
from appraisals.models import Addition, Appraisal

LONGEST_NOTE = 4000
CHANGED = "Something was changed here since you opened the page. Read how it stands now, then do this again."


def content_changed(move: TransitionContext[Appraisal]) -> None:
    """Take back the signatures that were given, say so in the history, and to those who gave them."""
    appraisal, signed = move.record, list[Person]()
    if appraisal.person_signed_at is not None:
        signed.append(appraisal.person)
    if appraisal.appraiser_signed_by is not None:
        signed.append(appraisal.appraiser_signed_by)
    appraisal.person_signed_at = appraisal.appraiser_signed_at = appraisal.appraiser_signed_by = None
    if signed:
        names = " and ".join(person.full_name for person in signed)
        move.reason = f"This took back the signature{'s' if len(signed) > 1 else ''} of {names}."
    for person in signed:
        if person != move.actor:
            side = "person" if person == appraisal.person else "manager"
            emails.queue_mail(f"signature_taken_back_to_{side}", person, appraisal, by=move.actor)


class ChangedError(TransitionError):
    """It does not stand any more as it was seen; it has to be read again."""


def require_seen(move: TransitionContext[Appraisal]) -> None:
    """Raise ChangedError if ``seen``, where given, is not how the appraisal stood until now."""
    before = move.record.version - 1
    if move.inputs.get("seen") not in (None, before):
        raise ChangedError(CHANGED)


def add_note(move: TransitionContext[Appraisal]) -> None:
    """A correction or later word: it is added to what was signed off, which stays as it is."""
    words = required(move.inputs.get("words", ""), "Write what should be added.", longest=LONGEST_NOTE)
    if move.actor is None:  # the table lets nobody come here without a name
        raise TransitionError("A note has an author.")
    Addition.objects.create(appraisal=move.record, author=move.actor, words=words, at=move.at)
    emails.tell_other_side("note_added_to_", move.record, move.actor)


def required(words: str, missing: str, *, longest: int) -> str:
    """``words`` without space around them. Raises TransitionError when there are none, or too many."""
    words = words.strip()
    if not words:
        raise TransitionError(missing)
    if len(words) > longest:
        raise TransitionError(f"That is too long: {len(words)} characters, where {longest} fit.")
    return words
