"""The form of each action that the appraisal page offers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from appraisals.forms.action_forms import ActionForm, SeenForm
from appraisals.forms.conversations import RecordTalkForm
from appraisals.forms.evidence import AcknowledgeForm, AddNoteForm
from appraisals.forms.objectives import AddObjectiveForm, ChangeObjectiveForm, DropObjectiveForm

FORMS: Mapping[str, type[ActionForm]] = MappingProxyType(
    {
        "add_objective": AddObjectiveForm,
        "change_objective": ChangeObjectiveForm,
        "drop_objective": DropObjectiveForm,
        "agree_objectives": SeenForm,
        "record_talk": RecordTalkForm,
        "acknowledge": AcknowledgeForm,
        "sign_as_person": SeenForm,
        "sign_as_appraiser": SeenForm,
        "take_back_signature": ActionForm,
        "add_note": AddNoteForm,
    }
)
