"""Action panels of the appraisal page: a form, its address and its button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Person
from appraisals.forms.action_forms import ActionForm
from appraisals.forms.registry import FORMS
from appraisals.models import Appraisal
from appraisals.pages.confirmations import FRAGMENTS
from appraisals.pages.sides import Sides

LABELS: dict[str, str] = {
    "add_objective": "Add the objective",
    "change_objective": "Change the objective",
    "drop_objective": "Drop the objective",
    "agree_objectives": "Agree the objectives",
    "record_talk": "Record the conversation",
    "acknowledge": "I have read it",
    "sign_as_person": "Sign",
    "sign_as_appraiser": "Sign",
    "take_back_signature": "Take my signature back",
    "add_note": "Add the note",
}


@dataclass(frozen=True)
class ActionPanel:
    """One form with its address and button; only one button of the page is primary."""

    form: ActionForm
    url: str
    label: str
    button: str


def act_url(appraisal: Appraisal, action: str) -> str:
    """Return the address to which the form of ``action`` is sent."""
    return reverse("appraisals:act", args=[appraisal.pk, action])


def action_panel(
    appraisal: Appraisal,
    action: str,
    first: str,
    *,
    of: UUID | None = None,
    initial: dict[str, Any] | None = None,
) -> ActionPanel:
    """Return the empty form of ``action``; ``of`` makes ids unique when the page has several of one kind."""
    name = f"{action}_{of}" if of else action
    form = FORMS[action](appraisal=appraisal, auto_id=f"{name}_%s", initial=initial)
    button = "btn-primary" if action == first else "btn-quiet"
    return ActionPanel(form, act_url(appraisal, action), LABELS[action], button)


def act_context(action: str, form: ActionForm, person: Person) -> dict[str, Any]:
    """Return the context of the page that shows one action's form again, with its errors."""
    appraisal = form.appraisal
    sides = Sides.of(appraisal, person)
    return {
        "appraisal": appraisal,
        "sides": sides,
        "form": form,
        "action": act_url(appraisal, action),
        "action_label": LABELS[action],
        "back_url": f"{appraisal.get_absolute_url()}#{FRAGMENTS[action]}",
        "section": "appraisals:list" if sides.mine else "home:team",
    }
