"""The form that records the conversation about shadowing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.days import day
from accounts.forms.fields import AnyDay
from accounts.models import Person
from appraisals.enums import TalkOutcome
from appraisals.forms.action_forms import ActionForm, words_field
from appraisals.workflow.conversations import LATE

LONGEST = 2000
WHY_NOT = "You chose “Not this year”: please say why in a few words."
TO_COME = "This day is still to come. Record the conversation once you have had it."
BEFORE = "This day lies before {name}, which begins on {day}. Is the year right?"
AFTER = "This day lies too long after {name}, which ended on {day}. Is the year right?"


class RecordTalkForm(ActionForm):
    """The form for both sides; it starts with what was recorded before, so that it can be corrected."""

    outcome = forms.ChoiceField(
        label="What did you agree?",
        choices=TalkOutcome.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": "Choose what you agreed."},
    )
    held_on = AnyDay(
        label="When did you talk?", error_messages={"required": "Give the day on which you talked."}
    )
    words = words_field(
        "In a sentence or two",
        "Where to, what for, by when; or why not this year. Both of you can read it, and it stands in the "
        "appraisal summary.",
        required=False,
        longest=LONGEST,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appraisal = self.appraisal
        if appraisal.talk_on is not None:
            recorded = {"outcome": appraisal.talk_outcome, "held_on": appraisal.talk_on}
            self.initial = {**recorded, "words": appraisal.talk_words, **self.initial}
        else:
            self.initial.setdefault("held_on", timezone.localdate())

    def clean_held_on(self) -> dt.date:
        """Require a day that is not in the future and in the cycle, or soon after it."""
        held_on: dt.date = self.cleaned_data["held_on"]
        cycle = self.appraisal.cycle
        if held_on > timezone.localdate():
            raise forms.ValidationError(TO_COME)
        if held_on < cycle.starts_on:
            raise forms.ValidationError(BEFORE.format(name=cycle.name, day=day(cycle.starts_on)))
        if held_on > cycle.ends_on + LATE:
            raise forms.ValidationError(AFTER.format(name=cycle.name, day=day(cycle.ends_on)))
        return held_on

    def clean(self) -> dict[str, Any]:
        """Require words for the outcome “not this year”."""
        given = super().clean() or self.cleaned_data
        unsaid = not given.get("words") and "words" not in self.errors
        if given.get("outcome") == TalkOutcome.NOT_THIS_YEAR and unsaid:
            self.add_error("words", WHY_NOT)
        return given

    def is_repeated(self, actor: Person) -> bool:
        """Whether exactly these values are recorded already."""
        given, now = self.cleaned_data, self.appraisal
        return (given["held_on"], given["outcome"], given["words"]) == (
            now.talk_on,
            now.talk_outcome,
            now.talk_words,
        )
