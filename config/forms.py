"""How forms are drawn here: a hint is text, and its markup is escaped before any template sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape


class EscapedBoundField(forms.BoundField):
    """Escapes ``help_text``: templates of Django and of the form pack mark it safe, whoever wrote it.

    A constant that holds markup is marked safe where it is written, and stays as it is.
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.help_text: Any = conditional_escape(field.help_text) if field.help_text else ""


class EscapingRenderer(DjangoTemplates):
    """Django's own renderer, with fields that escape their hints; every form of the site uses it."""

    bound_field_class = EscapedBoundField
