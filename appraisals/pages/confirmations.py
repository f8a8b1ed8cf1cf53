"""Confirmation messages after an action on an appraisal, and the part of the page each action belongs to."""

from __future__ import annotations

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal
from appraisals.pages.sides import Sides

CONFIRMATIONS: dict[str, str] = {
    "add_objective": "Your objective stands. {leader} is asked to agree it.",
    "change_objective": "Changed. {leader} is asked to agree it as it reads now.",
    "drop_objective": "The objective is dropped.",
    "agree_objectives": "You agreed the objectives.",
    "record_talk": "The conversation is recorded.",
    "acknowledge": "Thank you. {person} is told that you have read it.",
    "take_back_signature": "Your signature is taken back.",
    "add_note": "Your note is added.",
}
SIGNED = "You signed. {other} is asked to sign next."
SIGNED_OFF = (
    "You signed, and so the appraisal is signed off. It can no longer be changed; notes can be added."
)
# The fragment of the page that holds each action.
FRAGMENTS: dict[str, str] = {
    "add_objective": "objectives",
    "change_objective": "objectives",
    "drop_objective": "objectives",
    "agree_objectives": "objectives",
    "record_talk": "talk",
    "acknowledge": "evidence",
    "sign_as_person": "sign",
    "sign_as_appraiser": "sign",
    "take_back_signature": "sign",
    "add_note": "notes",
}


def confirmation_for(action: str, appraisal: Appraisal, person: Person) -> str:
    """Return the confirmation for ``person``, who did ``action``; ``appraisal`` is in its new state."""
    sides = Sides.of(appraisal, person)
    names = {"person": appraisal.person.full_name, "leader": sides.leader_name, "other": sides.other_name}
    if action.startswith("sign_"):
        both = appraisal.status == AppraisalStatus.SIGNED_OFF
        return (SIGNED_OFF if both else SIGNED).format(**names)
    return CONFIRMATIONS[action].format(**names)
