"""What both sides write after a visit, and what follows from it."""

from __future__ import annotations

from types import MappingProxyType

from django.urls import reverse

from accounts.models import WaitingItem
from accounts.workflow import Transition
from shadowing import emails
from shadowing.letters import address
from shadowing.models import Placement

WHY = "You get this because you took part in this visit."


def remind_to_reflect(item: WaitingItem, placement: Placement) -> None:
    """Ask whoever ``item`` waits for, or remind them, to write down what the visit taught them."""
    side = "shadow" if item.owner_id == placement.shadow_id else "host"
    emails.tell_placement(
        f"reflection_asked_to_{side}",
        [item.owner],
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        strip=None,
        crossing_state="agreed",
        why=WHY,
        again=item.reminders_sent > 1,
        action_url=address(reverse("shadowing:reflection", args=[placement.pk])),
        action_label="Write a few lines",
    )


REFLECTING: MappingProxyType[str, Transition[Placement]] = MappingProxyType({})
