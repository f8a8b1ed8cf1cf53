"""Base classes of admin pages: bounded queries, no bulk deletion, no granting of rights to oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.db import models
from django.http import HttpRequest

from accounts.admin.checked_choices import CheckedAutocomplete
from accounts.admin.people_search import PeopleSearch
from accounts.models import Person
from accounts.self_granting import Gains, guarded

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
    from django.forms import ModelForm
else:

    class _Subscriptable:
        """Makes Django's admin classes accept type parameters at run time, as their type stubs do."""

        def __class_getitem__(cls, item: Any) -> type:
            return cls

    class ModelAdmin(_Subscriptable, CheckedAutocomplete, PeopleSearch, admin.ModelAdmin):
        """Django's, with a type parameter."""

    class TabularInline(_Subscriptable, CheckedAutocomplete, admin.TabularInline):
        """Django's, with a type parameter."""

    class UserAdmin(_Subscriptable, CheckedAutocomplete, PeopleSearch, auth_admin.UserAdmin):
        """Django's, with a type parameter."""

    class AdminUserCreationForm(_Subscriptable, auth_forms.AdminUserCreationForm):
        """Django's, with a type parameter."""

    class UserChangeForm(_Subscriptable, auth_forms.UserChangeForm):
        """Django's, with a type parameter."""

    class ModelForm(_Subscriptable, forms.ModelForm):
        """Django's, with a type parameter."""


M = TypeVar("M", bound=models.Model)
C = TypeVar("C", bound=models.Model)
P = TypeVar("P", bound=models.Model)

__all__ = [
    "AdminUserCreationForm",
    "GuardedGrants",
    "GuardedInline",
    "LargeTableAdmin",
    "ModelAdmin",
    "ModelForm",
    "NoDeleteAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "TabularInline",
    "UserAdmin",
    "UserChangeForm",
    "has_every_right",
    "is_listed_filter",
]


PLAIN_WAYS = (
    *("exact", "id__exact", "pk__exact", "isnull", "isempty"),
    *("gte", "gt", "lte", "lt", "year", "month", "day"),
)


def _filtered_field(entry: Any) -> str:
    """Return the field of an entry of ``list_filter``; empty for a filter class."""
    name = entry[0] if isinstance(entry, tuple | list) else entry
    return name if isinstance(name, str) else ""


def is_listed_filter(page: Any, lookup: str) -> bool:
    """Return whether a lookup in the query string is one that the list's filters offer."""
    offered = [name for name in map(_filtered_field, page.list_filter) if name]
    if page.date_hierarchy:
        offered.append(page.date_hierarchy)
    return any(lookup in (name, *(f"{name}__{way}" for way in PLAIN_WAYS)) for name in offered)


def has_every_right(request: HttpRequest) -> bool:
    """Return whether the user is a superuser with the second factor: only they grant permissions."""
    return isinstance(request.user, Person) and request.user.has_every_right


class GuardedGrants:
    """Admin page on which nobody can grant themselves a right (accounts.self_granting)."""

    def gains(self, editor: Person, form: Any) -> Gains:
        """Return a sentence per field by which the editor would gain a right; by default none."""
        return {}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form with the check for the present editor."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]  # of the page mixed into
        return guarded(form, request.user, self.gains) if isinstance(request.user, Person) else form


class GuardedInline(TabularInline[C, P]):
    """Inline rows with the same check."""

    def gains(self, editor: Person, form: Any) -> Gains:
        """Return a sentence per field by which the editor would gain a right; by default none."""
        return {}

    def get_formset(self, request: HttpRequest, obj: P | None = None, **kwargs: Any) -> Any:
        """Return the formset with the check for the present editor."""
        if isinstance(request.user, Person):
            kwargs["form"] = guarded(self.form, request.user, self.gains)
        return super().get_formset(request, obj, **kwargs)


class LargeTableAdmin(GuardedGrants, ModelAdmin[M]):
    """Admin page whose lists cost the same at any length; no bulk deletion."""

    show_full_result_count = False
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only lookups the page offers, so that the query string reveals nothing that is not shown."""
        return is_listed_filter(self, lookup)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return all actions but "delete selected"."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class NoDeleteAdmin(LargeTableAdmin[M]):
    """Admin page of records that are never deleted, because they matter later."""

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Return False: nobody may."""
        return False


class ReadOnlyAdmin(NoDeleteAdmin[M]):
    """Admin page of records that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Return False: nobody may."""
        return False


class ReadOnlyInline(TabularInline[C, P]):
    """Read-only rows below the record they belong to."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        """Return False: nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        """Return False: nobody may."""
        return False
