"""Admin of placements: read them, and cancel one."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.base import ReadOnlyInline
from shadowing.models import Participation, Placement, Visit
from shadowing.rules.admin_actions import ReasonForm, WorkflowAdmin


class VisitInline(ReadOnlyInline[Visit, Placement]):
    """Read-only dates of a placement."""

    model = Visit
    fields = ("starts_at", "ends_at", "stands")
    readonly_fields = ("stands",)


class ParticipationInline(ReadOnlyInline[Participation, Placement]):
    """Read-only participants; they change on the visit's own page, which notifies and asks the visitor."""

    model = Participation
    fk_name = "placement"
    fields = ("person", "part", "joined_at", "joined_by", "left_at", "consent", "consent_at")
    readonly_fields = fields


@admin.register(Placement)
class PlacementAdmin(WorkflowAdmin[Placement]):
    """Admin of all placements. Everybody concerned is notified of a cancellation."""

    acts = {"cancel": ReasonForm}
    list_display = ("shadow", "origin", "host", "destination", "status", "half_days", "created_at")
    list_filter = ("status",)
    list_select_related = ("shadow", "origin", "host", "destination")
    search_fields = (
        "shadow__first_name",
        "shadow__last_name",
        "shadow__email",
        "host__last_name",
        "host__email",
    )
    search_help_text = "Name or email of the shadow or the host"
    date_hierarchy = "created_at"
    fields = (
        "request", "shadow", "origin", "host", "destination", "status", "half_days", "place", "cancelled_by",
        "cancel_reason", "created_at", "changed_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (VisitInline, ParticipationInline)
    show_facets = admin.ShowFacets.NEVER
