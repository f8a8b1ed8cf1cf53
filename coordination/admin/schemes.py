"""Admin pages of schemes, with their rules in words, and of closure days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone

from accounts.admin.audit_trail import note_coordinators
from accounts.admin.base import LargeTableAdmin, ModelForm, NoDeleteAdmin, TabularInline
from accounts.days import day
from accounts.models import Person
from accounts.self_granting import NAMES_YOU, Gains
from coordination.admin.checklists import ChecklistInline
from coordination.forms.schemes import normalised_text
from shadowing.mail.wording import EXAMPLES, fill_placeholders, mails_by_recipient
from shadowing.models import Agreement, ClosureDay, MailWording, Scheme
from shadowing.models.wording import NAMES, OFFER_NAMES
from shadowing.rules.policies import runs_scheme


class MailWordingForm(ModelForm[MailWording]):
    """One mail and the paragraph at its head."""

    template = forms.ChoiceField(
        label="Mail", choices=lambda: [("", "Choose a mail"), *mails_by_recipient().items()], required=True
    )

    class Meta:
        model = MailWording
        fields = ("template", "words")
        widgets = {"words": forms.Textarea(attrs={"rows": 4, "cols": 60})}
        help_texts = {
            "words": "Placeholders: "
            + ", ".join(f"{{{name}}} {meaning}" for name, meaning in NAMES.items())
            + f". Mails about an offer know no {' and no '.join(_ for _ in NAMES if _ not in OFFER_NAMES)}."
        }


class MailWordingInline(TabularInline[MailWording, Scheme]):
    """The scheme's own paragraphs, each with a preview."""

    model = MailWording
    form = MailWordingForm
    extra = 0
    fields = ("template", "words", "preview")
    readonly_fields = ("preview",)

    @admin.display(description="As it will read")
    def preview(self, wording: MailWording) -> str:
        """The paragraph, filled in with names of the demo."""
        if not wording.pk:
            return "Shown once it is saved."
        try:
            words = fill_placeholders(wording.template, wording.words, EXAMPLES)
        except ValidationError as error:
            return " ".join(error.messages)
        return linebreaksbr(words)


class SchemeForm(ModelForm[Scheme]):
    """The rules of a scheme."""

    def clean_agreement(self) -> str:
        """Return the text with uniform line ends, so that only changed words make a new version."""
        return normalised_text(self.cleaned_data["agreement"])


CHANGED_AGREEMENT = (
    "Changed words become a new version: requests and visits to come are asked for it, and whoever accepted "
    "an earlier one keeps that."
)


@admin.register(Scheme)
class SchemeAdmin(NoDeleteAdmin[Scheme]):
    """The rules; a change applies to what is asked from now on."""

    form = SchemeForm
    inlines = (MailWordingInline, ChecklistInline)
    readonly_fields = ("agreement_version",)

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
                "description": "Days are working days, counted from the day something is asked. Reminders "
                "are a list, such as 3,6, or empty. A change holds for what is asked from now on: what "
                "people were promised on their pages and in their mail stays.",
                "fields": (
                    "manager_reminder_days", "manager_escalation_day", "manager_lapse_day",
                    "host_reminder_days", "host_lapse_day", "late_cancellation_days",
                ),
            },
        ),
        (
            "Working days",
            {
                "description": "Bank holidays of this country (GB) and region (ENG, NIR, SCT, WLS); a change "
                "holds for what is asked from now on. Closure days have their own list.",
                "fields": ("holiday_country", "holiday_region"),
            },
        ),
        ("Words", {"fields": ("word_shadow", "word_host", "agreement", "agreement_version")}),
    )  # fmt: skip

    def gains(self, editor: Person, form: Any) -> Gains:
        """Refuse people who make themselves coordinator or widen the branch of a scheme that they run."""
        scheme, found = form.instance, dict[str, str]()
        runs = scheme.pk is not None and runs_scheme(editor, scheme)
        if "coordinators" in form.changed_data and editor in form.cleaned_data["coordinators"] and not runs:
            found["coordinators"] = NAMES_YOU
        if runs and "branch" in form.changed_data:
            found["branch"] = NAMES_YOU
        return found

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Audit by name who gained or lost a coordinator's rights."""
        scheme: Scheme = form.instance
        before = list(scheme.coordinators.all())
        super().save_related(request, form, formsets, change)
        note_coordinators(request, scheme, before, scheme.coordinators.all())

    @admin.display(description="The version that holds")
    def agreement_version(self, scheme: Scheme) -> str:
        """The current version, and what a change does."""
        current = Agreement.objects.current(scheme) if scheme.pk else None
        since = f"Version {current.number}, since {day(current.created_at)}. " if current else ""
        return since + CHANGED_AGREEMENT


CLOCKS_FOLLOW = (
    "Reminders and lapses that are still to come move one working day later for everybody who would have "
    "worked on it, within a minute or two. When a day is taken off the list, nothing is made earlier."
)


@admin.register(ClosureDay)
class ClosureDayAdmin(LargeTableAdmin[ClosureDay]):
    """Days on which nobody works, besides weekends and bank holidays."""

    list_display = ("day", "name")
    date_hierarchy = "day"
    search_fields = ("name",)
    fieldsets = ((None, {"description": CLOCKS_FOLLOW, "fields": ("day", "name")}),)

    def save_model(self, request: HttpRequest, obj: ClosureDay, form: Any, change: bool) -> None:
        """Recount deadlines when a day was moved, as for a new one."""
        if "day" in form.changed_data:
            obj.added_at, obj.moved_to, obj.counted_at = timezone.now(), None, None
        super().save_model(request, obj, form, change)
