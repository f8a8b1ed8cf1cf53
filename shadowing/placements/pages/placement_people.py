"""The part of a visit's page for participants, and the visitor's answers about those who joined."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.days import day
from accounts.models import HistoryEntry, Person
from shadowing.enums import Consent, Part
from shadowing.models import Participation, Placement
from shadowing.placements.forms.joining import JoinForm
from shadowing.placements.pages.next_steps import Step
from shadowing.rules.participation_policies import decides_on_hosts, hosts_and_reads

JOINED = {
    Consent.ASKED: "Joined on {day}. {visitor} has not said yet whether they may read what is written.",
    Consent.AGREED: "Joined on {day}. {visitor} agreed on {on} that they read what is written since.",
    Consent.REFUSED: "Joined on {day}. They do not read what is written.",
}
UNANSWERED = "Joined on {day}. {visitor} did not answer by {on}, so they do not read what is written."


@dataclass(frozen=True)
class Button:
    """A button about one participant."""

    label: str
    url: str
    main: bool = False


@dataclass(frozen=True)
class CoHost:
    """A co-host: since when, what they may read, and what the viewer can do about it."""

    part: Participation
    joined: str
    buttons: list[Button]
    answers: list[Button]

    @property
    def asked(self) -> bool:
        """Whether the visitor still has to answer about them."""
        return self.part.consent == Consent.ASKED


def people_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of that part for ``person``, who may perform ``actions``."""
    rows = [row for row in placement.participations.all() if row.left_at is None and row.part != Part.VISITOR]
    silent = _silent(placement, rows)
    shown = [_shown(row, placement, person, actions, silent=row.pk in silent) for row in rows]
    return {
        "co_hosts": [one for one in shown if one.part.part == Part.CO_HOST],
        "joiners": [one for one in shown if one.part.joined_after_agreement and one.answers],
        "join_form": _join_form(placement, person) if _may_add(placement, person, actions) else None,
        "join_act": _act(placement, "join"),
    }


def _may_add(placement: Placement, person: Person, actions: Collection[str]) -> bool:
    return "join" in actions and (decides_on_hosts(person, placement) or hosts_and_reads(person, placement))


def _join_form(placement: Placement, person: Person) -> JoinForm:
    return JoinForm(record=placement, person=person, auto_id="join_%s")


def joining_steps(placement: Placement, actions: Collection[str]) -> list[Step]:
    """Return the steps that ask the visitor about those who joined."""
    if "let_read" not in actions:
        return []
    waiting = [row.person.full_name for row in placement.participations.all() if _asked(row)]
    return [
        Step(f"{name} joined your visit. Say whether they may read what you write.", "#joined", "Answer")
        for name in waiting
    ]


def _asked(row: Participation) -> bool:
    return row.left_at is None and row.consent == Consent.ASKED


def _act(placement: Placement, action: str) -> str:
    return reverse("shadowing:placement-act", args=[placement.pk, action])


def _silent(placement: Placement, rows: Collection[Participation]) -> set[int]:
    """Return the participations the visitor did not answer about in time.

    The history entry ``no_answer`` of the schedule has the same moment as the refusal.
    """
    refused = {row.pk: row.consent_at for row in rows if row.consent == Consent.REFUSED and row.consent_at}
    if not refused:
        return set()
    entries = HistoryEntry.objects.about(placement).filter(action="no_answer", at__in=refused.values())
    times = set(entries.order_by().values_list("at", flat=True))
    return {pk for pk, at in refused.items() if at in times}


def _shown(
    row: Participation, placement: Placement, person: Person, actions: Collection[str], *, silent: bool
) -> CoHost:
    visitor = "You" if placement.shadow_id == person.pk else placement.shadow.first_name
    sentence = UNANSWERED if silent else JOINED.get(Consent(row.consent), "")
    if visitor == "You":
        sentence = sentence.replace("{visitor} has", "You have")
    answered_on = day(row.consent_at) if row.consent_at else ""
    return CoHost(
        part=row,
        joined=sentence.format(day=day(row.joined_at), visitor=visitor, on=answered_on),
        buttons=_buttons(row, placement, person, actions),
        answers=_answers(row, placement, actions),
    )


def _buttons(
    row: Participation, placement: Placement, person: Person, actions: Collection[str]
) -> list[Button]:
    if row.part == Part.HOST:
        return []
    name, mine = row.person.first_name, row.person_id == person.pk
    steers = "name_host" in actions and decides_on_hosts(person, placement)
    may_leave = "leave" in actions and (mine or steers)
    named = [Button(f"Make {name} the host", _act(placement, "name_host"))] if steers else []
    off = Button("Take yourself off this visit" if mine else f"Take {name} off", _act(placement, "leave"))
    return [*named, *([off] if may_leave else [])]


def _answers(row: Participation, placement: Placement, actions: Collection[str]) -> list[Button]:
    """Return the yes and no buttons: both until there is an answer, then only the other one."""
    if not row.joined_after_agreement or "let_read" not in actions:
        return []
    yes = Button(f"Yes, {row.person.first_name} may read it", _act(placement, "let_read"), main=True)
    no = Button(f"No, keep it from {row.person.first_name}", _act(placement, "keep_from"))
    return {Consent.AGREED: [no], Consent.REFUSED: [yes]}.get(Consent(row.consent), [yes, no])
