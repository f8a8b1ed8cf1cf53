"""Template context of the mails about appraisals. It contains no free text: that stays on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Person, WaitingItem
from appraisals.enums import AskKind
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of

MOST_NAMED = 50  # in one mail
TALK_WITH = "Talk about shadowing with {}"
LINE_MANAGER = "your line manager"
# What is asked of the person, and of the appraiser.
OF_PERSON = {
    AskKind.TALK: "Talk about shadowing with {leader}",
    AskKind.SIGN: "Sign your appraisal {cycle}",
}
OF_LEADER = {
    AskKind.TALK: "Talk about shadowing with {name}",
    AskKind.AGREE_OBJECTIVES: "Agree the objectives of {name}",
    AskKind.ACKNOWLEDGE: "Acknowledge what {name} learned",
    AskKind.SIGN: "Sign the appraisal of {name}",
}
NOT_TALKED = (
    "If you have talked already, please say what came of it; either of you can. If not, please find half an "
    "hour. “Not this year” is an answer as well."
)
# What a reminder says.
STILL_OF_PERSON = {
    AskKind.TALK: f"No conversation about shadowing with {{leader}} is recorded yet. {NOT_TALKED}",
    AskKind.SIGN: "Your appraisal was signed by {signer} and waits for your signature.",
}
STILL_OF_LEADER = {
    AskKind.TALK: f"No conversation about shadowing with {{name}} is recorded yet. {NOT_TALKED}",
    AskKind.AGREE_OBJECTIVES: "{name} has written objectives that you have not agreed yet. If they are not "
    "right, a word to {name} is enough: they can be changed at any time.",
    AskKind.ACKNOWLEDGE: "{name} has released what a visit taught them, and nobody has acknowledged it yet.",
    AskKind.SIGN: "{name} has signed the appraisal, and it waits for your signature.",
}
LABELS = {
    AskKind.TALK: "Open the appraisal and say what you agreed",
    AskKind.AGREE_OBJECTIVES: "See the objectives",
    AskKind.ACKNOWLEDGE: "Read it",
    AskKind.SIGN: "Read it and sign",
}
# The part of the page that answers each kind.
FRAGMENTS = {
    AskKind.TALK: "#talk",
    AskKind.AGREE_OBJECTIVES: "#objectives",
    AskKind.ACKNOWLEDGE: "#evidence",
    AskKind.SIGN: "#sign",
}


def about_appraisal(appraisal: Appraisal, recipient: Person, item: WaitingItem | None) -> dict[str, Any]:
    """Return the context that every mail about ``appraisal`` has.

    ``item`` is the recipient's waiting item.
    """
    leader, kind = appraiser_of(appraisal), AskKind(item.kind) if item else None
    return {
        "appraisal": appraisal,
        "cycle": appraisal.cycle,
        "person": appraisal.person,
        "leader": leader,
        "leader_name": leader.full_name if leader else LINE_MANAGER,
        "signer": appraisal.appraiser_signed_by,
        "deputises": _deputises(appraisal, recipient, leader),
        "item": item,
        "asked": request_text(appraisal, recipient, kind) if kind else "",
        "due": item.due_on if item else None,
        "why": _why(appraisal, recipient, leader),
        "intro": "",
        "action_url": f"{settings.SITE_URL}{appraisal.get_absolute_url()}{FRAGMENTS[kind] if kind else ''}",
        "action_label": LABELS[kind] if kind else "Open the appraisal",
    }


def about_missing_talks(appraisals: Sequence[Appraisal]) -> dict[str, Any]:
    """Return the context of the mail that names a manager's people without a conversation."""
    first, number = appraisals[0], len(appraisals)
    page = first.get_absolute_url() if number == 1 else reverse("appraisals:list")
    return {
        "asked": TALK_WITH.format(first.person.full_name if number == 1 else f"{number} people"),
        "cycle": first.cycle,
        "appraisals": appraisals[:MOST_NAMED],
        "more": max(number - MOST_NAMED, 0),
        "why": "You get this because you appraise them. A coordinator asked us to remind you.",
        "action_url": f"{settings.SITE_URL}{page}",
        "action_label": "Open the appraisal" if number == 1 else "Open their appraisals",
    }


def request_text(appraisal: Appraisal, recipient: Person, kind: AskKind) -> str:
    """Return in a few words what ``recipient`` is asked to do."""
    words = OF_PERSON if recipient == appraisal.person else OF_LEADER
    leader = appraiser_of(appraisal)
    return words[kind].format(
        name=appraisal.person.full_name,
        leader=leader.full_name if leader else LINE_MANAGER,
        cycle=appraisal.cycle.name,
    )


def reminder_text(appraisal: Appraisal, item: WaitingItem) -> str:
    """Return the text of a reminder of ``item``."""
    words = STILL_OF_PERSON if item.owner_id == appraisal.person_id else STILL_OF_LEADER
    leader = appraiser_of(appraisal)
    leader_name = leader.full_name if leader else LINE_MANAGER
    return words[AskKind(item.kind)].format(
        name=appraisal.person.full_name,
        leader=leader_name,
        signer=appraisal.appraiser_signed_by or leader_name,
    )


def _deputises(appraisal: Appraisal, recipient: Person, leader: Person | None) -> bool:
    return leader is not None and recipient not in (leader, appraisal.person)


def _why(appraisal: Appraisal, recipient: Person, leader: Person | None) -> str:
    if recipient == appraisal.person:
        return "You get this because it is about your own appraisal."
    if leader is not None and recipient != leader:
        return f"You get this because you are the deputy of {leader.full_name} at the moment."
    return f"You get this because you appraise {appraisal.person.full_name}."
