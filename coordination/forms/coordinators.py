"""Forms that name a department coordinator or their successor."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import set_choices
from accounts.forms.people import PersonForm, typed_person


class NameCoordinatorForm(PersonForm):
    """The person and the branch."""

    department = forms.ChoiceField(
        label="For which branch?",
        help_text="They coordinate this department and everything below it.",
        error_messages={"required": "Choose a branch.", "invalid_choice": "Choose one of these branches."},
    )
    who = typed_person("Who?", required="Type the email or the name of the coordinator.")
    field_order = ("department", "who", "chosen")

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        set_choices(self, "department", [("", "Choose a branch"), *departments])


class HandOverForm(PersonForm):
    """The successor."""

    who = typed_person("Who takes over?", required="Type the email or the name of the successor.")
    field_order = ("who", "chosen")
