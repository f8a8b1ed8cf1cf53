"""For whom a coordinator can act on a request or a visit, and with which steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse

from accounts.models import Person
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Placement, Request
from shadowing.policies import can_act_for_hosts_side, can_act_for_visitors_side, can_act_in_visit
from shadowing.workflow import PLACEMENTS, REQUESTS, actions_for

SHADOW, MANAGER, HOST, HOST_MANAGER = "shadow", "manager", "host", "host-manager"
AS: Mapping[str, str] = MappingProxyType(
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
    """One thing to note for them."""

    action: str
    label: str
    url: str


@dataclass(frozen=True)
class Part:
    """Somebody a coordinator can act for; ``steps`` may be empty when nothing is asked of them now."""

    side: str
    person: Person
    capacity: str
    url: str
    steps: list[Step]

    @property
    def title(self) -> str:
        """For whom, as what."""
        return f"For {self.person.full_name} ({self.capacity})"


def part_of(thing: Request | Placement, side: str, actor: Person) -> Part | None:
    """The part ``side`` has in ``thing``, with what ``actor`` can note for them; None when nobody has it."""
    person = _person(thing, side)
    if person is None:
        return None
    allowed = STEPS[side]
    return Part(
        side=side,
        person=person,
        capacity=AS[side],
        url=address(thing, side),
        steps=[
            Step(action, LABELS[action], address(thing, side, action))
            for action in actions_for(thing, actor, person)
            if action in allowed
        ],
    )


def parts_of(thing: Request | Placement, actor: Person) -> list[Part]:
    """Everybody ``actor`` can act for now."""
    return list(_parts(thing, actor))


def _parts(thing: Request | Placement, actor: Person) -> Iterator[Part]:
    for side in AS:
        if may_act(thing, side, actor) and (part := part_of(thing, side, actor)) and part.steps:
            yield part


def may_act(thing: Request | Placement, side: str, actor: Person) -> bool:
    """Whether ``actor`` coordinates that side, whatever is left to do."""
    person = _person(thing, side)
    if person is None or person == actor:
        return False
    if isinstance(thing, Placement):
        return can_act_in_visit(actor, person, thing)
    may = can_act_for_visitors_side if side in (SHADOW, MANAGER) else can_act_for_hosts_side
    return may(actor, person, thing)


def address(thing: Request | Placement, side: str, action: str = "") -> str:
    """The page of one side, or of one step of theirs."""
    name = "visit-for" if isinstance(thing, Placement) else "request-for"
    if action:
        return reverse(f"shadowing:{name}-step", args=[thing.pk, side, action])
    return reverse(f"shadowing:{name}", args=[thing.pk, side])


def title_of(thing: Request | Placement, action: str) -> str:
    """What the button says in the table."""
    table = PLACEMENTS.transitions if isinstance(thing, Placement) else REQUESTS.transitions
    return LABELS.get(action, table[action].label)


def _person(thing: Request | Placement, side: str) -> Person | None:
    if isinstance(thing, Placement):
        return {SHADOW: thing.shadow, HOST: thing.host}.get(side)
    if side == SHADOW:
        return thing.shadow
    if side == HOST:
        return _asked(thing, DecisionRole.HOST) or thing.offer.host
    roles = {MANAGER: DecisionRole.LINE_MANAGER, HOST_MANAGER: DecisionRole.HOST_MANAGER}
    return _asked(thing, roles[side]) if side in roles else None


def _asked(request: Request, role: DecisionRole) -> Person | None:
    decision = Decision.objects.latest_for(request, role)
    return decision.asked if decision is not None else None
