"""Admin page of permission groups."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.admin.base import has_every_right
from accounts.admin.checked_choices import CheckedRequests
from accounts.sign_in.recent_sign_in import require_fresh_sign_in


class GroupAdmin(CheckedRequests, DjangosGroupAdmin):
    """Permission groups, for superusers only, because changing one changes its members' permissions.

    No bulk deletion: it sends no signals per record, so it would not be audited.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is a superuser with the second factor."""
        return has_every_right(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Return whether the user is a superuser with the second factor."""
        return has_every_right(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Return whether the user is a superuser with the second factor."""
        return has_every_right(request)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Save after a recent sign-in only."""
        require_fresh_sign_in(request)
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return all actions but "delete selected"."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


admin.site.unregister(Group)
admin.site.register(Group, GroupAdmin)
