"""What every form of an action on an agreed visit has in common, and which form asks for which action."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts.models import Person
from shadowing.models import Placement


class VisitForm(forms.Form):
    """The form of one action on ``record`` by ``person``; by itself it asks nothing but where to go ``next``.

    Several of them on one page are told apart with ``auto_id="<action>_%s"``; field names stay bare.
    ``body`` is the template that draws it where it stands on a page of its own (after an error); it gets
    ``form``, ``title``, ``sentence``, ``action``, ``action_label`` and ``cancel_url``.
    """

    body: ClassVar[str] = "components/form.html"
    sentence: ClassVar[str] = ""  # what will happen, said above the fields

    next = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, record: Placement, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.person = record, person

    def inputs(self) -> dict[str, Any]:
        """What ``perform`` gets besides who and how; asked of a valid form only."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("next", None)
        return given
