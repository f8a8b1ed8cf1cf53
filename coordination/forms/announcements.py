"""The form of an announcement: audience, text and days."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from accounts.forms.fields import Day, Line, Words, set_choices
from departments.models import Department

ALL = "all"
LONGEST = dt.timedelta(days=185)


class AnnouncementForm(forms.Form):
    """An announcement as plain text, in which URLs become links. A form sent twice makes one announcement."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    branch = forms.ChoiceField(
        label="For whom?",
        help_text="Everybody in the branch you choose, and in all departments below it.",
        error_messages={"required": "Choose for whom.", "invalid_choice": "Choose one of these."},
    )
    title = Line(label="Title", max_length=120, error_messages={"required": "Write a title."})
    words = Words(
        label="What do you want to tell them?",
        help_text="Plain text. Addresses of pages become links.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={"required": "Write what you want to tell them."},
    )
    shows_from = Day(label="First day", error_messages={"required": "Choose the first day."})
    shows_until = Day(label="Last day", error_messages={"required": "Choose the last day."})
    by_mail = forms.BooleanField(
        label="Send it by mail as well",
        help_text="On the first day. Who wants news once a day gets it with the others.",
        required=False,
    )

    def __init__(self, *args: Any, branches: list[tuple[str, str]], **given: Any) -> None:
        given["initial"] = {"form_id": uuid.uuid4(), **given.get("initial", {})}
        super().__init__(*args, **given)
        set_choices(self, "branch", branches)

    def clean(self) -> dict[str, Any]:
        """Require the days to be in order, and at most half a year apart."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("shows_from"), given.get("shows_until")
        if first and last and last < first:
            self.add_error("shows_until", "The last day comes before the first.")
        elif first and last and last - first > LONGEST:
            self.add_error("shows_until", "Half a year is the most. Nobody reads it any longer than that.")
        return given

    def values(self) -> dict[str, Any]:
        """Return the values of the record."""
        given, code = self.cleaned_data, self.cleaned_data["branch"]
        branch = None if code == ALL else Department.objects.select_related("parent").get(code=code)
        return {**{name: given[name] for name in self.fields if name != "form_id"}, "branch": branch}

    @property
    def key(self) -> uuid.UUID:
        """The id of a new announcement; the form carries it, so that sending twice makes one."""
        return self.cleaned_data["form_id"] or uuid.uuid4()
