"""Signatures of an appraisal, and what takes them back: what was signed has to be what stands there."""

from __future__ import annotations

from accounts.workflow import Move
from appraisals.models import Appraisal


def content_changed(move: Move[Appraisal]) -> None:
    """What was signed is not what stands there any more: signatures that were given are taken back."""
    appraisal, taken = move.thing, []
    if appraisal.person_signed_at is not None:
        taken.append(appraisal.person)
        appraisal.person_signed_at = None
    if appraisal.appraiser_signed_by is not None:
        taken.append(appraisal.appraiser_signed_by)
        appraisal.appraiser_signed_at = appraisal.appraiser_signed_by = None
    if taken:
        names = " and ".join(person.full_name for person in taken)
        move.reason = f"This took back the signature of {names}."
