"""Keep signatures true to the content: any change to an appraisal removes its signatures."""

from __future__ import annotations

from accounts.models import Person
from accounts.workflow import TransitionContext, TransitionError
from appraisals import emails
from appraisals.models import Addition, Appraisal

LONGEST_NOTE = 4000
CHANGED = "Something was changed here since you opened the page. Read how it stands now, then do this again."


def content_changed(context: TransitionContext[Appraisal]) -> None:
    """Remove the given signatures, say so in the history, and mail the people who had signed."""
    appraisal, signed = context.record, list[Person]()
    if appraisal.person_signed_at is not None:
        signed.append(appraisal.person)
    if appraisal.appraiser_signed_by is not None:
        signed.append(appraisal.appraiser_signed_by)
    appraisal.person_signed_at = appraisal.appraiser_signed_at = appraisal.appraiser_signed_by = None
    if signed:
        names = " and ".join(person.full_name for person in signed)
        context.reason = f"This took back the signature{'s' if len(signed) > 1 else ''} of {names}."
    for person in signed:
        if person != context.actor:
            side = "person" if person == appraisal.person else "manager"
            emails.queue_mail(f"signature_taken_back_to_{side}", person, appraisal, by=context.actor)


class ChangedError(TransitionError):
    """Raised when the appraisal changed since the page was opened, so that it must be read again."""


def require_seen(context: TransitionContext[Appraisal]) -> None:
    """Raise ChangedError if the version ``seen``, where given, was not the latest before this transition."""
    before = context.record.version - 1
    if context.inputs.get("seen") not in (None, before):
        raise ChangedError(CHANGED)


def add_note(context: TransitionContext[Appraisal]) -> None:
    """Add a note to a signed-off appraisal, whose content itself stays unchanged."""
    words = required(context.inputs.get("words", ""), "Write what should be added.", longest=LONGEST_NOTE)
    if context.actor is None:  # for the type checker: the transition table requires an actor here
        raise TransitionError("A note has an author.")
    Addition.objects.create(appraisal=context.record, author=context.actor, words=words, at=context.at)
    emails.tell_other_side("note_added_to_", context.record, context.actor)


def required(words: str, missing: str, *, longest: int) -> str:
    """Return ``words`` stripped. Raises TransitionError when they are empty or too long."""
    words = words.strip()
    if not words:
        raise TransitionError(missing)
    if len(words) > longest:
        raise TransitionError(f"That is too long: {len(words)} characters, where {longest} fit.")
    return words
