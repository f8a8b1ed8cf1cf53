"""Each person's visits in this cycle: made, hosted, to come, the half-days used; and their cap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from appraisals.models import Cycle
from shadowing.enums import PlacementStatus
from shadowing.models import Placement, Scheme, Visit
from shadowing.offers.filters import Directory, Node
from shadowing.rules.rules import bounds_of_cycle, half_days_counted

BEEN = (PlacementStatus.TO_REFLECT, PlacementStatus.COMPLETE)
COMING = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)


@dataclass
class Year:
    """One person's cycle; ``used`` counts half-days against the cap."""

    been: int = 0
    hosted: int = 0
    coming: int = 0
    used: int = 0


@dataclass(frozen=True)
class _Placement:
    """The fields of a placement that are counted."""

    pk: object
    shadow: int
    host: int
    status: str
    counts: bool
    half_days: int
    approved_minutes: int
    agreed_minutes: int


def years_of(people: Collection[int], cycle: Cycle | None) -> dict[int, Year]:
    """Return the year of each of ``people`` in ``cycle`` (default: today's), with one query."""
    today = timezone.localdate()
    bounds = (cycle.starts_on, cycle.ends_on) if cycle else bounds_of_cycle(today)
    # Select by placement: both sides then use an index, and not every date of the year is read.
    placements = Placement.objects.filter(Q(shadow__in=people) | Q(host__in=people)).order_by()
    rows = Visit.objects.filter(placement__in=placements.values("pk"), starts_at__date__range=bounds)
    names = [f"placement__{name}" for name in _Placement.__dataclass_fields__]
    using: dict[_Placement, list[int] | None] = {}
    for stands, took_place, minutes, *found in rows.order_by().values_list(
        "stands", "took_place", "minutes", *names
    ):
        placement = _Placement(*found)
        called_off = placement.status == PlacementStatus.CANCELLED
        # The same days as in rules.half_days_used; a test compares them.
        lengths = using.setdefault(placement, None)
        if stands or took_place is False or called_off:
            using[placement] = [*(lengths or ()), minutes]
    return _years_from(using)


def _years_from(using: dict[_Placement, list[int] | None]) -> dict[int, Year]:
    years: dict[int, Year] = defaultdict(Year)
    for placement, lengths in using.items():
        years[placement.shadow].been += placement.status in BEEN
        years[placement.host].hosted += placement.status in BEEN
        years[placement.shadow].coming += placement.status in COMING
        if lengths is not None and placement.counts:
            years[placement.shadow].used += half_days_counted(
                lengths, placement.half_days, placement.approved_minutes, placement.agreed_minutes
            )
    return years


def caps_of(departments: Mapping[int, int | None]) -> dict[int, int]:
    """Return the cap in half-days of the scheme serving each person, by person.

    ``departments`` maps people to their departments. The tree is read only when some scheme serves a branch.
    """
    caps: dict[int | None, int] = dict(Scheme.objects.order_by().values_list("branch", "cap_half_days"))
    if set(caps) <= {None}:
        return dict.fromkeys(departments, caps[None]) if caps else {}
    tree = Directory().departments
    found = {person: _nearest(at, tree, caps) for person, at in departments.items()}
    return {person: cap for person, cap in found.items() if cap is not None}


def _nearest(department: int | None, tree: Mapping[int, Node], caps: Mapping[int | None, int]) -> int | None:
    """Return the cap of the nearest branch above with a scheme, else of the whole organisation's scheme."""
    while department is not None and department not in caps:
        department = tree[department].parent
    return caps.get(department)
