"""The form with which a coordinator names who decides, instead of somebody who does not answer."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.days import day
from accounts.forms.fields import set_choices
from shadowing.requests.reassignment_options import Candidate, asked_meanwhile, instead_of, stuck_decision
from shadowing.rules.action_forms import ActionForm, words_field

CHOOSE = "Choose who is to decide."
NO_LONGER = "This person can no longer be asked: they have left, or are asked already. Choose somebody else."
UNTIL_NOW = "Asked until now: {name}, since {since}."
NOBODY = "There is nobody else who could decide: no deputy, no manager, no head of a branch, no coordinator."


class _Seen(forms.UUIDField):
    """The decision shown on the page; after an error, the decision that is pending now."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class AskOtherForm(ActionForm):
    """Choice of the person who is to decide, with a note to them.

    It carries the decision that was ``seen``, so that an outdated page does not replace what a colleague has
    chosen since.
    """

    person = forms.ChoiceField(
        label="Who is to decide instead?",
        widget=forms.RadioSelect(),
        error_messages={"required": CHOOSE, "invalid_choice": NO_LONGER},
    )
    words = words_field(
        "A word to go with it", "It stands in the history of the request, which everybody concerned can read."
    )

    seen = _Seen(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.decision = stuck_decision(self.record)
        possible = instead_of(self.decision, self.record) if self.decision else []
        self.candidates = {str(each.person.pk): each for each in possible}
        field = self.fields["person"]
        set_choices(self, "person", [(key, _label(each)) for key, each in self.candidates.items()])
        if self.decision is not None:
            self.fields["seen"].initial = self.decision.pk
            field.help_text = UNTIL_NOW.format(
                name=self.decision.asked.full_name, since=day(self.decision.asked_at)
            )
        if not self.candidates:
            field.help_text = NOBODY

    def clean(self) -> dict[str, Any]:
        """Refuse a choice made on a page that showed an earlier decision."""
        given = super().clean() or self.cleaned_data
        seen = given.get("seen")
        if self.decision is not None and seen is not None and seen != self.decision.pk:
            self.outdated = True
            self.add_error(None, asked_meanwhile(self.decision))
        return given

    def inputs(self) -> dict[str, Any]:
        """Return the person chosen, and the words."""
        given = super().inputs()
        return {**given, "person": self.candidates[given["person"]].person}


def _label(candidate: Candidate) -> str:
    """Return the label of a candidate.

    For example "Dev Deputy, Library Manager: deputy of Mary Manager at the moment".
    """
    person = candidate.person
    name = f"{person.full_name}, {person.job_title}" if person.job_title else person.full_name
    return f"{name}: {candidate.who}"
