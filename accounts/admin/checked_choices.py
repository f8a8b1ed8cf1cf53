"""Autocomplete fields and admin lists that refuse tampered input instead of failing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.display_names import disambiguate_on_page
from accounts.free_text import terms
from accounts.models import Person


def _is_key_of(model: type[Model], value: Any) -> bool:
    try:
        model._meta.pk.to_python(value)
    except (ValidationError, ValueError):
        return False
    return "\x00" not in str(value)


def _keys(widget: AutocompleteSelect | AutocompleteSelectMultiple, sent: Sequence[str]) -> list[str]:
    """Return the sent values that are valid keys: Django would look up anything else and fail."""
    model = widget.choices.queryset.model
    return [each for each in sent if not each or _is_key_of(model, each)]


def _people_of(record: Model) -> Iterable[Person]:
    """Return the people a record refers to, loaded together so that namesakes are distinguished."""
    fields = [field for field in record._meta.concrete_fields if field.related_model is Person]
    keys = {getattr(record, field.attname) for field in fields} - {None}
    return Person.objects.filter(pk__in=keys) if len(keys) > 1 else []


class CheckedSelect(AutocompleteSelect):
    """Autocomplete field for one record."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Return the options for the valid keys."""
        return super().optgroups(name, _keys(self, value), attr)


class CheckedSelectMultiple(AutocompleteSelectMultiple):
    """Autocomplete field for several records."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Return the options for the valid keys."""
        return super().optgroups(name, _keys(self, value), attr)


if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Page = ModelAdmin[Any]
else:
    Page = object  # beside one of Django's own


class CheckedRequests(Page):
    """Admin page that validates search terms and ticked rows before using them."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Search by a limited number of words: each adds a condition per searched field."""
        return super().get_search_results(request, queryset, " ".join(terms(search_term)))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Treat an empty field name as none: Django would look for a field of that name."""
        found = super().get_object(request, object_id, from_field or None)
        disambiguate_on_page(_people_of(found) if found is not None else [])
        return found

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **given: Any) -> Any:
        """Refuse ticked rows that are not valid keys. Raises BadRequest."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(_is_key_of(queryset.model, each) for each in ticked):
            raise BadRequest("A ticked line is none of this list.")
        return super().response_action(request, queryset, *args, **given)


class CheckedAutocomplete(CheckedRequests):
    """Admin page or inline whose ``autocomplete_fields`` use the checked widgets."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Return Django's field with the checked widget."""
        given = _widget(self, CheckedSelect, db_field, given)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Return Django's field with the checked widget."""
        given = _widget(self, CheckedSelectMultiple, db_field, given)
        return super().formfield_for_manytomany(db_field, request, **given)


def _widget(
    page: Any, kind: type[CheckedSelect | CheckedSelectMultiple], db_field: Any, given: dict[str, Any]
) -> dict[str, Any]:
    if db_field.name not in page.autocomplete_fields:
        return given
    return {"widget": kind(db_field, page.admin_site), **given}


class FieldAutocompleteView(AutocompleteJsonView):
    """Autocomplete for concrete fields; for reverse relations Django's own view fails."""

    def process_request(self, request: HttpRequest) -> Any:
        """Return Django's result. Raises PermissionDenied for anything but a concrete field."""
        found = super().process_request(request)
        if not found[2].concrete:
            raise PermissionDenied
        return found


def choices(request: HttpRequest) -> HttpResponseBase:
    """Answer the autocomplete requests of the administration."""
    return FieldAutocompleteView.as_view(admin_site=admin.site)(request)


admin.site.autocomplete_view = choices  # type: ignore[method-assign,assignment]  # the one place Django leaves for it
