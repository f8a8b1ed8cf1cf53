"""Which templates' texts and subjects people other than the reader may see. Unlisted templates are hidden.

A mail may quote what one person wrote to another: the reason of a refusal, objectives, needs, a reflection.
So the administration shows texts of listed templates only, and subjects only where they name what is asked.
Of unsent mail it shows neither. Each app registers its own templates when Django starts.
"""

from __future__ import annotations

from messaging.enums import MessageStatus
from messaging.models import Message

NO_SUBJECT = "Subject not shown"
NEWS = "News about a visit or an appraisal"
SEVERAL = "Several mails in one message"
SIGN_IN = "A sign-in mail"
_texts: set[str] = {
    "deputising_started_to_deputy",
    "deputy_changed_to_deputy",
    "deputy_ended_to_deputy",
    "deputy_named_to_deputy",
}
_subjects: set[str] = set()


def show_text(*templates: str) -> None:
    """List templates whose text and subject may be shown: they contain only names, days and places."""
    _texts.update(templates)


def show_subject(*templates: str) -> None:
    """List templates whose subject alone may be shown: it says who is asked for what until when."""
    _subjects.update(templates)


def shows_text(template: str) -> bool:
    """Return whether the text of this template may be shown."""
    return template in _texts


def shows_subject(template: str) -> bool:
    """Return whether the subject of this template may be shown."""
    return template in _texts or template in _subjects


def went_out(message: Message) -> bool:
    """Return whether the mail was sent, alone or inside a digest."""
    whole = message.gathered_into if message.status == MessageStatus.GATHERED else message
    return whole is not None and whole.status == MessageStatus.SENT


def subject_to_show(message: Message) -> str:
    """Return the subject if others may read it, else a substitute."""
    shown = shows_subject(message.template) and went_out(message)
    return message.subject if shown else NO_SUBJECT
