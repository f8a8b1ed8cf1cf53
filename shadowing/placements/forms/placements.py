"""Forms to cancel an agreed visit and to arrange its day."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import Line, Words
from shadowing.enums import StepBackReason
from shadowing.models import Placement
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.rules.action_forms import reason_field
from shadowing.rules.arrangement_fields import agenda_field, contact_field, place_field


class CancelForm(VisitForm):
    """Cancellation: the reason for the coordinators, a note for the others."""

    body = "components/confirm.html"
    sentence = "The visit is called off for good, and everybody concerned is told."

    reason = reason_field(
        StepBackReason.choices,
        hint="Only the coordinators see it.",
        required="Choose a reason for the coordinators.",
    )
    words = Words(
        label="A kind word to the others",
        help_text="Everybody concerned sees it. You need not say why.",
        required=False,
        max_length=2000,
    )


class ArrangeForm(forms.Form):
    """The host's arrangements for the day."""

    place = place_field("Building, floor, where to report. Your visitor is told of every change.")
    contact = contact_field()
    agenda = agenda_field(widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
    bring = Line(
        label="What to bring",
        help_text="An ID card, flat shoes, a laptop; or that nothing is needed.",
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, placement: Placement, **given: Any) -> None:
        arrangements = {name: getattr(placement, name) for name in self.base_fields}
        super().__init__(*args, **{**given, "initial": arrangements})
