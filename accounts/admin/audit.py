"""Admin pages of the audit, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.records import subject_link
from accounts.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    """All audit entries, newest first."""

    list_display = ("at", "kind", "what", "about", "actor", "how", "person")
    list_display_links = ("at",)
    list_filter = ("kind", "how")
    list_select_related = ("actor", "person")
    date_hierarchy = "at"
    search_fields = tuple(
        f"{who}__{name}" for who in ("actor", "person") for name in ("first_name", "last_name", "email")
    )
    search_help_text = "Name or email of who acted, or of whose data it was"
    fields = ("at", "kind", "what", "about", "actor", "how", "person")
    readonly_fields = ("about",)
    show_facets = admin.ShowFacets.NEVER

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Order by time, newest first."""
        return ("-at", "-pk")

    @admin.display(description="about")
    def about(self, entry: AuditEntry) -> str:
        """Return a link to the record it is about."""
        return subject_link(entry.subject_type, entry.subject_id)
