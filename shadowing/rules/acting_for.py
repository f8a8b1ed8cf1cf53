"""For whom a coordinator can act on a request or a placement, and which actions they can record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from django.urls import reverse

from accounts.models import Person
from accounts.workflow import actions_for, workflow_of
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Placement, Request
from shadowing.rules.participants import hosts_visit
from shadowing.rules.participation_policies import visit_sides_to_act_on
from shadowing.rules.policies import (
    can_act_for_hosts_side,
    can_act_for_visitors_side,
    can_act_in_visit,
    sides_to_act_on,
)

SHADOW, MANAGER, HOST, HOST_MANAGER = "shadow", "manager", "host", "host-manager"
ROLE_NAMES: Mapping[str, str] = MappingProxyType(
    {SHADOW: "who visits", MANAGER: "line manager", HOST: "host", HOST_MANAGER: "host’s manager"}
)
STEPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        SHADOW: frozenset(
            {"withdraw", "confirm_dates", "reject_dates", "happened", "did_not_happen", "cancel"}
        ),
        MANAGER: frozenset({"approve", "send_back", "decline"}),
        HOST: frozenset(
            {"agree", "propose_dates", "put_on_waiting_list", "decline_hosting"}
            | {"happened", "did_not_happen", "cancel"}
        ),
        HOST_MANAGER: frozenset({"agree_hosting", "refuse_hosting"}),
    }
)
LABELS = {
    "approve": "They agree",
    "send_back": "They send it back with a question",
    "decline": "They decline",
    "agree": "They agree dates",
    "propose_dates": "They suggest other dates",
    "put_on_waiting_list": "They put it on the waiting list",
    "decline_hosting": "They decline to host",
    "agree_hosting": "They agree that the team hosts",
    "refuse_hosting": "They decline for the team",
    "confirm_dates": "They take these dates",
    "reject_dates": "They ask for other dates",
    "withdraw": "They withdraw the request",
    "happened": "It took place",
    "did_not_happen": "It did not take place",
    "cancel": "They cancel the visit",
}


@dataclass(frozen=True)
class Step:
    """An action a coordinator can record on somebody's behalf."""

    action: str
    label: str
    url: str


@dataclass(frozen=True)
class Part:
    """A person on whose behalf a coordinator can act; ``steps`` is empty while nothing is asked of them."""

    side: str
    person: Person
    url: str
    steps: list[Step]

    @property
    def title(self) -> str:
        """Return whom the coordinator acts for, and in which role."""
        return title_for(self.person, self.side)


def title_for(person: Person, side: str) -> str:
    """Return whom the coordinator acts for, and in which role."""
    return f"For {person.full_name} ({ROLE_NAMES[side]})"


def part_of(record: Request | Placement, side: str, actor: Person) -> Part | None:
    """Return the person on ``side`` of ``record`` with the actions ``actor`` can record for them.

    None if nobody is on that side.
    """
    person = _person(record, side)
    if person is None:
        return None
    allowed = STEPS[side]
    return Part(
        side=side,
        person=person,
        url=address(record, side),
        steps=[
            Step(action, LABELS[action], address(record, side, action))
            for action in actions_for(record, actor, person)
            if action in allowed
        ],
    )


@dataclass(frozen=True)
class Link:
    """A link to the page on which a coordinator records actions for one side."""

    title: str
    url: str


def links_of(record: Request | Placement, actor: Person, decisions: Collection[Decision] = ()) -> list[Link]:
    """Return links to the sides for which ``actor`` can record something in this state, with one query.

    ``decisions`` are those of a request, in order. Whether it is that person's turn is checked by the page
    that the link opens.
    """
    asked = {decision.role: decision.asked for decision in decisions}
    sides_with_steps = [side for side in ROLE_NAMES if _has_steps(record, side)]
    allowed_sides = _sides_of(record, actor, asked) if sides_with_steps else set()
    return [
        Link(title_for(person, side), address(record, side))
        for side in sides_with_steps
        if side in allowed_sides and (person := _owner(record, side, asked)) is not None and person != actor
    ]


def _sides_of(record: Request | Placement, actor: Person, asked: Mapping[str, Person]) -> set[str]:
    """Return the sides on which ``actor`` may act for others; for themselves people use their own pages."""
    visit = record if isinstance(record, Placement) else None
    request = visit.request if visit is not None else cast("Request", record)
    home = visit.origin if visit is not None else request.origin
    away = visit.destination if visit is not None else request.offer.department
    departments = (
        visit_sides_to_act_on(actor, visit)
        if visit is not None
        else sides_to_act_on(actor, request, [home, away])
    )
    sides = {SHADOW, MANAGER} if home in departments else set()
    host = visit.host if visit is not None else (asked.get(DecisionRole.HOST) or request.offer.host)
    if away in departments and host != actor and (visit is None or hosts_visit(host, visit)):
        sides |= {HOST, HOST_MANAGER}
    return sides


def _has_steps(record: Request | Placement, side: str) -> bool:
    """Return whether the status allows any action of that side."""
    table = workflow_of(record).transitions
    steps = [table[action] for action in STEPS[side] if action in table]
    return any(record.status in step.sources and step.offered(record) for step in steps)


def can_act_for_side(record: Request | Placement, side: str, actor: Person, person: Person | None) -> bool:
    """Return whether ``actor`` may act for ``person`` on that side, whatever actions are left there."""
    if person is None or person == actor:
        return False
    if isinstance(record, Placement):
        return can_act_in_visit(actor, person, record)
    may = can_act_for_visitors_side if side in (SHADOW, MANAGER) else can_act_for_hosts_side
    return may(actor, person, record)


def address(record: Request | Placement, side: str, action: str = "") -> str:
    """Return the path of the page of one side, or of one of its actions."""
    name = "visit-for" if isinstance(record, Placement) else "request-for"
    if action:
        return reverse(f"coordination:{name}-step", args=[record.pk, side, action])
    return reverse(f"coordination:{name}", args=[record.pk, side])


def title_of(record: Request | Placement, action: str) -> str:
    """Return the label of the action's button."""
    return LABELS.get(action, workflow_of(record).transitions[action].label)


ROLES = {
    MANAGER: DecisionRole.LINE_MANAGER,
    HOST: DecisionRole.HOST,
    HOST_MANAGER: DecisionRole.HOST_MANAGER,
}


def _person(record: Request | Placement, side: str) -> Person | None:
    """Return the person who is on that side now."""
    asked: dict[str, Person] = {}
    if isinstance(record, Request) and side in ROLES:
        decision = Decision.objects.latest_for(record, ROLES[side])
        asked = {ROLES[side]: decision.asked} if decision is not None else {}
    return _owner(record, side, asked)


def _owner(record: Request | Placement, side: str, asked: Mapping[str, Person]) -> Person | None:
    """Return the person on that side; ``asked`` maps each role to the person asked last."""
    if side == SHADOW:
        return record.shadow
    if isinstance(record, Placement):
        return record.host if side == HOST else None
    return asked.get(ROLES[side]) or (record.offer.host if side == HOST else None)
