"""Admin pages of waiting items and history, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import HistoryEntry, WaitingItem

# Append-only entries keep the label a model had when they were written.
MOVED = {"accounts.message": "messaging.message"}


def subject_link(subject_type: str, subject_id: object) -> str:
    """Return a link to the record's admin page, or its model's name if it has none."""
    app, _, name = MOVED.get(subject_type, subject_type).partition(".")
    try:
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:{app}_{name}_change", args=[subject_id]), name
        )
    except NoReverseMatch:
        return name


@admin.register(WaitingItem)
class WaitingItemAdmin(ReadOnlyAdmin[WaitingItem]):
    """Waiting items: since when, reminders sent, next step."""

    list_display = ("what", "owner", "since", "due_on", "next_step", "next_on", "reminders_sent", "is_open")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "next_step", "kind")
    list_select_related = ("owner",)
    search_fields = ("owner__first_name", "owner__last_name", "owner__email")
    search_help_text = "Name or email of whom it waits for"
    fields = (
        "what", "owner", "deputies_may_act", "since", "due_on", "next_step", "next_on", "reminders_sent",
        "escalated_at", "closed_at", "about",
    )  # fmt: skip
    readonly_fields = ("what", "about")
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description="to do", ordering="kind")
    def what(self, item: WaitingItem) -> str:
        """Return the kind in words."""
        return item.kind.replace("_", " ").capitalize()

    @admin.display(description="waits", boolean=True)
    def is_open(self, item: WaitingItem) -> bool:
        """Return whether nobody has dealt with it yet."""
        return item.closed_at is None

    @admin.display(description="about")
    def about(self, item: WaitingItem) -> str:
        """Return a link to the record it is about."""
        return subject_link(item.subject_type, item.subject_id)


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin[HistoryEntry]):
    """History of transitions, without the reasons, which only certain people may read."""

    list_display = (
        "at",
        "action_in_words",
        "about",
        "actor",
        "on_behalf_of",
        "how",
        "from_state",
        "to_state",
    )
    list_filter = ("how", "subject_type")
    list_select_related = ("actor", "on_behalf_of")
    search_fields = ("actor__first_name", "actor__last_name", "actor__email", "=subject_id")
    search_help_text = "Name or email of who acted, or the id of the record"
    fields = ("at", "action_in_words", "about", "actor", "on_behalf_of", "how", "from_state", "to_state")
    readonly_fields = ("action_in_words", "about")
    show_facets = admin.ShowFacets.NEVER

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Order by time, newest first."""
        return ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[HistoryEntry]:
        """Leave out the reasons."""
        return super().get_queryset(request).defer("reason")

    @admin.display(description="what", ordering="action")
    def action_in_words(self, entry: HistoryEntry) -> str:
        """Return the action in words."""
        return entry.action.replace("_", " ").capitalize()

    @admin.display(description="about")
    def about(self, entry: HistoryEntry) -> str:
        """Return a link to the record it is about."""
        return subject_link(entry.subject_type, entry.subject_id)
