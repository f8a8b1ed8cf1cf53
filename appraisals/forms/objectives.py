"""Forms for objectives."""

from __future__ import annotations

from typing import Any

from accounts.forms.fields import Line
from accounts.models import Person
from appraisals.forms.action_forms import ActionForm, RecordForm, RecordKeyField
from appraisals.models import Objective

LONGEST = 300
GONE = "This objective was dropped meanwhile. Nothing was changed."
EMPTY = "Write the objective in a sentence."
HINT = "One sentence: what you want to be able to do, or to know, by the end of the year."


class AddObjectiveForm(ActionForm):
    """Add an objective."""

    text = Line(
        label="A new objective", help_text=HINT, max_length=LONGEST, error_messages={"required": EMPTY}
    )

    def is_repeated(self, actor: Person) -> bool:
        """Whether the same objective exists already."""
        return self.appraisal.objectives.not_dropped().filter(text=self.cleaned_data["text"]).exists()


class _OfOneForm(RecordForm):
    about = "objective"
    objective = RecordKeyField(GONE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accept_only(Objective.objects.not_dropped().filter(appraisal=self.appraisal))


class ChangeObjectiveForm(_OfOneForm):
    """Change the text of an objective."""

    text = Line(
        label="The objective",
        help_text="Once changed, it waits to be agreed again.",
        max_length=LONGEST,
        error_messages={"required": EMPTY},
    )

    def is_repeated(self, actor: Person) -> bool:
        """Whether the text is unchanged; an unchanged objective need not be agreed again."""
        return bool(self.cleaned_data["objective"].text == self.cleaned_data["text"])


class DropObjectiveForm(_OfOneForm):
    """Drop an objective; the form has no visible field."""
