"""Who looked at the appraisal of somebody else, or took it away, is noted: the person can read it."""

from __future__ import annotations

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from appraisals.models import Appraisal

OPENED = "Opened the page of an appraisal."
DOWNLOADED = "Downloaded an appraisal ({form})."


def note_opened(appraisal: Appraisal, viewer: Person, *, how: How = How.PAGE) -> None:
    """``viewer`` is about to read it; nobody is noted for their own."""
    if appraisal.person_id != viewer.pk:
        audit.record_view(OPENED, actor=viewer, how=how, subject=appraisal, person=appraisal.person)


def note_downloaded(appraisal: Appraisal, viewer: Person, form: str) -> None:
    """``viewer`` is about to get it as a file; each time counts."""
    if appraisal.person_id != viewer.pk:
        what = DOWNLOADED.format(form=form.upper())
        audit.note(AuditKind.EXPORTED, what, actor=viewer, subject=appraisal, person=appraisal.person)
