"""Form rendering: help texts are escaped before any template renders them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape


class EscapedBoundField(forms.BoundField):
    """Escapes ``help_text``, which templates of Django and crispy-forms mark as safe.

    A constant that contains markup is marked safe where it is written, and is not escaped.
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.help_text: Any = conditional_escape(field.help_text) if field.help_text else ""


class EscapingRenderer(DjangoTemplates):
    """Django's renderer with fields that escape their help texts; used by every form."""

    bound_field_class = EscapedBoundField
