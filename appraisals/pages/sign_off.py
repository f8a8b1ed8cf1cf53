"""The sign-off as the page shows it: what each signature means, who has signed, what has to come first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisals.models import Appraisal
from appraisals.pages.action_panels import Ask
from appraisals.pages.activities import ActivityRow
from appraisals.pages.sides import Sides

TALK_FIRST = "Before anybody signs, the conversation about shadowing is recorded above."
OF_PERSON = "says: this is what we agreed, what I did and what I learned."
OF_LEADER = "says: we talked about it, and I have read what was learned."
READ_FIRST = "Before you sign, read what was learned and say above that you have."


@dataclass(frozen=True)
class Signature:
    """One side: who it is, in which part, what signing means, and when it was signed."""

    name: str
    part: str
    means: str
    at: dt.datetime | None


def signing_context(
    appraisal: Appraisal, sides: Sides, activities: Sequence[ActivityRow], asks: Mapping[str, Ask]
) -> dict[str, Any]:
    """What the part about signing shows."""
    signed = appraisal.person_signed_at if sides.mine else appraisal.appraiser_signed_at
    return {
        "signatures": _signatures(appraisal, sides),
        "sign_later": _first_of_all(appraisal, sides, activities),
        "take_back": asks.get("take_back_signature") if signed else None,
        "sign": None if signed else asks.get("sign_as_person") or asks.get("sign_as_appraiser"),
    }


def _signatures(appraisal: Appraisal, sides: Sides) -> list[Signature]:
    signer = appraisal.appraiser_signed_by
    other = signer is not None and signer != sides.leader  # a deputy, or who was line manager then
    name = signer.full_name if signer is not None and other else sides.leader_name
    part = "as line manager" if other else sides.leader_part
    return [
        Signature(sides.person.full_name, "", OF_PERSON, appraisal.person_signed_at),
        Signature(name, part, OF_LEADER, appraisal.appraiser_signed_at),
    ]


def _first_of_all(appraisal: Appraisal, sides: Sides, activities: Sequence[ActivityRow]) -> str:
    """Why the viewer cannot sign yet, in a sentence; empty when they can."""
    if appraisal.talk_on is None:
        return TALK_FIRST
    unread = any(row.is_unread for row in activities)
    return READ_FIRST if unread and not sides.mine else ""
