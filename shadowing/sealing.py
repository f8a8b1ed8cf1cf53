"""What a visitor needs to take part: sealed at rest, opened for the few who may read it, wiped afterwards.

Nothing here goes through the history, a mail or a log: even that somebody wrote something is theirs alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from accounts.sealing import opened
from shadowing.enums import PlacementStatus
from shadowing.models import AdjustmentNeeds, Placement, Visit
from shadowing.policies import is_host

BEFORE_THE_END = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)


@dataclass(frozen=True)
class Needs:
    """What may be read; ``words`` is None where no key opens it any more."""

    words: str | None


def is_to_come(placement: Placement) -> bool:
    """Whether the visit is agreed and its last standing date is not over."""
    ends = [visit.ends_at for visit in placement.visits.all() if visit.stands]
    return placement.status in BEFORE_THE_END and bool(ends) and max(ends) > timezone.now()


def can_read_needs(person: Person, placement: Placement) -> bool:
    """The visitor, the host and the co-hosts, from agreement until the visit ends; nobody else, ever."""
    if not is_to_come(placement):
        return False
    return placement.shadow_id == person.pk or is_host(person, placement.request.offer)


def needs_for(person: Person, placement: Placement) -> Needs | None:
    """What ``person`` may read of the visitor's needs; None when nothing is there or they may not."""
    if not can_read_needs(person, placement):
        return None
    kept = AdjustmentNeeds.objects.filter(placement=placement).first()
    return Needs(opened(kept.sealed)) if kept is not None else None


def wipe(placement: Placement) -> int:
    """The visit is over or called off: what the visitor needed is forgotten. Returns how many were."""
    return AdjustmentNeeds.objects.filter(placement=placement).delete()[0]


def wipe_forgotten() -> int:
    """Wipe whatever is still kept of visits that have ended or were called off; return how many."""
    to_come = Visit.objects.filter(placement=OuterRef("placement"), stands=True, ends_at__gt=timezone.now())
    kept = AdjustmentNeeds.objects.filter(~Q(placement__status__in=BEFORE_THE_END) | ~Exists(to_come))
    return kept.delete()[0]
