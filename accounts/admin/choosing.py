"""Fields of the administration that are chosen by typing: tampered with, they are refused, nothing breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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


def _keys(widget: AutocompleteSelect | AutocompleteSelectMultiple, sent: Sequence[str]) -> list[str]:
    """Drawn again after a refusal, Django looks up whatever was sent: what is no key is left out before."""
    model = widget.choices.queryset.model
    return [each for each in sent if not each or _is_key_of(model, each)]


class OneOfMany(AutocompleteSelect):
    """One record."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Options for what is a key."""
        return super().optgroups(name, _keys(self, value), attr)


class SomeOfMany(AutocompleteSelectMultiple):
    """Several records."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Options for what is a key."""
        return super().optgroups(name, _keys(self, value), attr)


if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    Page = BaseModelAdmin[Any]
else:
    Page = object  # beside one of Django's own


class ChosenByTyping(Page):
    """For pages and inlines with ``autocomplete_fields``: their own widgets."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Django's, with our widget."""
        given = _widget(self, OneOfMany, db_field, given)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Django's, with our widget."""
        given = _widget(self, SomeOfMany, db_field, given)
        return super().formfield_for_manytomany(db_field, request, **given)


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
