"""Forms to suggest other dates for an agreed visit, and to answer a suggestion."""

from __future__ import annotations

from typing import Any

from django import forms

from shadowing.enums import StepBackReason
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.rules.action_forms import words_field
from shadowing.rules.date_rows import PARTS, DateRows
from shadowing.rules.visit_dates import dates_of_visit

# "No longer needed" is no reason to move a visit.
REASONS = [each for each in StepBackReason.choices if each[0] != StepBackReason.NO_LONGER_NEEDED]


class ProposeMoveForm(VisitForm):
    """New dates and times that replace all dates to come, and the reason."""

    body = "shadowing/placements/parts/move_form.html"

    reason = forms.ChoiceField(
        label="Reason",
        help_text="Only the coordinators and who decides on the days see it.",
        choices=[("", "Choose a reason"), *REASONS],
        error_messages={"required": "Choose a reason for the coordinators."},
    )
    words = words_field("A kind word to the others", "They read it. You need not say why.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreed = [(visit.starts_at, visit.ends_at) for visit in dates_of_visit(self.record).movable]
        people = [self.record.shadow, self.record.host]
        self.dates = DateRows(self, self.record.request.offer, people, agreed)
        self.dates.opened = max(1, len(agreed))

    def clean(self) -> dict[str, Any]:
        """Validate the dates: at least one, each in the future."""
        given = super().clean() or self.cleaned_data
        given["visits"] = self.dates.clean()
        return given

    def inputs(self) -> dict[str, Any]:
        """Return the inputs with the dates as times, without the fields of the rows."""
        given = super().inputs()
        rows = {name for name in given for part in PARTS if name.startswith(f"{part}_")}
        return {name: value for name, value in given.items() if name not in rows}


class AnswerMoveForm(VisitForm):
    """An answer to suggested dates; ``change`` identifies the suggestion the person saw."""

    change = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"id": False}))


class RefuseMoveForm(AnswerMoveForm):
    """A refusal of suggested dates, with an optional note."""

    words = words_field("A word to go with it", "Who suggested the dates gets it.")


MOVING_FORMS: dict[str, type[VisitForm]] = {
    "propose_move": ProposeMoveForm,
    "accept_move": AnswerMoveForm,
    "refuse_move": RefuseMoveForm,
    "take_back_move": AnswerMoveForm,
    "allow_move": AnswerMoveForm,
    "disallow_move": RefuseMoveForm,
}
