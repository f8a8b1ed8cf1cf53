"""Which mail others than its reader may see, by template. What is not listed is hidden, new templates too.

A mail may quote what one person wrote to another: the reason of a no, objectives, needs, a reflection. So the
administration shows the text of listed templates alone, and a subject only where it names what is asked. Mail
that did not go out is nobody's: neither is shown of it. Each app lists its own templates.
"""

from __future__ import annotations

from messaging.enums import MessageStatus
from messaging.models import Message

NO_SUBJECT = "Subject not shown"
NEWS = "News about a visit or an appraisal"
SEVERAL = "Several mails in one message"
SIGN_IN = "A sign-in mail"
_texts: set[str] = set()
_subjects: set[str] = set()


def show_text(*templates: str) -> None:
    """Text and subject of these hold only names, days and places."""
    _texts.update(templates)


def show_subject(*templates: str) -> None:
    """The subject of these says what is asked of whom until when; their text is for the reader alone."""
    _subjects.update(templates)


def shows_text(template: str) -> bool:
    """Whether the text of this template is listed."""
    return template in _texts


def shows_subject(template: str) -> bool:
    """Whether the subject of this template is listed."""
    return template in _texts or template in _subjects


def went_out(message: Message) -> bool:
    """Whether its reader has got it, by itself or inside another."""
    whole = message.gathered_into if message.status == MessageStatus.GATHERED else message
    return whole is not None and whole.status == MessageStatus.SENT


def subject_to_show(message: Message) -> str:
    """The subject as others may read it."""
    shown = shows_subject(message.template) and went_out(message)
    return message.subject if shown else NO_SUBJECT


show_text(
    "deputising_started_to_deputy",
    "deputy_changed_to_deputy",
    "deputy_ended_to_deputy",
    "deputy_named_to_deputy",
)
