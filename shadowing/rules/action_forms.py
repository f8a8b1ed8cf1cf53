"""Base form of actions on requests: it turns input into keyword arguments of ``perform``."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.action_forms import RecordForm
from accounts.forms.fields import Words
from shadowing.models import Request

WORDS_LONGEST = 2000
CONTACT_LENGTH = 500  # a name and an email at their longest, and some words


class ActionForm(RecordForm):
    """Form of one action on a request."""

    record: Request
    outdated = False  # whether the request has changed since the form was rendered


def words_field(label: str, hint: str = "", *, required: bool = False) -> Words:
    """Return a text area for a few lines in the person's own words."""
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return Words(
        label=label,
        help_text=hint,
        required=required,
        max_length=WORDS_LONGEST,
        widget=widget,
        error_messages={"required": "Write what should be changed, so that the request can be sent again."},
    )


UNDERSTOOD = "Choose a reason, so that your colleague understands."


def reason_field(
    choices: list[tuple[str, str]], label: str = "Reason", hint: str = "", required: str = UNDERSTOOD
) -> forms.ChoiceField:
    """Return a select of reasons with none chosen; ``required`` is the error when none is."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "Choose a reason"), *choices],
        error_messages={"required": required},
    )


NEEDS_WORDS = "You chose “Another reason”: please say which in a few words."


class ReasonForm(ActionForm):
    """Decline with a reason from the list; "another reason" needs words."""

    reason: forms.ChoiceField
    words: forms.CharField

    def clean(self) -> dict[str, Any]:
        """Require words where the reason is "another reason"."""
        given = super().clean() or self.cleaned_data
        if given.get("reason") == "other" and not given.get("words") and "words" not in self.errors:
            self.add_error("words", NEEDS_WORDS)
        return given
