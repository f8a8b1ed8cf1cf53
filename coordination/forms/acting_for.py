"""The extra question for a coordinator who acts for somebody: how they know what that person wants."""

from __future__ import annotations

from typing import Any

from django import forms

from shadowing.enums import Learned
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.rules.action_forms import ActionForm

SAY_HOW = "Say how you know what they want. They are told, and it is kept."


def add_how_question(form: ActionForm | VisitForm) -> ActionForm | VisitForm:
    """Add that question to ``form``, and return the form."""
    form.fields["learned"] = forms.ChoiceField(
        label="How do you know?",
        help_text="It stands in the mail that tells them what you noted, and it is kept.",
        choices=Learned.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": SAY_HOW, "invalid_choice": SAY_HOW},
    )
    return form


def inputs_of(form: ActionForm | VisitForm) -> dict[str, Any]:
    """Return the keyword arguments for ``perform`` from a valid form."""
    return {**form.inputs(), "learned": form.cleaned_data["learned"]}
