"""Schemes with their rules in words, and the days on which the organisation is closed."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.base import KeptAdmin, SparingAdmin
from shadowing.models import ClosureDay, Scheme


@admin.register(Scheme)
class SchemeAdmin(KeptAdmin[Scheme]):
    """The rules; a change holds for what is asked from now on."""

    list_display = (
        "name",
        "branch",
        "cap_half_days",
        "offers_checked",
        "host_manager_part",
        "decide_by_email",
    )
    list_select_related = ("branch",)
    search_fields = ("name",)
    autocomplete_fields = ("branch", "coordinators")
    fieldsets = (
        (None, {"fields": ("name", "branch", "coordinators")}),
        (
            "Who may go, and for how long",
            {
                "description": "A day is two half-days. The cap counts agreed visits in one appraisal year.",
                "fields": (
                    "probation_passed", "own_department_allowed", ("shortest_half_days", "longest_half_days"),
                    "cap_half_days", "live_requests",
                ),
            },
        ),
        (
            "Who agrees",
            {
                "description": "The line manager always decides; nothing is ever agreed by silence.",
                "fields": ("offers_checked", "host_manager_part", "decide_by_email"),
            },
        ),
        (
            "When nobody answers",
            {
                "description": "Days are working days. Reminders are a list, such as 3,6.",
                "fields": (
                    "manager_reminder_days", "manager_escalation_day", "manager_lapse_day",
                    "host_reminder_days", "host_lapse_day", "late_cancellation_days",
                ),
            },
        ),
        (
            "Working days",
            {
                "description": "Bank holidays of this country and region; closure days have their own list.",
                "fields": ("holiday_country", "holiday_region"),
            },
        ),
        ("Words", {"fields": ("word_shadow", "word_host", "agreement")}),
    )  # fmt: skip


@admin.register(ClosureDay)
class ClosureDayAdmin(SparingAdmin[ClosureDay]):
    """Days nobody works, besides weekends and bank holidays."""

    list_display = ("day", "name")
    date_hierarchy = "day"
    search_fields = ("name",)
