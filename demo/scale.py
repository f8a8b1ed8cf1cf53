"""The demo organisation at any size, in batches with constant memory."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from demo import many_offers, many_people, many_placements
from shadowing.models import Offer, Placement, Request

Say = Callable[[str], object]


def grow(seed: int, *, people: int = 0, offers: int = 0, placements: int = 0, say: Say = print) -> bool:
    """Add what is missing to reach the given numbers; return whether anything was added."""
    steps = (
        (people - Person.objects.count(), many_people.add, "people"),
        (offers - Offer.objects.count(), many_offers.add, "offers"),
        (placements - Placement.objects.count(), many_placements.add, "placements"),
    )
    for missing, add, what in steps:
        if missing > 0:
            add(seed, missing)
            say(f"{missing:,} {what} added")
    return any(missing > 0 for missing, _, _ in steps)


def census() -> str:
    """Return the numbers of people, offers, requests and placements, in words."""
    counts = (
        (Person.objects.count(), "people"),
        (Offer.objects.count(), "offers"),
        (Request.objects.count(), "requests"),
        (Placement.objects.count(), "placements"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in counts)
