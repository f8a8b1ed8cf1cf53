"""Sets of rights."""

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
    """Sets of rights, for superusers alone: whoever changes one could give its people what they lack.

    They are deleted one by one: what goes in bulk is announced to nobody, nor audited.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return has_every_right(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Superusers."""
        return has_every_right(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Superusers."""
        return has_every_right(request)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Whoever has just shown who they are."""
        require_fresh_sign_in(request)
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Everything but "delete selected"."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


admin.site.unregister(Group)
admin.site.register(Group, GroupAdmin)
