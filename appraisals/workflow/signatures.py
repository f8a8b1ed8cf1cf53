"""Signatures of an appraisal: given by both sides, and taken back until both stand."""

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


def after_person(move: TransitionContext[Appraisal]) -> str:
    """Signed off, if who appraises has signed."""
    return AppraisalStatus.SIGNED_OFF if move.record.appraiser_signed_at else move.source


def after_appraiser(move: TransitionContext[Appraisal]) -> str:
    """Signed off, if the person has signed."""
    return AppraisalStatus.SIGNED_OFF if move.record.person_signed_at else move.source


def sign_as_person(move: TransitionContext[Appraisal]) -> None:
    """The person signs."""
    appraisal = move.record
    if appraisal.person_signed_at is not None:
        raise TransitionError(SIGNED.format(day=day(appraisal.person_signed_at)))
    require_seen(move)
    _require_talk(appraisal)
    appraisal.person_signed_at = move.at
    _tell_if_signed_off(move)


def sign_as_appraiser(move: TransitionContext[Appraisal]) -> None:
    """Who appraises signs, or their deputy; all that was learned has been read before."""
    appraisal, before = move.record, move.record.appraiser_signed_by
    if before is not None:
        sentence = SIGNED if before == move.actor else OTHER_SIGNED
        raise TransitionError(sentence.format(name=before.full_name, day=day(appraisal.appraiser_signed_at)))
    require_seen(move)
    _require_talk(appraisal)
    if unacknowledged(appraisal):
        raise TransitionError(NOT_READ.format(name=appraisal.person.full_name))
    appraisal.appraiser_signed_at, appraisal.appraiser_signed_by = move.at, move.actor
    _tell_if_signed_off(move)


def take_back(move: TransitionContext[Appraisal]) -> None:
    """One's own side's signature does not stand any more."""
    appraisal = move.record
    own = move.actor == appraisal.person
    if (appraisal.person_signed_at if own else appraisal.appraiser_signed_at) is None:
        raise TransitionError(NOT_SIGNED)
    if own:
        appraisal.person_signed_at = None
    else:
        appraisal.appraiser_signed_at = appraisal.appraiser_signed_by = None


def _require_talk(appraisal: Appraisal) -> None:
    if appraisal.talk_on is None:
        raise TransitionError(NO_TALK)


def _tell_if_signed_off(move: TransitionContext[Appraisal]) -> None:
    if move.target == AppraisalStatus.SIGNED_OFF:
        emails.tell_both_sides("appraisal_signed_off_to_", move.record)
