"""What every form of an action on a request has in common: it turns input into ``perform``'s inputs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from shadowing.models import Request
from shadowing.rules.fields import Words

WORDS_LONGEST = 2000


class ActionForm(forms.Form):
    """The form of one action on ``record``; by itself it asks nothing but where to go ``next``.

    Several of them on one page are told apart with ``auto_id="<action>_%s"``; field names stay bare.
    ``body`` is the template that draws it where it stands on a page of its own (after an error); it gets
    ``form``, ``action``, ``action_label`` and ``cancel_url``.
    """

    body: ClassVar[str] = "components/form.html"
    outdated = False  # whether what it was filled in for has changed meanwhile

    next = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, record: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record

    def inputs(self) -> dict[str, Any]:
        """What ``perform`` gets besides who and how; asked of a valid form only."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("next", None)
        return given


def words_field(label: str, hint: str = "", *, required: bool = False) -> Words:
    """A few lines in the person's own words."""
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
    """One reason from a list, nothing chosen."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "Choose a reason"), *choices],
        error_messages={"required": "Choose a reason, so that your colleague understands."},
    )


NEEDS_WORDS = "You chose “Another reason”: please say which in a few words."


class ReasonForm(ActionForm):
    """A no, with a reason from the list; another reason is put in words."""

    reason: forms.ChoiceField
    words: forms.CharField

    def clean(self) -> dict[str, Any]:
        """Another reason needs its words."""
        given = super().clean() or self.cleaned_data
        if given.get("reason") == "other" and not given.get("words") and "words" not in self.errors:
            self.add_error("words", NEEDS_WORDS)
        return given
