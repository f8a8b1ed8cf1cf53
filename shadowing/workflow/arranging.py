"""What is arranged for the day."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Move, Transition
from shadowing import emails
from shadowing.enums import PlacementStatus
from shadowing.models import Placement
from shadowing.policies import can_arrange_placement
from shadowing.workflow.asking import hosts_of

S = PlacementStatus
ARRANGEMENTS = ("place", "contact", "agenda")


def _rearrange(move: Move[Placement]) -> None:
    """Place, contact and agenda as the host now gives them; a new place is told, and calendars follow."""
    placement, place_before = move.thing, move.thing.place
    for name in ARRANGEMENTS:
        setattr(placement, name, move.inputs.get(name, ""))
    if placement.place == place_before:
        return
    placement.sequence += 1
    sides = {"shadow": [placement.shadow], "host": hosts_of(placement.request)}
    for side, people in sides.items():
        emails.tell_placement(
            f"placement_changed_to_{side}", people, placement, with_calendar="REQUEST", by=move.actor
        )


ARRANGING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "rearrange": Transition(
            label="Change place, contact or agenda",
            sources=frozenset({S.AGREED, S.TAKING_PLACE}),
            target=lambda move: move.source,
            policy=can_arrange_placement,
            effect=_rearrange,
        ),
    }
)
