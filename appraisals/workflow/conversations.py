"""The shadowing conversation: asked for once, recorded by either side."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.days import day
from accounts.workflow import TransitionContext, TransitionError
from appraisals.enums import TalkOutcome
from appraisals.models import Appraisal
from appraisals.workflow.signed_content import content_changed, required

LONGEST = 2000
LATE = dt.timedelta(days=60)  # a conversation held late is better than none, and without it nobody signs
PROMPTED = "The conversation was asked for already, or has been held."
TO_COME = "This day is still to come. Record the conversation once you have had it."
OUTSIDE = "The conversation belongs to {cycle}: give a day from {first} to {last}."
WHICH = "Choose what you agreed."
WHY_NOT = "Not this year: please say why in a few words."


def prompt(move: TransitionContext[Appraisal]) -> None:
    """Both are asked to talk; once in a cycle, whoever asks."""
    appraisal = move.record
    if appraisal.prompted_at is not None or appraisal.talk_on is not None:
        raise TransitionError(PROMPTED)
    appraisal.prompted_at = move.at


def record(move: TransitionContext[Appraisal]) -> None:
    """When they talked and what came of it. It may be recorded again: the latest stands."""
    appraisal, held_on = move.record, move.inputs["held_on"]
    outcome, words = move.inputs["outcome"], move.inputs.get("words", "")
    _require_day(appraisal, held_on)
    if outcome not in TalkOutcome.values:
        raise TransitionError(WHICH)
    if outcome == TalkOutcome.NOT_THIS_YEAR or words.strip():
        words = required(words, WHY_NOT, longest=LONGEST)
    before = (appraisal.talk_on, appraisal.talk_outcome, appraisal.talk_words)
    appraisal.talk_on, appraisal.talk_outcome = held_on, outcome
    appraisal.talk_words, appraisal.talk_by = words.strip(), move.actor
    if before != (appraisal.talk_on, appraisal.talk_outcome, appraisal.talk_words):
        content_changed(move)


def _require_day(appraisal: Appraisal, held_on: dt.date) -> None:
    cycle = appraisal.cycle
    if held_on > timezone.localdate():
        raise TransitionError(TO_COME)
    if not cycle.starts_on <= held_on <= cycle.ends_on + LATE:
        first, last = day(cycle.starts_on), day(cycle.ends_on + LATE)
        raise TransitionError(OUTSIDE.format(cycle=cycle.name, first=first, last=last))
