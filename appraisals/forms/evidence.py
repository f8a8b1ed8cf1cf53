"""Forms for acknowledging evidence, and for notes after the sign-off."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from appraisals.forms.action_forms import ActionForm, RecordForm, RecordKeyField, SeenForm, words_field
from appraisals.models import EvidenceNote

GONE = "What was released here has been taken back meanwhile. Nothing was changed."
LONGEST_COMMENT, LONGEST_NOTE = 2000, 4000


class AcknowledgeForm(SeenForm, RecordForm):
    """The manager acknowledges evidence, with a comment if they wish."""

    about = "note"
    note = RecordKeyField(GONE)
    comment = words_field(
        "A word to it",
        "What you noticed, what should follow. It stands below in the appraisal and in its summary.",
        required=False,
        longest=LONGEST_COMMENT,
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notes = EvidenceNote.objects.filter(activity__appraisal=self.appraisal, withdrawn_at__isnull=True)
        self.accept_only(notes)

    def is_repeated(self, actor: Person) -> bool:
        """Whether the same person acknowledged it with the same comment already."""
        note = self.cleaned_data["note"]
        note.refresh_from_db()
        return bool(note.acknowledged_by == actor and note.comment == self.cleaned_data["comment"])


class AddNoteForm(ActionForm):
    """A note (a correction or later remark) on an appraisal that was signed off."""

    words = words_field(
        "Your note",
        "What was signed stays as it is. Your note is added below it, with your name and the day, and cannot "
        "be changed afterwards.",
        required=True,
        longest=LONGEST_NOTE,
        empty="Write what should be added.",
    )

    def is_repeated(self, actor: Person) -> bool:
        """Whether the same person added the same note already."""
        return self.appraisal.additions.filter(author=actor, words=self.cleaned_data["words"]).exists()
