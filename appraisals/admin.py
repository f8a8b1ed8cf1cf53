"""Admin pages of appraisal years and appraisals; free text is never shown to administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.admin.base import NoDeleteAdmin, ReadOnlyAdmin
from accounts.enums import How
from accounts.views.viewer import viewer
from appraisals.audit import note_opened
from appraisals.models import Appraisal, Cycle


@admin.register(Cycle)
class CycleAdmin(NoDeleteAdmin[Cycle]):
    """Appraisal years, which cannot overlap."""

    list_display = ("name", "starts_on", "ends_on", "talk_day")
    fields = ("name", "starts_on", "ends_on", "talk_from")
    search_fields = ("name",)


@admin.register(Appraisal)
class AppraisalAdmin(ReadOnlyAdmin[Appraisal]):
    """Read-only list of appraisals and their state. Content is counted, not shown."""

    list_display = ("person", "cycle", "appraiser", "status", "is_talked", "number_of_objectives")
    list_filter = ("status", "cycle")
    list_select_related = ("person", "cycle", "appraiser")
    search_fields = ("person__first_name", "person__last_name", "person__email")
    search_help_text = "Name or email of the person"
    fields = (
        "person", "cycle", "appraiser", "department", "status", "created_at", "prompted_at", "is_talked",
        "is_signed_by_person", "is_signed_by_appraiser", "number_of_objectives", "number_of_visits",
        "number_of_notes", "changed_at",
    )  # fmt: skip
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appraisal]:
        """Return appraisals with the number of objectives, without loading free text."""
        rows = super().get_queryset(request).annotate(objective_count=Count("objectives"))
        return rows.defer("talk_words", "exempt_words")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the appraisal; first audit that the viewer opened somebody else's."""
        appraisal = self.get_object(request, object_id)
        if appraisal is not None and self.has_view_permission(request, appraisal):
            note_opened(appraisal, viewer(request), how=How.ADMIN)
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description="conversation held", boolean=True)
    def is_talked(self, appraisal: Appraisal) -> bool:
        """Whether the conversation is recorded."""
        return appraisal.talk_on is not None

    @admin.display(description="signed by the person", boolean=True)
    def is_signed_by_person(self, appraisal: Appraisal) -> bool:
        """Whether the person has signed."""
        return appraisal.person_signed_at is not None

    @admin.display(description="signed by who appraises", boolean=True)
    def is_signed_by_appraiser(self, appraisal: Appraisal) -> bool:
        """Whether the appraiser has signed."""
        return appraisal.appraiser_signed_at is not None

    @admin.display(description="objectives", ordering="objective_count")
    def number_of_objectives(self, appraisal: Appraisal) -> int:
        """The number of objectives."""
        return int(getattr(appraisal, "objective_count", 0))

    @admin.display(description="visits")
    def number_of_visits(self, appraisal: Appraisal) -> int:
        """The number of visits."""
        return appraisal.activities.count()

    @admin.display(description="notes added after the sign-off")
    def number_of_notes(self, appraisal: Appraisal) -> int:
        """The number of notes added after the sign-off."""
        return appraisal.additions.count()
