"""The conversation about shadowing: both sides are asked for it once, and either records it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.days import day
from accounts.workflow import TransitionContext, TransitionError
from appraisals.enums import TalkOutcome
from appraisals.models import Appraisal
from appraisals.workflow.signed_content import content_changed, required

LONGEST = 2000
LATE = dt.timedelta(days=60)  # a late conversation is better than none: without it neither side can sign
PROMPTED = "The conversation was asked for already, or has been held."
TO_COME = "This day is still to come. Record the conversation once you have had it."
OUTSIDE = "The conversation belongs to {cycle}: give a day from {first} to {last}."
WHICH = "Choose what you agreed."
WHY_NOT = "Not this year: please say why in a few words."


def prompt(context: TransitionContext[Appraisal]) -> None:
    """Note that both sides are asked to talk.

    Raises TransitionError if that was done before in this cycle.
    """
    appraisal = context.record
    if appraisal.prompted_at is not None or appraisal.talk_on is not None:
        raise TransitionError(PROMPTED)
    appraisal.prompted_at = context.at


def record(context: TransitionContext[Appraisal]) -> None:
    """Record the day and outcome of the conversation. Recording again replaces the earlier record.

    Raises TransitionError when the day, the outcome or the reason is missing or out of range.
    """
    appraisal, held_on = context.record, context.inputs["held_on"]
    outcome, words = context.inputs["outcome"], context.inputs.get("words", "")
    _require_day(appraisal, held_on)
    if outcome not in TalkOutcome.values:
        raise TransitionError(WHICH)
    if outcome == TalkOutcome.NOT_THIS_YEAR or words.strip():
        words = required(words, WHY_NOT, longest=LONGEST)
    before = (appraisal.talk_on, appraisal.talk_outcome, appraisal.talk_words)
    appraisal.talk_on, appraisal.talk_outcome = held_on, outcome
    appraisal.talk_words, appraisal.talk_by = words.strip(), context.actor
    if before != (appraisal.talk_on, appraisal.talk_outcome, appraisal.talk_words):
        content_changed(context)


def _require_day(appraisal: Appraisal, held_on: dt.date) -> None:
    cycle = appraisal.cycle
    if held_on > timezone.localdate():
        raise TransitionError(TO_COME)
    if not cycle.starts_on <= held_on <= cycle.ends_on + LATE:
        first, last = day(cycle.starts_on), day(cycle.ends_on + LATE)
        raise TransitionError(OUTSIDE.format(cycle=cycle.name, first=first, last=last))
