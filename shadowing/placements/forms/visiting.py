"""Forms for whether a visit took place, and for forgiving a missed one."""

from __future__ import annotations

from typing import Any

from django import forms

from shadowing.enums import MissedReason
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.rules.action_forms import NEEDS_WORDS, words_field


class DateForm(VisitForm):
    """A form about one date of the visit; ``visit`` names it where there are several."""

    visit = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": False}))


class HappenedForm(DateForm):
    """The visit took place; no further input."""


class MissedForm(DateForm):
    """The visit did not take place, with a reason; "another reason" needs words."""

    sentence = "Both sides are told."

    reason = forms.ChoiceField(
        label="Why not",
        help_text="Both sides see it.",
        choices=[("", "Choose a reason"), *MissedReason.choices],
        error_messages={"required": "Choose a reason, so that the other side understands."},
    )
    words = words_field("A word to go with it", "Both sides can read it.")

    def clean(self) -> dict[str, Any]:
        """Require words for "another reason"."""
        given = super().clean() or self.cleaned_data
        missing = not given.get("words") and "words" not in self.errors
        if given.get("reason") == MissedReason.OTHER and missing:
            self.add_error("words", NEEDS_WORDS)
        return given


class ForgiveForm(VisitForm):
    """A coordinator decides that a missed visit does not count."""

    words = words_field("A word to go with it", "Your colleague gets it by mail.")


VISITING_FORMS: dict[str, type[VisitForm]] = {
    "happened": HappenedForm,
    "did_not_happen": MissedForm,
    "forgive": ForgiveForm,
}
