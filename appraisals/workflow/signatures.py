"""Signatures: each side signs, and can take its signature back until both have signed."""

from __future__ import annotations

from accounts.days import day
from accounts.workflow import TransitionContext, TransitionError
from appraisals import emails
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal
from appraisals.workflow.evidence import unacknowledged
from appraisals.workflow.signed_content import require_seen

SIGNED = "You signed this appraisal on {day} already."
OTHER_SIGNED = "{name} signed this appraisal on {day} already."
NOT_SIGNED = "There is no signature of yours to take back."
NO_TALK = "The conversation about shadowing has not been recorded yet. Record it first, then sign."
NOT_READ = (
    "There is something that {name} learned and that has not been acknowledged yet. Read it first, then sign."
)


def after_person(context: TransitionContext[Appraisal]) -> str:
    """Return the state after the person signed: signed off if the appraiser has signed."""
    return AppraisalStatus.SIGNED_OFF if context.record.appraiser_signed_at else context.source


def after_appraiser(context: TransitionContext[Appraisal]) -> str:
    """Return the state after the appraiser signed: signed off if the person has signed."""
    return AppraisalStatus.SIGNED_OFF if context.record.person_signed_at else context.source


def sign_as_person(context: TransitionContext[Appraisal]) -> None:
    """Sign for the person. Raises TransitionError when already signed or before the conversation."""
    appraisal = context.record
    if appraisal.person_signed_at is not None:
        raise TransitionError(SIGNED.format(day=day(appraisal.person_signed_at)))
    require_seen(context)
    _require_talk(appraisal)
    appraisal.person_signed_at = context.at
    _tell_if_signed_off(context)


def sign_as_appraiser(context: TransitionContext[Appraisal]) -> None:
    """Sign for the appraiser; a deputy may do it.

    Raises TransitionError when already signed, before the conversation, or while evidence is unacknowledged.
    """
    appraisal, before = context.record, context.record.appraiser_signed_by
    if before is not None:
        sentence = SIGNED if before == context.actor else OTHER_SIGNED
        raise TransitionError(sentence.format(name=before.full_name, day=day(appraisal.appraiser_signed_at)))
    require_seen(context)
    _require_talk(appraisal)
    if unacknowledged(appraisal):
        raise TransitionError(NOT_READ.format(name=appraisal.person.full_name))
    appraisal.appraiser_signed_at, appraisal.appraiser_signed_by = context.at, context.actor
    _tell_if_signed_off(context)


def take_back(context: TransitionContext[Appraisal]) -> None:
    """Remove the signature of the actor's side. Raises TransitionError when there is none."""
    appraisal = context.record
    own = context.actor == appraisal.person
    if (appraisal.person_signed_at if own else appraisal.appraiser_signed_at) is None:
        raise TransitionError(NOT_SIGNED)
    if own:
        appraisal.person_signed_at = None
    else:
        appraisal.appraiser_signed_at = appraisal.appraiser_signed_by = None


def _require_talk(appraisal: Appraisal) -> None:
    if appraisal.talk_on is None:
        raise TransitionError(NO_TALK)


def _tell_if_signed_off(context: TransitionContext[Appraisal]) -> None:
    if context.target == AppraisalStatus.SIGNED_OFF:
        emails.tell_both_sides("appraisal_signed_off_to_", context.record)
