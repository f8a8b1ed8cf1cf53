"""The attendance form of a session: one choice per visitor, one submit for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from shadowing.enums import MissedReason
from shadowing.models import Placement, Visit

CAME = "came"
CHOICES = [
    (CAME, "Was there"),
    (MissedReason.SHADOW_ABSENT.value, "Was not there"),
    (MissedReason.ILLNESS.value, "Was not there: illness or a family matter"),
]


@dataclass(frozen=True)
class Answer:
    """The answer for one date of one visitor: it took place, or why it did not."""

    placement: Placement
    visit: int
    missed: str  # a MissedReason; empty if they came

    @property
    def action(self) -> str:
        """The action that records the answer."""
        return "did_not_happen" if self.missed else "happened"

    @property
    def inputs(self) -> dict[str, Any]:
        """The inputs for ``perform``."""
        return {"visit": self.visit, **({"reason": self.missed} if self.missed else {})}


class AttendanceForm(forms.Form):
    """A row of choices for each of ``visits``; rows without a choice stay unanswered."""

    def __init__(self, *args: Any, visits: Sequence[Visit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visits = visits
        for visit in visits:
            self.fields[f"visit_{visit.pk}"] = forms.ChoiceField(
                label=f"{visit.shadow.full_name}, {visit.placement.origin.name}",
                choices=CHOICES,
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Require an answer for at least one visitor."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not any(given.values()):
            raise forms.ValidationError("Say of at least one person whether they were there.")
        return given

    def answers(self) -> list[Answer]:
        """Return the answers given. Call it only on a valid form."""
        choices = [(visit, self.cleaned_data[f"visit_{visit.pk}"]) for visit in self.visits]
        return [
            Answer(visit.placement, visit.pk, "" if choice == CAME else choice)
            for visit, choice in choices
            if choice
        ]
