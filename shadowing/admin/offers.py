"""Offers with their sessions: texts can be put right here, the status changes by acts."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyInline
from shadowing.admin.acting import NeededWordsForm, WordsForm, WorkflowAdmin
from shadowing.models import Offer, Session


class SessionInline(ReadOnlyInline[Session, Offer]):
    """Dates and places; they change on the offer's own page, where whoever has asked is told."""

    model = Session
    fields = ("starts_at", "ends_at", "by_arrangement", "places", "taken", "cancelled")
    readonly_fields = ("taken", "cancelled")


@admin.register(Offer)
class OfferAdmin(WorkflowAdmin[Offer]):
    """Every offer, whatever its state."""

    acts = {
        "publish": WordsForm,
        "approve_offer": WordsForm,
        "send_back_offer": NeededWordsForm,
        "pause": WordsForm,
        "resume": WordsForm,
        "close_offer": WordsForm,
    }
    list_display = ("title", "department", "host", "status", "kind", "half_days", "opened_at")
    list_filter = ("status", "kind", "format", "scheme")
    list_select_related = ("department", "host")
    search_fields = ("title", "host__first_name", "host__last_name", "host__email", "department__name")
    search_help_text = "Title, host or department"
    readonly_fields = ("status", "check_note", "scheme", "department", "host", "created_at", "opened_at")
    autocomplete_fields = ("co_hosts", "site")
    inlines = (SessionInline,)
    actions = ("pause_all", "resume_all", "approve_all")
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("title", "status", "check_note", "scheme", "department", "host", "co_hosts")}),
        (
            "What it is",
            {"fields": ("kind", "format", "site", "half_days", "topics", "will_see", "will_learn")},
        ),
        ("Before coming", {"fields": ("who_may_apply", "know_before", "will_not_attend", "deadline")}),
        ("Stamps", {"fields": ("created_at", "opened_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """Without what is kept for searching."""
        return super().get_queryset(request).defer("search", "key_words")

    @admin.action(description="Pause", permissions=["change"])
    def pause_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """Nobody can ask for them until they are opened again."""
        self.perform_on_all(request, offers, "pause")

    @admin.action(description="Open again after a pause", permissions=["change"])
    def resume_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """They can be asked for again."""
        self.perform_on_all(request, offers, "resume")

    @admin.action(description="Approve what waits to be checked", permissions=["change"])
    def approve_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """They open to everybody, and their hosts are told."""
        self.perform_on_all(request, offers, "approve_offer")
