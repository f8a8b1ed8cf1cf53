"""Agreed visits follow a host's own change of their offer's co-hosts.

An offer's co-hosts apply to visits agreed from now on. When a host adds a co-host, that person also joins
each visit to come, by its own transition, and the visitor is asked. Coordinators and administrators who
change an offer add nobody to a visit, because their office alone must not change who can read it. Somebody
removed from the offer is removed from its visits.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from shadowing.enums import Part
from shadowing.models import Offer, Placement
from shadowing.placements.workflow.hosting import follow_hosts
from shadowing.placements.workflow.joining import BEFORE_THE_END
from shadowing.rules.participants import hosts_visit
from shadowing.rules.visit_dates import has_dates_to_come

log = structlog.get_logger(__name__)


def follow_changed_hosts(offer: Offer, gone: set[int], new: list[Person], actor: Person) -> None:
    """Apply a changed offer to its agreed visits: its co-hosts and its host."""
    follow_co_hosts(offer, gone, new, actor)
    follow_hosts([offer.host_id])


def follow_co_hosts(offer: Offer, gone: Collection[int], new: Collection[Person], actor: Person) -> None:
    """Remove and add the co-hosts that ``actor`` removed from or added to the offer, in visits to come."""
    if not gone and not new:
        return
    visits = Placement.objects.filter(request__offer=offer, status__in=BEFORE_THE_END).order_by("pk")
    for placement in visits.select_related("host", "request__offer"):
        if has_dates_to_come(placement):
            _take_off(placement, gone, actor)
            if hosts_visit(actor, placement):
                _take_on(placement, new, actor)


def _take_off(placement: Placement, gone: Collection[int], actor: Person) -> None:
    rows = placement.participations.active().filter(part=Part.CO_HOST, person__in=gone)
    for pk in list(rows.values_list("pk", flat=True)):
        _perform_or_log(placement, "leave", actor, part=pk)


def _take_on(placement: Placement, new: Collection[Person], actor: Person) -> None:
    known = set(placement.participations.active().values_list("person", flat=True))
    for person in new:
        if person.pk not in known:
            _perform_or_log(placement, "join", actor, person=person)


def _perform_or_log(placement: Placement, action: str, actor: Person, **inputs: Any) -> None:
    """Perform the action; log a refusal, such as a clash of dates, so that other visits are not affected."""
    try:
        perform(placement, action, actor=actor, **inputs)
    except (TransitionError, PermissionDenied) as refusal:
        log.info("co_host_not_followed", placement=str(placement.pk), action=action, why=str(refusal))
