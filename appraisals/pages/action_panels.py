"""What can be done on an appraisal's page: a form, where it goes, what its button says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Person
from appraisals.forms.action_forms import ActionForm
from appraisals.forms.registry import FORMS
from appraisals.models import Appraisal
from appraisals.pages.confirmations import PLACES
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
class Ask:
    """One form with its button, the one of the page or a quiet one."""

    form: ActionForm
    url: str
    label: str
    button: str


def act_url(appraisal: Appraisal, action: str) -> str:
    """Where the form of ``action`` is sent."""
    return reverse("appraisals:act", args=[appraisal.pk, action])


def ask(
    appraisal: Appraisal,
    action: str,
    first: str,
    *,
    of: UUID | None = None,
    initial: dict[str, Any] | None = None,
) -> Ask:
    """The form of ``action``, empty; ``of`` tells several of one kind apart on the page."""
    name = f"{action}_{of}" if of else action
    form = FORMS[action](appraisal=appraisal, auto_id=f"{name}_%s", initial=initial)
    button = "btn-primary" if action == first else "btn-quiet"
    return Ask(form, act_url(appraisal, action), LABELS[action], button)


def act_context(action: str, form: ActionForm, person: Person) -> dict[str, Any]:
    """The form of one action on a page of its own, with what was typed and what is wrong with it."""
    appraisal = form.appraisal
    sides = Sides.of(appraisal, person)
    return {
        "appraisal": appraisal,
        "sides": sides,
        "form": form,
        "action": act_url(appraisal, action),
        "action_label": LABELS[action],
        "back_url": f"{appraisal.get_absolute_url()}#{PLACES[action]}",
        "section": "appraisals:list" if sides.mine else "home:team",
    }
