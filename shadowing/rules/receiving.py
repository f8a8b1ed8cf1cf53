"""Who could receive a visit at a time: hosts who are active and have no other visit then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounts.models import Person
from shadowing.models import Placement, Request
from shadowing.rules.rules import Times, clash


def possible_hosts(request: Request) -> list[Person]:
    """Return the active hosts of a request: the host first, then co-hosts; never the shadow."""
    offer = request.offer
    people = [offer.host, *offer.co_hosts.active().exclude(pk=offer.host_id).order_by("pk")]
    return [person for person in people if person.is_active and person.pk != request.shadow_id]


def host_for_dates(request: Request, times: Sequence[Times]) -> Person:
    """Return the host; once the host has left, the first co-host who is free then, or the first co-host.

    If nobody hosts any more, return the host who has left: coordinators are asked to help.
    """
    people, host = possible_hosts(request), request.offer.host
    if host.is_active or not people:
        return host
    return first_free_host(people, times, besides=request) or people[0]


def first_free_host(
    people: Iterable[Person],
    times: Sequence[Times],
    *,
    besides: Request | None = None,
    moving: Placement | None = None,
) -> Person | None:
    """Return the first of ``people`` without another visit at these times (``rules.clash``), or None."""
    return next((who for who in people if clash(who, times, besides=besides, moving=moving) is None), None)


def lock_people(people: Iterable[Person]) -> None:
    """Lock the people whose time is booked, ordered by key.

    All transitions lock people last and in this order, which avoids deadlocks.
    """
    keys = sorted({person.pk for person in people})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
