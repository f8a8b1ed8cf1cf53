"""Forms of the profile page: each changes one setting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.enums import MailRhythm
from accounts.forms.fields import Day, Line, set_choices
from accounts.forms.people import PersonForm, typed_person

WEEKDAYS = (
    *((1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"), (5, "Friday")),
    *((6, "Saturday"), (7, "Sunday")),
)
CHOOSE = "Choose one of those on the list."
OPEN_END = "Leave it empty if you do not know yet; you can end it at any time."


class DaysForm(forms.Form):
    """The weekdays somebody works on."""

    working_days = forms.TypedMultipleChoiceField(
        label="I work on",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day."},
    )


class CorrectionForm(forms.Form):
    """Report an error in the staff list: which detail, and what it should be."""

    detail = forms.ChoiceField(
        label="What is wrong?", error_messages={"required": "Choose what is wrong.", "invalid_choice": CHOOSE}
    )
    right = Line(
        label="What should it be?",
        max_length=200,
        error_messages={"required": "Write what it should be."},
    )

    def __init__(self, *args: Any, details: Iterable[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        set_choices(self, "detail", [("", "Choose one"), *details])


class RhythmForm(forms.Form):
    """How often mail without a request for a decision comes."""

    mail_rhythm = forms.ChoiceField(
        label="News about requests and visits",
        choices=MailRhythm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )


class EndForm(forms.Form):
    """A deputy's last day."""

    ends_on = Day(label="Last day", help_text=OPEN_END, required=False)


class DeputyForm(PersonForm, EndForm):
    """A deputy and their days. ``deputy`` is typed; if several people match, ``chosen`` asks which one."""

    typed = "deputy"
    deputy = typed_person("Who acts for you?", required="Type the email or the name of your deputy.")
    starts_on = Day(label="First day", error_messages={"required": "Choose the first day."})

    field_order = ("deputy", "chosen", "starts_on", "ends_on")
