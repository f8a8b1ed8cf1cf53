"""Base form of actions on requests: it turns input into keyword arguments of ``perform``."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from shadowing.models import Request
from shadowing.rules.fields import Words

WORDS_LONGEST = 2000


class ActionForm(forms.Form):
    """Form of one action on ``record``; on its own it has only the field for where to go ``next``.

    A page with several forms tells them apart by ``auto_id="<action>_%s"``; field names have no prefix.
    ``body`` is the template that renders the form on a page of its own (after an error); its context is
    ``form``, ``action``, ``action_label`` and ``cancel_url``.
    """

    body: ClassVar[str] = "components/form.html"
    outdated = False  # whether the record has changed since the form was rendered

    next = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, record: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record

    def inputs(self) -> dict[str, Any]:
        """Return the keyword arguments for ``perform`` from a valid form, without actor and ``how``."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("next", None)
        return given


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


def reason_field(choices: list[tuple[str, str]], label: str = "Reason", hint: str = "") -> forms.ChoiceField:
    """Return a select of reasons with none chosen."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "Choose a reason"), *choices],
        error_messages={"required": "Choose a reason, so that your colleague understands."},
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
