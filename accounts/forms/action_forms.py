"""Base form of an action on a record: it turns input into keyword arguments of ``perform``."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms


class RecordForm(forms.Form):
    """Form of one action on ``record``; by itself it has only the field for where to go ``next``.

    A page with several forms tells them apart by ``auto_id="<action>_%s"``; field names have no prefix.
    ``body`` is the template that renders the form on a page of its own (after an error); its context is
    ``form``, ``action``, ``action_label`` and ``cancel_url``. ``sentence`` says above the fields what will
    happen.
    """

    body: ClassVar[str] = "components/form.html"
    sentence: ClassVar[str] = ""

    next = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record

    def inputs(self) -> dict[str, Any]:
        """Return the keyword arguments for ``perform`` from a valid form, without actor and ``how``."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("next", None)
        return given
