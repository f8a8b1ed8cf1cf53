"""Form class of each action on a request; an action without an entry needs no input."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shadowing.requests.forms.decisions import (
    AgreeHostingForm,
    ApproveForm,
    DeclineForm,
    RefuseHostingForm,
    SendBackForm,
)
from shadowing.requests.forms.reassignment import AskOtherForm
from shadowing.requests.forms.requests import REQUEST_FORMS
from shadowing.rules.action_forms import ActionForm

ACTION_FORMS: Mapping[str, type[ActionForm]] = MappingProxyType(
    {
        **REQUEST_FORMS,
        "approve": ApproveForm,
        "send_back": SendBackForm,
        "decline": DeclineForm,
        "agree_hosting": AgreeHostingForm,
        "refuse_hosting": RefuseHostingForm,
        "ask_other": AskOtherForm,
    }
)


def form_for(action: str) -> type[ActionForm]:
    """Return the form class of ``action``."""
    return ACTION_FORMS.get(action, ActionForm)
