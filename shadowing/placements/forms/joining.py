"""Forms to add a co-host, to remove one, and for the visitor's answer about one who joined."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.people import PersonForm, typed_person
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.workflow.joining import TAKES_PART_NO_LONGER


class JoinForm(PersonForm, VisitForm):
    """The colleague who joins as co-host."""

    sentence = "We tell your visitor, and ask whether your colleague may read what is written."

    who = typed_person("Who joins as co-host?", required="Type a name or an email.")

    def inputs(self) -> dict[str, Any]:
        """Return the person as the only input."""
        return {"person": self.cleaned_data["person"]}


class PartForm(VisitForm):
    """A button about one participant."""

    part = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}),
        error_messages={"required": TAKES_PART_NO_LONGER, "invalid": TAKES_PART_NO_LONGER},
    )


JOINING_FORMS: dict[str, type[VisitForm]] = {
    "join": JoinForm,
    "leave": PartForm,
    "name_host": PartForm,
    "let_read": PartForm,
    "keep_from": PartForm,
}
