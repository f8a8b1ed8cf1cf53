"""Audit who opened or downloaded the appraisal of somebody else; the person can read these entries."""

from __future__ import annotations

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from appraisals.models import Appraisal

OPENED = "Opened the page of an appraisal."
DOWNLOADED = "Downloaded an appraisal ({form})."


def note_opened(appraisal: Appraisal, viewer: Person, *, how: How = How.PAGE) -> None:
    """Audit that ``viewer`` opens the appraisal, unless it is their own."""
    if appraisal.person_id != viewer.pk:
        audit.record_view(OPENED, actor=viewer, how=how, subject=appraisal, person=appraisal.person)


def note_downloaded(appraisal: Appraisal, viewer: Person, form: str) -> None:
    """Audit that ``viewer`` downloads the appraisal as ``form``, unless it is their own."""
    if appraisal.person_id != viewer.pk:
        what = DOWNLOADED.format(form=form.upper())
        audit.note(AuditKind.EXPORTED, what, actor=viewer, subject=appraisal, person=appraisal.person)
