"""Admin of offers and sessions: texts can be corrected here, the status changes by actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin.base import ModelForm, ReadOnlyInline
from accounts.days import day
from shadowing.models import Offer, Session
from shadowing.offers.forms.offers import TOO_LATE_TO_APPLY
from shadowing.rules.admin_actions import NeededWordsForm, WordsForm, WorkflowAdmin
from shadowing.rules.durations import length_error


class OfferForm(ModelForm[Offer]):
    """Form that makes the same checks as the offer's own page."""

    def clean(self) -> dict[str, Any]:
        """Check that coming sessions fit the length, and that the deadline is not after the last session."""
        given = super().clean() or self.cleaned_data
        sessions = list(Session.objects.to_come().filter(offer=self.instance))
        deadline, length = given.get("deadline"), given.get("half_days")
        last = max((self._last_day(session) for session in sessions), default=None)
        if deadline and last and deadline > last and "deadline" in self.changed_data:
            self.add_error("deadline", TOO_LATE_TO_APPLY.format(day=day(last)))
        if length and "half_days" in self.changed_data:
            self._check_length(length, [session for session in sessions if not session.by_arrangement])
        return given

    def _check_length(self, length: int, sessions: list[Session]) -> None:
        errors = (length_error(session.starts_at, session.ends_at, length) for session in sessions)
        sentence = next(filter(None, errors), "")
        if sentence:
            self.add_error("half_days", sentence)

    @staticmethod
    def _last_day(session: Session) -> dt.date:
        return timezone.localdate(session.ends_at if session.by_arrangement else session.starts_at)


class SessionInline(ReadOnlyInline[Session, Offer]):
    """Read-only sessions; they change on the offer's own page, which notifies people who requested them."""

    model = Session
    fields = ("starts_at", "ends_at", "by_arrangement", "places", "taken", "cancelled")
    readonly_fields = ("taken", "cancelled")


@admin.register(Offer)
class OfferAdmin(WorkflowAdmin[Offer]):
    """Admin of all offers, in any status."""

    form = OfferForm
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
        """Return offers without the search columns."""
        return super().get_queryset(request).defer("search", "key_words")

    @admin.action(description="Pause", permissions=["change"])
    def pause_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """Pause the chosen offers, so that nobody can request them."""
        self.perform_on_all(request, offers, "pause")

    @admin.action(description="Open again after a pause", permissions=["change"])
    def resume_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """Open the chosen offers again."""
        self.perform_on_all(request, offers, "resume")

    @admin.action(description="Approve what waits to be checked", permissions=["change"])
    def approve_all(self, request: HttpRequest, offers: QuerySet[Offer]) -> None:
        """Open the chosen offers to everybody, and notify their hosts."""
        self.perform_on_all(request, offers, "approve_offer")
