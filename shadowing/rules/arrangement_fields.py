"""Fields for the arrangements of a visit, as the host gives them when agreeing and changes them later."""

from __future__ import annotations

from typing import Any

from accounts.forms.fields import Line, Words
from shadowing.rules.action_forms import CONTACT_LENGTH


def place_field(hint: str) -> Line:
    """Return the field for where the visitor reports."""
    return Line(label="Where to come", help_text=hint, required=False, max_length=300)


def contact_field() -> Line:
    """Return the field for whom the visitor calls on the day."""
    return Line(
        label="Whom to call on the day",
        help_text="A name, and a number that is answered.",
        required=False,
        max_length=CONTACT_LENGTH,
    )


def agenda_field(**given: Any) -> Words:
    """Return the field for the plan of the day; ``given`` goes to the field, such as its widget."""
    return Words(
        label="What is planned",
        help_text="A few lines are enough: who they will meet, what they will see.",
        required=False,
        max_length=4000,
        **given,
    )
