"""What a visitor needs to take part: sealed at rest, opened for the few who may read it, wiped afterwards.

Nothing here goes through the history, a mail or a log: even that somebody wrote something is theirs alone.
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
    """What may be read; ``words`` is None where no key opens it any more."""

    words: str | None


def is_to_come(placement: Placement) -> bool:
    """Whether the visit is agreed and its last standing date is not over."""
    ends = [visit.ends_at for visit in placement.visits.all() if visit.stands]
    return placement.status in BEFORE_THE_END and bool(ends) and max(ends) > timezone.now()


def can_read_needs(person: Person, placement: Placement, written_at: dt.datetime | None = None) -> bool:
    """The visitor and the hosts bound by the agreement, until the visit ends; nobody else, ever.

    Who joined later reads what is written after the visitor has agreed to that; asked without a time, it is
    about what is written now.
    """
    return is_to_come(placement) and may_read_words(person, placement, written_at or timezone.now())


def needs_for(person: Person, placement: Placement) -> Needs | None:
    """What ``person`` may read of the visitor's needs; None when nothing is there or they may not."""
    if not can_read_needs(person, placement):
        return None
    kept = AdjustmentNeeds.objects.filter(placement=placement).first()
    if kept is None or not can_read_needs(person, placement, kept.at):
        return None
    return Needs(opened(kept.sealed))


def wipe(placement: Placement) -> int:
    """The visit is over or called off: what the visitor needed is forgotten. Returns how many were."""
    return AdjustmentNeeds.objects.filter(placement=placement).delete()[0]


def wipe_forgotten() -> int:
    """Wipe whatever is still kept of visits that have ended or were called off; return how many."""
    to_come = Visit.objects.filter(placement=OuterRef("placement"), stands=True, ends_at__gt=timezone.now())
    kept = AdjustmentNeeds.objects.filter(~Q(placement__status__in=BEFORE_THE_END) | ~Exists(to_come))
    keys = list(kept.order_by("pk").values_list("pk", flat=True))
    failed = batch.together(WIPE, keys, lambda some: AdjustmentNeeds.objects.filter(pk__in=some).delete())
    return len(keys) - len(failed)
