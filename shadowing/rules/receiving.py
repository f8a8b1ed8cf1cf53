"""Who could receive a visit at a time: those who host, who are there, and who are nowhere else then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounts.models import Person
from shadowing.models import Placement, Request
from shadowing.rules.rules import Times, clash


def who_could_receive(request: Request) -> list[Person]:
    """Who hosts this visit and is there: the host first, then the co-hosts; never the shadow."""
    offer = request.offer
    people = [offer.host, *offer.co_hosts.active().exclude(pk=offer.host_id).order_by("pk")]
    return [person for person in people if person.is_active and person.pk != request.shadow_id]


def who_receives(request: Request, times: Sequence[Times]) -> Person:
    """The host; once the host has left, the first co-host who is free then, or the first of all.

    Where nobody hosts any more it is the host who has left: the coordinators are asked to help.
    """
    people, host = who_could_receive(request), request.offer.host
    if host.is_active or not people:
        return host
    return who_is_free(people, times, besides=request) or people[0]


def who_is_free(
    people: Iterable[Person],
    times: Sequence[Times],
    *,
    besides: Request | None = None,
    moving: Placement | None = None,
) -> Person | None:
    """The first of ``people`` who is nowhere else at these times (``rules.clash``), if there is one."""
    return next((who for who in people if clash(who, times, besides=besides, moving=moving) is None), None)


def lock_people(people: Iterable[Person]) -> None:
    """Lock everybody whose time is given away, in the order that all steps keep: last, and by key."""
    keys = sorted({person.pk for person in people})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
