"""What both sides are asked about an agreed visit."""

from __future__ import annotations

from typing import Any

from django import forms

from shadowing.enums import StepBackReason
from shadowing.forms.fields import Line, Words
from shadowing.forms.visit_acts import VisitForm
from shadowing.models import Placement

NEEDS_WORDS = "You chose “Another reason”: please say which in a few words."


class CancelForm(VisitForm):
    """Why the visit is called off; another reason is put in words."""

    body = "components/confirm.html"
    sentence = "The visit is called off for good, and everybody concerned is told."

    reason = forms.ChoiceField(
        label="Reason",
        help_text="Everybody concerned sees it.",
        choices=[("", "Choose a reason"), *StepBackReason.choices],
        error_messages={"required": "Choose a reason, so that the others understand."},
    )
    words = Words(label="A word to go with it", required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        """Another reason needs its words."""
        given = super().clean() or self.cleaned_data
        unsaid = not given.get("words") and "words" not in self.errors
        if given.get("reason") == StepBackReason.OTHER and unsaid:
            self.add_error("words", NEEDS_WORDS)
        return given


class ArrangeForm(forms.Form):
    """What the host arranges for the day."""

    place = Line(
        label="Where to come",
        help_text="Building, floor, where to report. When it changes, your visitor is told.",
        required=False,
        max_length=300,
    )
    contact = Line(
        label="Whom to call on the day",
        help_text="A name, and a number that is answered.",
        required=False,
        max_length=300,
    )
    agenda = Words(
        label="What is planned",
        help_text="A few lines are enough: who they will meet, what they will see.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )

    bring = Line(
        label="What to bring",
        help_text="An ID card, flat shoes, a laptop; or that nothing is needed.",
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, placement: Placement, **given: Any) -> None:
        told = {name: getattr(placement, name) for name in self.base_fields}
        super().__init__(*args, **{**given, "initial": told})
