"""The progress of an appraisal as a sentence and three steps, and what it asks of the viewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.days import by_day, day
from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from appraisals.enums import AppraisalStatus, AskKind, ExemptReason
from appraisals.models import Appraisal, Objective
from appraisals.pages.sides import Sides

ASKED = "{who} asked to {what}, since {since}."
WHAT: dict[str, str] = {
    AskKind.AGREE_OBJECTIVES: "agree the objectives",
    AskKind.TALK: "talk about shadowing",
    AskKind.ACKNOWLEDGE: "read what was learned",
    AskKind.SIGN: "sign",
}
CARDS: dict[str, tuple[str, str]] = {
    AskKind.AGREE_OBJECTIVES: ("Agree the objectives of {other}", "#objectives"),
    AskKind.TALK: ("Talk about shadowing with {other}, and record it here", "#talk"),
    AskKind.ACKNOWLEDGE: ("Read what {other} learned, and say that you have", "#evidence"),
    AskKind.SIGN: ("Sign the appraisal", "#sign"),
}
ORDER = list(CARDS)


@dataclass(frozen=True)
class Step:
    """One step of the year; ``state`` is "done", "now" or "next"."""

    label: str
    state: str


@dataclass(frozen=True)
class WhereNow:
    """What ``components/whereabouts.html`` shows."""

    sentence: str
    next_sentence: str
    steps: list[Step]


@dataclass(frozen=True)
class Card:
    """A waiting item of the viewer, shown on the appraisal's page."""

    title: str
    url: str
    due: dt.date | None


def cards_of(items: Sequence[WaitingItem], sides: Sides) -> list[Card]:
    """Return a card for each waiting item of the viewer, in the order of the page."""
    known = [item for item in items if item.kind in CARDS]
    return [
        Card(CARDS[item.kind][0].format(other=sides.other_name), CARDS[item.kind][1], item.due_on)
        for item in sorted(known, key=lambda item: ORDER.index(AskKind(item.kind)))
    ]


def where_now(
    appraisal: Appraisal, sides: Sides, objectives: Sequence[Objective], items: Sequence[WaitingItem]
) -> WhereNow:
    """Return the progress of the appraisal; ``items`` are all its open waiting items."""
    if appraisal.status == AppraisalStatus.EXEMPT:
        return WhereNow(_exempt(appraisal, sides), "Nothing is asked of anybody.", [])
    steps = _steps(appraisal, objectives)
    if appraisal.status == AppraisalStatus.SIGNED_OFF:
        later = "It can no longer be changed. What comes later is added as a note."
        return WhereNow(f"Signed off by both on {day(_last_signed(appraisal))}.", later, steps)
    return WhereNow(_open(appraisal, sides, items), _next(appraisal, items), steps)


def _exempt(appraisal: Appraisal, sides: Sides) -> str:
    who = "You have" if sides.mine else f"{sides.person.full_name} has"
    reason = ExemptReason(appraisal.exempt_reason).label.lower()
    words = f" {appraisal.exempt_words}" if appraisal.exempt_words else ""
    return f"{who} no appraisal in this cycle: {reason}.{words}"


def _steps(appraisal: Appraisal, objectives: Sequence[Objective]) -> list[Step]:
    done = {
        ("Agree the objectives", "Objectives agreed"): bool(objectives)
        and all(objective.agreed_at for objective in objectives),
        ("Talk about shadowing", "Talked about shadowing"): appraisal.talk_on is not None,
        ("Both sign", "Signed by both"): appraisal.status == AppraisalStatus.SIGNED_OFF,
    }
    present = next((labels for labels, is_done in done.items() if not is_done), None)
    return [
        Step(was, "done") if is_done else Step(to_do, "now" if (to_do, was) == present else "next")
        for (to_do, was), is_done in done.items()
    ]


def _open(appraisal: Appraisal, sides: Sides, items: Sequence[WaitingItem]) -> str:
    signed = appraisal.person_signed_at or appraisal.appraiser_signed_at
    asked = {kind: [item for item in items if item.kind == kind] for kind in ORDER}
    kind = next((kind for kind in (AskKind.SIGN, *ORDER) if asked[kind]), None)
    first = f"{_signer(appraisal, sides)} signed on {day(signed)}. " if signed else ""
    if kind is not None:
        return first + _asked(asked[kind], sides)
    if signed:
        return f"{first}The other signature is still to come."
    if appraisal.talk_on is not None:
        return "You have talked about shadowing. When the year is done, both of you sign."
    return _before_the_talk(appraisal, sides)


def _signer(appraisal: Appraisal, sides: Sides) -> str:
    signer: Person | None = sides.person if appraisal.person_signed_at else appraisal.appraiser_signed_by
    return _name_or_you(signer, sides) if signer else sides.leader_name


def _asked(items: Sequence[WaitingItem], sides: Sides) -> str:
    names = sorted({_name_or_you(item.owner, sides) for item in items}, key=lambda name: name != "You")
    verb = "are" if len(names) > 1 or names == ["You"] else "is"
    who = f"{' and '.join(names)} {verb}"
    since = day(min(item.since for item in items))
    return ASKED.format(who=who, what=WHAT[items[0].kind], since=since)


def _name_or_you(person: Person, sides: Sides) -> str:
    return "You" if person.pk == sides.viewer.pk else person.full_name


def _before_the_talk(appraisal: Appraisal, sides: Sides) -> str:
    if appraisal.cycle.talk_day <= timezone.localdate():
        return "It is time to talk about shadowing: what to see, what to show, or why not this year."
    from_day = day(appraisal.cycle.talk_day)
    asked = "both of you are" if sides.leader else "you are"
    return f"You can talk about shadowing at any time; from {from_day} {asked} asked to."


def _next(appraisal: Appraisal, items: Sequence[WaitingItem]) -> str:
    reminders = [item.next_on for item in items if item.next_on and item.next_step == NextStep.REMIND]
    reminder = f"A reminder goes on {day(min(reminders))}. " if reminders else ""
    ends = f"The year {appraisal.cycle.name} {by_day(appraisal.cycle.ends_on, 'ends on')}."
    if appraisal.cycle.ends_on < timezone.localdate():
        ends = f"The year {appraisal.cycle.name} ended on {day(appraisal.cycle.ends_on)}."
    return f"{reminder}{ends}"


def _last_signed(appraisal: Appraisal) -> dt.datetime | None:
    signed = (appraisal.person_signed_at, appraisal.appraiser_signed_at)
    return max((at for at in signed if at is not None), default=None)
