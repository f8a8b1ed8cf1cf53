"""A coordinator names who decides instead of somebody who does not answer."""

from __future__ import annotations

from typing import Any

from django import forms

from shadowing.forms.actions import ActionForm, words_field
from shadowing.helping import Candidate, candidates

CHOOSE = "Choose who is to decide."
NO_LONGER = "This person can no longer be asked: they have left, or are asked already. Choose somebody else."
NOBODY = "There is nobody else who could decide: no deputy, no manager, no head of a branch, no coordinator."


class AskOtherForm(ActionForm):
    """One of those who could decide instead, and a word to them."""

    person = forms.ChoiceField(
        label="Who is to decide instead?",
        widget=forms.RadioSelect(),
        error_messages={"required": CHOOSE, "invalid_choice": NO_LONGER},
    )
    words = words_field(
        "A word to go with it", "It stands in the history of the request, which everybody concerned can read."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.found = {str(found.person.pk): found for found in candidates(self.thing)}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(key, _described(found)) for key, found in self.found.items()]
        if not self.found:
            field.help_text = NOBODY

    def inputs(self) -> dict[str, Any]:
        """The person chosen, and the words."""
        given = super().inputs()
        return {**given, "person": self.found[given["person"]].person}


def _described(candidate: Candidate) -> str:
    """Name and who they are: "Dev Deputy, Library Manager: deputy of Mary Manager at the moment"."""
    person = candidate.person
    name = f"{person.full_name}, {person.job_title}" if person.job_title else person.full_name
    return f"{name}: {candidate.who}"
