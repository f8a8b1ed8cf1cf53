"""Forms of an appraisal year: its days, and exemptions from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.days import day
from accounts.forms.fields import AnyDay, Line, Words
from appraisals.enums import ExemptReason
from appraisals.models import Activity, Cycle
from appraisals.workflow.opening import UnknownEmailError, known_emails

NAME_TAKEN = "Another cycle has this name. Choose a name that tells them apart."
OUTSIDE = "A visit on {day} stands in the appraisals of this cycle and would fall outside. Keep it inside."
NEEDS_WORDS = "You chose “Another reason”: please say which in a few words."
REASONS = [choice for choice in ExemptReason.choices if choice[0] != ExemptReason.LEFT]


class CycleForm(forms.Form):
    """Name, first and last day, and prompt day of a new cycle or of ``cycle``."""

    name = Line(label="Name", help_text="As people call it, for example 2026/27.", max_length=60)
    starts_on = AnyDay(label="First day")
    ends_on = AnyDay(label="Last day")
    talk_from = AnyDay(
        label="Ask for the conversation on",
        help_text="The day on which everybody and their line manager are asked to talk about shadowing. "
        "Left empty, it is two months before the last day.",
        required=False,
    )

    def __init__(self, *args: Any, cycle: Cycle | None = None, **given: Any) -> None:
        self.before, self.cycle = cycle is not None, cycle or Cycle()
        told = {name: getattr(self.cycle, name) for name in ("name", "starts_on", "ends_on", "talk_from")}
        super().__init__(*args, **{**given, "initial": told})

    def clean(self) -> dict[str, Any]:
        """Validate the cycle with the new values, and show its errors beside the fields."""
        given = super().clean() or self.cleaned_data
        for name, value in given.items():
            setattr(self.cycle, name, value)
        try:
            self.cycle.full_clean(exclude=set(self.errors))
        except ValidationError as error:
            found = {**error.message_dict, **({"name": [NAME_TAKEN]} if self._name_is_taken() else {})}
            for name, sentences in found.items():
                self.add_error(name if name in self.fields else None, sentences)
        if self.before and not self.errors:
            self._keep_visits_inside()
        return given

    def _name_is_taken(self) -> bool:
        return Cycle.objects.exclude(pk=self.cycle.pk).filter(name=self.cycle.name).exists()

    def _keep_visits_inside(self) -> None:
        visits = Activity.objects.filter(appraisal__cycle=self.cycle)
        for name, outside in (
            ("starts_on", visits.filter(starts_on__lt=self.cycle.starts_on).order_by("starts_on")),
            ("ends_on", visits.filter(starts_on__gt=self.cycle.ends_on).order_by("-starts_on")),
        ):
            visit = outside.first()
            if visit is not None:
                self.add_error(name, OUTSIDE.format(day=day(visit.starts_on)))


class OpenForm(forms.Form):
    """Who is exempt when the cycle is opened."""

    exempt_probation = forms.BooleanField(
        label="People on probation have no appraisal in this cycle",
        help_text="Those whose probation runs on the day you open it, or on the cycle’s first day if that is "
        "later. You can take anybody in again afterwards.",
        required=False,
        initial=True,
    )
    absent = Words(
        label="Who is on long absence",
        help_text="Their email addresses, one on each line.",
        required=False,
        max_length=200_000,
    )

    def clean_absent(self) -> list[str]:
        """Return the emails. Raises ValidationError when one belongs to nobody who works here."""
        try:
            return known_emails(self.cleaned_data["absent"])
        except UnknownEmailError as error:
            raise forms.ValidationError(error.sentence) from error


class ExemptForm(forms.Form):
    """Why somebody is exempt from a cycle."""

    reason = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose a reason"), *REASONS],
        error_messages={"required": "Choose a reason, so that the person understands."},
    )
    words = Words(
        label="A word to go with it",
        help_text="The person and their line manager can read it.",
        required=False,
        max_length=300,
    )

    def clean(self) -> dict[str, Any]:
        """Require words for “another reason”."""
        given = super().clean() or self.cleaned_data
        unsaid = not given.get("words") and "words" not in self.errors
        if given.get("reason") == ExemptReason.OTHER and unsaid:
            self.add_error("words", NEEDS_WORDS)
        return given


class IncludeForm(forms.Form):
    """Include somebody again; the form has no fields."""
