"""Exemptions from a cycle, and changes of appraiser."""

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


def exempt(context: TransitionContext[Appraisal]) -> None:
    """Exempt the person from this cycle with a reason. The appraisal's content is kept.

    Raises TransitionError when the reason, or the words that “another reason” needs, are missing.
    """
    reason, words = context.inputs.get("reason", ""), context.inputs.get("words", "").strip()
    if reason not in ExemptReason.values:
        raise TransitionError(WHICH)
    if words or reason == ExemptReason.OTHER:
        words = required(words, WHY, longest=LONGEST)
    context.record.exempt_reason, context.record.exempt_words = reason, words
    context.reason = f"{ExemptReason(reason).label}."


def include(context: TransitionContext[Appraisal]) -> None:
    """Take the person into the cycle again; the appraisal continues with the content it had.

    Raises TransitionError when the person has left.
    """
    appraisal = context.record
    if not appraisal.person.is_active:
        raise TransitionError(HAS_LEFT.format(name=appraisal.person.full_name))
    appraisal.exempt_reason = appraisal.exempt_words = ""
    appraisal.appraiser = appraiser_for(appraisal.person)


def hand_over(context: TransitionContext[Appraisal]) -> None:
    """Set the appraiser to the one who is responsible now; the history keeps the earlier one.

    Raises TransitionError when the appraiser does not change.
    """
    before, now = context.record.appraiser, appraiser_for(context.record.person)
    if before == now:
        raise TransitionError(STILL_THERE)
    context.record.appraiser = now
    gone = before.full_name if before else "nobody"
    context.reason = f"From {gone} to {now.full_name if now else 'nobody'}."
