"""The history of an appraisal in plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.enums import How
from accounts.models import HistoryEntry
from appraisals.models import Appraisal

BY_ACTION = {
    "add_objective": "{actor} added an objective",
    "change_objective": "{actor} changed an objective",
    "drop_objective": "{actor} dropped an objective",
    "agree_objectives": "{actor} agreed the objectives",
    "record_talk": "{actor} recorded the conversation about shadowing",
    "acknowledge": "{actor} acknowledged what was learned",
    "sign_as_person": "{actor} signed",
    "sign_as_appraiser": "{actor} signed as line manager",
    "take_back_signature": "{actor} took the signature back",
    "add_note": "{actor} added a note",
    "exempt": "{actor} exempted this appraisal",
    "include": "{actor} took the exemption back",
    "hand_over": "The appraisal passed to another line manager",
    "prompt": "Both were asked to talk about shadowing",
    "nudge_talk": "{actor} reminded the manager of the conversation",
    "release_evidence": "{actor} released what was learned",
    "withdraw_evidence": "{actor} took back what had been released",
}
OTHERWISE = "{actor} changed something"
BY_WAY = {How.EMAIL_LINK: ", from the email", How.ADMIN: ", in the administration"}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: dt.datetime
    sentence: str
    reason: str


def moments(appraisal: Appraisal) -> list[Moment]:
    """Return the appraisal's history, oldest first. Reasons are generated text; nobody typed them."""
    return [
        Moment(entry.at, _sentence(entry), entry.reason) for entry in HistoryEntry.objects.about(appraisal)
    ]


def _sentence(entry: HistoryEntry) -> str:
    actor = entry.actor.full_name if entry.actor else "The schedule"
    sentence = BY_ACTION.get(entry.action, OTHERWISE).format(actor=actor)
    behalf = f" on behalf of {entry.on_behalf_of.full_name}" if entry.on_behalf_of else ""
    return f"{sentence}{behalf}{BY_WAY.get(How(entry.how), '')}."
