"""Fields of the administration that are chosen by typing: tampered with, they are refused, nothing breaks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def _is_key_of(model: type[Model], value: Any) -> bool:
    try:
        model._meta.pk.to_python(value)
    except (ValidationError, ValueError):
        return False
    return "\x00" not in str(value)


class OnlyKeys:
    """Drawn again after a refusal, Django looks up whatever was sent: what is no key finds nothing."""

    choices: Any

    def optgroups(self, name: str, value: list[Any], attrs: dict[str, Any] | None = None) -> Any:
        """Options for what is a key."""
        model = self.choices.queryset.model
        keys = [each for each in value if not each or _is_key_of(model, each)]
        return super().optgroups(name, keys, attrs)  # type: ignore[misc]  # a mixin: the widget has it


class OneOfMany(OnlyKeys, AutocompleteSelect):
    """One record."""


class SomeOfMany(OnlyKeys, AutocompleteSelectMultiple):
    """Several records."""


class ChosenByTyping:
    """For pages and inlines with ``autocomplete_fields``: their own widgets."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Django's, with our widget."""
        return super().formfield_for_foreignkey(
            db_field, request, **_widget(self, OneOfMany, db_field, given)
        )  # type: ignore[misc]  # a mixin: the admin has it

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Django's, with our widget."""
        return super().formfield_for_manytomany(
            db_field, request, **_widget(self, SomeOfMany, db_field, given)
        )  # type: ignore[misc]  # as above


def _widget(
    page: Any, kind: type[OneOfMany | SomeOfMany], db_field: Any, given: dict[str, Any]
) -> dict[str, Any]:
    if db_field.name not in page.autocomplete_fields:
        return given
    return {"widget": kind(db_field, page.admin_site), **given}


class FieldsAlone(AutocompleteJsonView):
    """Answers for fields of records; Django's own breaks on the way back from the record a field names."""

    def process_request(self, request: HttpRequest) -> Any:
        """Raise PermissionDenied for anything else."""
        found = super().process_request(request)
        if not found[2].concrete:
            raise PermissionDenied
        return found


def choices(request: HttpRequest) -> HttpResponseBase:
    """What the fields that are chosen by typing ask while one types."""
    return FieldsAlone.as_view(admin_site=admin.site)(request)


admin.site.autocomplete_view = choices  # type: ignore[method-assign,assignment]  # the one place Django leaves for it
