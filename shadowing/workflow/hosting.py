"""A host has left before the visit: a co-host receives it, or the coordinators are asked to help."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import Move, Transition, TransitionError, nobody, perform, stays
from shadowing import emails
from shadowing.deciders import coordinators_above
from shadowing.enums import PlacementStatus
from shadowing.models import Placement
from shadowing.standing import days_still_ahead
from shadowing.workflow.appraising import enter
from shadowing.workflow.asking import hosts_of
from shadowing.workflow.one_by_one import by_itself

S = PlacementStatus
BEFORE_THE_END = frozenset({S.AGREED, S.TAKING_PLACE})
STILL_THERE = "The host is still there."


def follow_hosts(people: Collection[int]) -> int:
    """See to the visits to come whose host, one of ``people``, has left; return how many got another host."""
    left = Placement.objects.filter(host__in=people, host__is_active=False, status__in=BEFORE_THE_END)
    return sum(by_itself(_follow, pk) for pk in left.values_list("pk", flat=True))


def _follow(placement: Placement) -> int:
    if not days_still_ahead(placement):
        return 0
    if _co_host(placement) is not None:
        perform(placement, "change_host", actor=None, how=How.SYSTEM)
        return 1
    scheme = placement.request.offer.scheme
    helpers = coordinators_above(placement.destination, scheme, never=[placement.shadow, placement.host])
    told = {"host_left_to_shadow": [placement.shadow], "host_left_to_coordinator": helpers}
    for template, people in told.items():  # once, however often this is looked at
        emails.tell_placement(template, people, placement, occasion=":host-left", strip=None)
    return 0


def _co_host(placement: Placement) -> Person | None:
    return next((host for host in hosts_of(placement.request) if host.is_active), None)


def _change_host(move: Move[Placement]) -> None:
    """Whoever hosts with them receives the visitor; calendars follow."""
    placement, before, co_host = move.thing, move.thing.host, _co_host(move.thing)
    if before.is_active or co_host is None:
        raise TransitionError(STILL_THERE)
    placement.host = co_host
    placement.sequence += 1
    placement.save(update_fields=["host"])
    enter(placement)
    move.reason = f"{before.full_name} has left; {co_host.full_name} receives the visit."
    for side, people in {"shadow": [placement.shadow], "host": hosts_of(placement.request)}.items():
        emails.tell_placement(
            f"visit_handed_over_to_{side}",
            people,
            placement,
            with_calendar="REQUEST",
            before=before,
            strip=None,
        )


HOSTING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "change_host": Transition(
            label="Somebody else receives the visit",
            sources=BEFORE_THE_END,
            target=stays,
            policy=nobody,
            by_schedule=True,
            effect=_change_host,
        ),
    }
)
