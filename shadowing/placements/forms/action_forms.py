"""Base class of the forms for actions on an agreed visit."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts.models import Person
from shadowing.models import Placement


class VisitForm(forms.Form):
    """The form for one action on ``record`` by ``person``; its only field of its own is ``next``.

    Several on one page are told apart with ``auto_id="<action>_%s"``; field names have no prefix. ``body`` is
    the template that renders the form on a page of its own (after an error), with ``form``, ``title``,
    ``sentence``, ``action``, ``action_label`` and ``cancel_url``.
    """

    body: ClassVar[str] = "components/form.html"
    sentence: ClassVar[str] = ""  # what will happen, shown above the fields

    next = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, record: Placement, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.person = record, person

    def inputs(self) -> dict[str, Any]:
        """Return the inputs for ``perform``. Call it only on a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("next", None)
        return given
