"""Form fields with plain error messages; pasted text that is too long is refused, never cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

SENTENCES = {
    "max_length": "Please shorten this to %(limit_value)d characters; it has %(show_value)d now.",
    "null_characters_not_allowed": "An invisible character in this cannot be kept. Please type it again.",
}
FURTHEST = dt.timedelta(days=3 * 366)
EVER = dt.timedelta(days=30 * 366)


class Words(forms.CharField):
    """Text of several lines, without ``maxlength``, because browsers would cut what is pasted."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.Textarea(attrs={"rows": 4, "dir": "auto"}))
        given["error_messages"] = {**SENTENCES, **given.get("error_messages", {})}
        super().__init__(**given)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attributes without ``maxlength``."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class Line(Words):
    """Text of one line."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"dir": "auto"}))
        super().__init__(**given)

    def to_python(self, value: Any) -> str:
        """Return the text on one line, whatever was pasted; empty if nothing in it is printable."""
        text = " ".join(str(super().to_python(value) or "").split())
        return text if any(character.isprintable() for character in text) else ""


class AnyDay(forms.DateField):
    """A day, past or future, with the browser's date picker; not decades away."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        given["error_messages"] = {
            "invalid": "This is not a day of the calendar. Write it like 31/12/2026.",
            **given.get("error_messages", {}),
        }
        super().__init__(**given)

    def validate(self, value: dt.date | None) -> None:
        """Refuse a day that is decades away, in either direction."""
        super().validate(value)
        if value is not None and abs(value - timezone.localdate()) > EVER:
            raise forms.ValidationError("This day is years away. Is the year right?", code="far")


class Day(AnyDay):
    """A day from today on."""

    def validate(self, value: dt.date | None) -> None:
        """Refuse a day in the past, or so far away that it must be a slip."""
        super().validate(value)
        today = timezone.localdate()
        if value is not None and value < today:
            raise forms.ValidationError("This day is in the past. Choose a day to come.", code="past")
        if value is not None and value > today + FURTHEST:
            raise forms.ValidationError("This day is years away. Is the year right?", code="far")


class Clock(forms.TimeField):
    """A time of day."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        given["error_messages"] = {
            "invalid": "This is not a time of day. Write it like 14:30.",
            **given.get("error_messages", {}),
        }
        super().__init__(**given)


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give the select or radio field ``name`` its choices. Raises TypeError for a field without choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} of {type(form).__name__} has no choices")
    field.choices = list(choices)
