"""Hosts who have left: a co-host who is active and free takes over.

Where no co-host is free, each coordinator is asked with a waiting item to find somebody, and nobody is
double-booked without their knowledge.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

import structlog
from django.db.models import Q
from django.utils import timezone

from accounts import batch, waiting
from accounts.enums import How
from accounts.models import Person, WaitingItem
from accounts.workflow import Transition, TransitionContext, TransitionError, nobody, perform, same_state
from shadowing.enums import Consent, PlacementStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Placement, Visit
from shadowing.placements.workflow.joining import notify_of_host, set_host
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.rules.approvers import coordinators_above
from shadowing.rules.batch import one_by_one
from shadowing.rules.deadlines import help_plan
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.receiving import first_free_host, lock_people
from shadowing.rules.rules import Times, clash
from shadowing.rules.visit_dates import dates_of_visit, has_dates_to_come

S = PlacementStatus
BEFORE_THE_END = frozenset({S.AGREED, S.TAKING_PLACE})
HOST_STILL_ACTIVE = "The host is still there."
NOBODY_IS_FREE = "Nobody else who hosts this visit is free at that time."

HOST_LEFT = batch.Job("hosts", "A visit that lacks a host could not be given to somebody else", Placement)
log = structlog.get_logger(__name__)


def follow_hosts(people: Collection[int] | None = None) -> int:
    """Hand over visits to come whose host (one of ``people``, or anybody) has left; return how many.

    It queries the present state and not the day somebody left, because a co-host may become free later and a
    host may come back. It also covers double bookings from before the database refused them.
    """
    double_booked = Visit.objects.filter(
        stands=True, overlap_known=True, ends_at__gt=timezone.now()
    ).order_by()
    asked = WaitingItem.objects.open().filter(kind=WaitingKind.FIND_HOST).order_by()
    lacking = (
        Q(host__is_active=False)
        | Q(pk__in=double_booked.values("placement"))
        | Q(pk__in=asked.values("subject_id"))
    )
    found = Placement.objects.filter(lacking, status__in=BEFORE_THE_END).order_by("created_at", "pk")
    if people is not None:
        found = found.filter(host__in=people)
    return one_by_one(HOST_LEFT, _follow, list(found.values_list("pk", flat=True)))


def _follow(placement: Placement) -> int:
    is_active, double_booked = placement.host.is_active, _is_double_booked(placement)
    if (is_active and not double_booked) or not has_dates_to_come(placement):
        waiting.close_items(placement, WaitingKind.FIND_HOST)
        return 0
    if not is_active and _successor(placement) is not None:
        perform(placement, "change_host", actor=None, how=How.SYSTEM)
        return 1
    _ask_for_host(placement)
    return 0


def _is_double_booked(placement: Placement) -> bool:
    """Return whether a date to come overlaps another visit of its people, which was possible once."""
    known = placement.visits.filter(stands=True, overlap_known=True, ends_at__gt=timezone.now())
    times = list(known.values_list("starts_at", "ends_at"))
    if not times:
        return False
    request, people = placement.request, (placement.shadow, placement.host)
    if any(clash(person, times, besides=request, moving=placement) for person in people):
        return True
    known.update(overlap_known=False)
    return False


def _hosting_times(placement: Placement) -> list[Times]:
    """Return the dates a host has to attend: those in progress or to come."""
    dates = dates_of_visit(placement)
    agreed = [*dates.begun, *dates.to_come]
    return [(visit.starts_at, visit.ends_at) for visit in agreed if visit.ends_at > dates.at]


def _active_hosts(placement: Placement) -> list[Person]:
    return [host for host in hosts_of_visit(placement) if host.is_active]


def _successor(placement: Placement) -> Person | None:
    """Return the first co-host who is active and free at the visit's dates, or None."""
    people = _active_hosts(placement)
    return first_free_host(people, _hosting_times(placement), besides=placement.request, moving=placement)


def _change_host(context: TransitionContext[Placement]) -> None:
    """Make a free co-host the host, with everybody locked who could be; update calendars.

    Raises TransitionError when the host is still active or no co-host is free.
    """
    placement, before = context.record, context.record.host
    if before.is_active:
        raise TransitionError(HOST_STILL_ACTIVE)
    lock_people([placement.shadow, before, *_active_hosts(placement)])
    co_host = _successor(placement)
    if co_host is None:
        raise TransitionError(NOBODY_IS_FREE)
    row = placement.participations.active().get(person=co_host)
    set_host(placement, row, context)
    placement.sequence += 1
    sync_appraisals(placement)
    context.reason = f"{before.full_name} has left; {co_host.full_name} receives the visit."
    notify_of_host(placement, before, joined=row.consent == Consent.ASKED)


def _ask_for_host(placement: Placement) -> None:
    """Open one waiting item for each coordinator who can help, and close those of others."""
    scheme = placement.request.offer.scheme
    helpers = coordinators_above(placement.destination, scheme, never=[placement.shadow, placement.host])
    asked = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.FIND_HOST)
    owners = set(asked.values_list("owner", flat=True))
    for item in asked.exclude(owner__in=helpers):
        waiting.close_item(item)
    if not helpers:
        log.warning("nobody_to_find_a_host", placement=str(placement.pk))
    new = [
        waiting.open_item(
            person,
            WaitingKind.FIND_HOST,
            placement,
            plan=help_plan(scheme, person),
            about=placement.shadow,
        )
        for person in helpers
        if person.pk not in owners
    ]
    for item in new:
        waiting.escalate(item)
        _mail_helper(item, placement)
    if not owners and not placement.host.is_active:
        emails.queue_placement_mail(
            "host_left_to_shadow",
            [placement.shadow],
            placement,
            occasion=f":{new[0].pk if new else 'host-left'}",
            strip=None,
        )


def remind_to_find_host(item: WaitingItem, placement: Placement) -> None:
    """Remind a coordinator that the visit has no host; close the item when it has one."""
    lacking = not placement.host.is_active or _is_double_booked(placement)
    if not lacking or placement.status not in BEFORE_THE_END:
        waiting.close_item(item)
        return
    _mail_helper(item, placement)


def _mail_helper(item: WaitingItem, placement: Placement) -> None:
    emails.queue_placement_mail(
        "host_left_to_coordinator",
        [item.owner],
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        host_left=not placement.host.is_active,
        nobody_free=bool(_active_hosts(placement)),
        strip=None,
    )


HOSTING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "change_host": Transition(
            label="Somebody else receives the visit",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=nobody,
            by_schedule=True,
            effect=_change_host,
        ),
    }
)
