"""Access to the adjustment a visitor needs: encrypted at rest, readable by few, wiped afterwards.

Nothing here is written to the history, a mail or a log, because even the fact that somebody wrote something
is private.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import batch
from accounts.encryption import opened
from accounts.models import Person
from shadowing.enums import PlacementStatus
from shadowing.models import AdjustmentNeeds, Placement, Visit
from shadowing.rules.participants import may_read_words

WIPE = batch.Job("needs_wiped", "Needs of a visitor could not be wiped after the visit")
BEFORE_THE_END = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)


@dataclass(frozen=True)
class Needs:
    """An adjustment as it may be read; ``words`` is None when no key can decrypt it any more."""

    words: str | None


def is_to_come(placement: Placement) -> bool:
    """Return whether the visit is agreed and its last date that stands is not over."""
    ends = [visit.ends_at for visit in placement.visits.all() if visit.stands]
    return placement.status in BEFORE_THE_END and bool(ends) and max(ends) > timezone.now()


def can_read_needs(person: Person, placement: Placement, written_at: dt.datetime | None = None) -> bool:
    """Return whether ``person`` may read the adjustment: the visitor and hosts, until the visit ends.

    Hosts who joined later may read what was written after the visitor agreed to that. Without ``written_at``
    it answers for what is written now.
    """
    return is_to_come(placement) and may_read_words(person, placement, written_at or timezone.now())


def needs_for(person: Person, placement: Placement) -> Needs | None:
    """Return what ``person`` may read of the visitor's adjustment, or None."""
    if not can_read_needs(person, placement):
        return None
    kept = AdjustmentNeeds.objects.filter(placement=placement).first()
    if kept is None or not can_read_needs(person, placement, kept.at):
        return None
    return Needs(opened(kept.sealed))


def wipe(placement: Placement) -> int:
    """Delete the adjustment of a visit that is over or called off. Returns the number deleted."""
    return AdjustmentNeeds.objects.filter(placement=placement).delete()[0]


def wipe_forgotten() -> int:
    """Delete adjustments still stored for visits that have ended or were called off; return how many."""
    to_come = Visit.objects.filter(placement=OuterRef("placement"), stands=True, ends_at__gt=timezone.now())
    kept = AdjustmentNeeds.objects.filter(~Q(placement__status__in=BEFORE_THE_END) | ~Exists(to_come))
    keys = list(kept.order_by("pk").values_list("pk", flat=True))
    failed = batch.run_in_bulk(WIPE, keys, lambda some: AdjustmentNeeds.objects.filter(pk__in=some).delete())
    return len(keys) - len(failed)
