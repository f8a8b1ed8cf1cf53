"""Who is left out of a cycle and why, and who appraises from now on."""

from __future__ import annotations

from accounts.workflow import TransitionContext, TransitionError
from appraisals.enums import ExemptReason
from appraisals.models import Appraisal
from appraisals.policies import appraiser_for
from appraisals.workflow.signed_content import required

LONGEST = 300
WHICH = "Choose why there is no appraisal."
WHY = "Please say in a few words why there is no appraisal."
HAS_LEFT = "{name} has left, so there is nobody to appraise."
STILL_THERE = "Whoever appraises still does."


def exempt(move: TransitionContext[Appraisal]) -> None:
    """There is no appraisal for this person in this cycle, with the reason. What stands in it is kept."""
    reason, words = move.inputs.get("reason", ""), move.inputs.get("words", "").strip()
    if reason not in ExemptReason.values:
        raise TransitionError(WHICH)
    if words or reason == ExemptReason.OTHER:
        words = required(words, WHY, longest=LONGEST)
    move.record.exempt_reason, move.record.exempt_words = reason, words
    move.reason = f"{ExemptReason(reason).label}."


def include(move: TransitionContext[Appraisal]) -> None:
    """There is one after all, and it goes on where it stopped."""
    appraisal = move.record
    if not appraisal.person.is_active:
        raise TransitionError(HAS_LEFT.format(name=appraisal.person.full_name))
    appraisal.exempt_reason = appraisal.exempt_words = ""
    appraisal.appraiser = appraiser_for(appraisal.person)


def hand_over(move: TransitionContext[Appraisal]) -> None:
    """The appraisal follows its person: who leads them now appraises; the history keeps who did before."""
    before, now = move.record.appraiser, appraiser_for(move.record.person)
    if before == now:
        raise TransitionError(STILL_THERE)
    move.record.appraiser = now
    gone = before.full_name if before else "nobody"
    move.reason = f"From {gone} to {now.full_name if now else 'nobody'}."
