"""The administration of appraisal years. What is written in an appraisal stays with its people."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.admin.base import KeptAdmin
from appraisals.models import Appraisal, Cycle


@admin.register(Cycle)
class CycleAdmin(KeptAdmin[Cycle]):
    """Appraisal years; they do not overlap."""

    list_display = ("name", "starts_on", "ends_on")
    search_fields = ("name",)


@admin.register(Appraisal)
class AppraisalAdmin(KeptAdmin[Appraisal]):
    """Whose appraisal in which year, and by whom; objectives are counted, not shown."""

    list_display = ("person", "cycle", "appraiser", "status", "number_of_objectives")
    list_filter = ("status", "cycle")
    list_select_related = ("person", "cycle", "appraiser")
    search_fields = ("person__first_name", "person__last_name", "person__email")
    search_help_text = "Name or email of the person"
    autocomplete_fields = ("person", "cycle", "appraiser")
    readonly_fields = ("status", "number_of_objectives")
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appraisal]:
        """With the number of objectives."""
        return super().get_queryset(request).annotate(objective_count=Count("objectives"))

    @admin.display(description="objectives", ordering="objective_count")
    def number_of_objectives(self, appraisal: Appraisal) -> int:
        """How many objectives it holds."""
        return int(getattr(appraisal, "objective_count", 0))
