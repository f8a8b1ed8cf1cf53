"""Thousands of placements: most are over, every tenth batch is still to come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

from django.utils import timezone

from accounts.models import Person
from shadowing.demo import cast
from shadowing.demo.batches import batches
from shadowing.demo.days import Days
from shadowing.demo.past import Journey, record
from shadowing.enums import OfferStatus, PlacementStatus
from shadowing.models import Offer, Placement, Session

SIZE = 1000
GROUP = 10
RECENT = 20


def add(seed: int, missing: int) -> None:
    """Add so many placements; each batch has a day of its own, so that nobody is in two places at once."""
    days = Days(timezone.localdate())
    offers = _offers()
    people = _people_for_ever()
    start = Placement.objects.count()
    first = start // SIZE
    for number, (numbers, rng) in enumerate(batches(seed, "placements", start, missing, SIZE), start=first):
        journeys = list(_journeys(islice(people, len(numbers)), offers, days, number, rng))
        record(journeys, days, rng).store()


def _offers() -> list[Offer]:
    """Some offers to go to, none longer than a day."""
    found = Offer.objects.filter(status=OfferStatus.OPEN, half_days__lte=2)
    return list(found.select_related("department__parent", "host", "site").order_by("-pk")[:2000])


def _people_for_ever() -> Iterator[Person]:
    """Everybody who works here, in turn, and again from the start."""
    people = Person.objects.active().filter(line_manager__isnull=False).exclude(email__in=cast.EMAILS)
    while True:
        yield from (
            people.select_related("line_manager", "membership__department__parent")
            .order_by("pk")
            .iterator(chunk_size=SIZE)
        )


def _journeys(
    people: Iterator[Person], offers: list[Offer], days: Days, number: int, rng: random.Random
) -> Iterator[Journey]:
    to_come = number % 10 == 9
    day = days.ahead(RECENT + number // 10) if to_come else days.back(RECENT + number)
    status = PlacementStatus.AGREED if to_come else PlacementStatus.COMPLETE
    chosen = iter(rng.sample(offers, min(len(offers), 2 * SIZE // GROUP)))
    group = list(islice(people, GROUP))
    while group:
        offer = next(chosen)
        times = days.span(day, "09:30", offer.half_days)
        session = Session(offer=offer, starts_at=times[0], ends_at=times[1], places=GROUP, taken=len(group))
        session.save()
        for person in group:
            yield Journey(person, offer, session, times, status)
        group = list(islice(people, GROUP))
