"""Admin of requests: see where each is and who was asked. Only approvers decide, on the site."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyInline
from shadowing.models import Decision, Request
from shadowing.models.request_visibility import SENT
from shadowing.rules.admin_actions import WorkflowAdmin


class DecisionInline(ReadOnlyInline[Decision, Request]):
    """Read-only decisions: approver, who answered, when and how; without reasons and links."""

    model = Decision
    fields = ("role", "asked", "asked_at", "outcome", "answered_by", "answered_at", "how")
    autocomplete_fields = ("asked", "answered_by")


@admin.register(Request)
class RequestAdmin(WorkflowAdmin[Request]):
    """Admin of requests that were sent; drafts are visible to their author only."""

    list_display = ("shadow", "offer", "origin", "status", "window_starts", "window_ends", "submitted_at")
    list_filter = ("status", "offer__scheme")
    list_select_related = ("shadow", "offer", "origin")
    search_fields = ("shadow__first_name", "shadow__last_name", "shadow__email", "offer__title")
    search_help_text = "Name or email of the shadow, or title of the offer"
    fields = (
        "shadow", "origin", "offer", "status", "half_days", "window_starts", "window_ends", "agreed_starts",
        "agreed_ends", "holds_place", "submitted_at", "changed_at",
    )  # fmt: skip
    inlines = (DecisionInline,)
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """Return requests without drafts."""
        return super().get_queryset(request).filter(SENT)

    def has_change_permission(self, request: HttpRequest, obj: Request | None = None) -> bool:
        """Return False: only its author changes a request, on the site."""
        return False
