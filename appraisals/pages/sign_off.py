"""The sign-off as the page shows it: signatures, their meaning, and what must be done before signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisals.models import Appraisal
from appraisals.pages.action_panels import ActionPanel
from appraisals.pages.activities import ActivityRow
from appraisals.pages.sides import Sides

TALK_FIRST = "Before anybody signs, the conversation about shadowing is recorded above."
OF_PERSON = "says: this is what we agreed, what I did and what I learned."
OF_LEADER = "says: we talked about it, and I have read what was learned."
READ_FIRST = "Before you sign, read what was learned and say above that you have."


@dataclass(frozen=True)
class Signature:
    """One side's signature: name, role, what signing means, and when it was given."""

    name: str
    part: str
    means: str
    at: dt.datetime | None


def signing_context(
    appraisal: Appraisal, sides: Sides, activities: Sequence[ActivityRow], panels: Mapping[str, ActionPanel]
) -> dict[str, Any]:
    """Return the template context of the sign-off section."""
    signed = appraisal.person_signed_at if sides.mine else appraisal.appraiser_signed_at
    return {
        "signatures": _signatures(appraisal, sides),
        "sign_later": _reason_not_to_sign(appraisal, sides, activities),
        "take_back": panels.get("take_back_signature") if signed else None,
        "sign": None if signed else panels.get("sign_as_person") or panels.get("sign_as_appraiser"),
    }


def _signatures(appraisal: Appraisal, sides: Sides) -> list[Signature]:
    signer = appraisal.appraiser_signed_by
    other = signer is not None and signer != sides.leader  # a deputy, or a former line manager
    name = signer.full_name if signer is not None and other else sides.leader_name
    part = "as line manager" if other else sides.leader_part
    return [
        Signature(sides.person.full_name, "", OF_PERSON, appraisal.person_signed_at),
        Signature(name, part, OF_LEADER, appraisal.appraiser_signed_at),
    ]


def _reason_not_to_sign(appraisal: Appraisal, sides: Sides, activities: Sequence[ActivityRow]) -> str:
    """Return why the viewer cannot sign yet; empty when they can."""
    if appraisal.talk_on is None:
        return TALK_FIRST
    unread = any(row.is_unread for row in activities)
    return READ_FIRST if unread and not sides.mine else ""
