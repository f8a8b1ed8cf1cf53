"""Check visits after each step of a random walk (P8), with their calendars and appraisals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from django.utils import timezone

from accounts.models import HistoryEntry
from appraisals.models import Activity, Appraisal
from shadowing.enums import RequestStatus, WaitingKind
from shadowing.models import Placement, Visit
from shadowing.rules.visit_dates import open_change
from tools.drills.oracle import is_late
from tools.drills.oracle_of_visits import is_near, reflection_writers
from tools.drills.world import Snapshot, World, rows_of

S, K = RequestStatus, WaitingKind
VISIT = "shadowing.placement"
BEFORE_THE_END, HELD = ("agreed", "taking_place"), ("to_reflect", "complete")
MOVES: set[str] = {K.ANSWER_MOVE, K.ALLOW_MOVE}
STATES = {
    "agreed": "agreed",
    "taking_place": "agreed",
    "to_reflect": "took_place",
    "complete": "took_place",
    "cancelled": "called_off",
    "no_show": "missed",
}


def about_visits(world: World, now: Snapshot) -> Iterator[str]:
    """Check waiting items, hosts, appraisals and reminders of all visits."""
    for placement in rows_of(world, Placement).select_related("shadow", "host"):
        kinds = {item.kind for item in now.items if item.subject_id == placement.pk}
        wanted = _may_wait(placement)
        if kinds - wanted:
            yield f"A visit that is {placement.status} has the waiting items {sorted(kinds)}."
        if open_change(placement) is not None and not kinds & MOVES:
            yield "Other dates are suggested, and nobody is asked."
        to_come = any(visit.stands and visit.starts_at > now.at for visit in placement.visits.all())
        if to_come and placement.status in BEFORE_THE_END:
            if not placement.host.is_active and K.FIND_HOST not in kinds:
                yield "The host has left, and nobody looks for another."
            if not placement.shadow.is_active:
                yield "Somebody who has left is still expected."
        yield from _appraisals(placement)
    reminded = Visit.objects.filter(placement__in=rows_of(world, Placement), reminded_at__isnull=False)
    if any(visit.reminded_at and not is_near(visit, visit.reminded_at) for visit in reminded):
        yield "Somebody was reminded of a visit that is days away."


def _may_wait(placement: Placement) -> set[str]:
    if placement.status == "to_reflect":
        return {K.REFLECT}
    if placement.status not in BEFORE_THE_END:
        return set()
    found: set[str] = MOVES if open_change(placement) is not None else set()
    return found | (set() if placement.host.is_active else {K.FIND_HOST})


def _appraisals(placement: Placement) -> Iterator[str]:
    """Check that the visit is in the appraisals of its people, with the right state."""
    for person, part in ((placement.shadow_id, "visited"), (placement.host_id, "hosted")):
        if not Appraisal.objects.filter(person=person).exists():
            continue
        found = Activity.objects.filter(source=placement.pk, part=part, appraisal__person=person)
        states = list(found.values_list("state", flat=True))
        if states != ([] if _left_out(placement) else [STATES[placement.status]]):
            yield f"A visit that is {placement.status} is in an appraisal as {states}."


def _left_out(placement: Placement) -> bool:
    """Return whether the visit is left out of appraisals, because its shadow cancelled it in good time."""
    by_shadow = placement.status == "cancelled" and placement.cancelled_by_id == placement.shadow_id
    return by_shadow and not is_late(placement, timezone.localdate(placement.changed_at))


def ended(after: Snapshot, rows: list[HistoryEntry]) -> Iterator[str]:
    """Check that both sides are asked for a reflection when a visit ends."""
    ends = [row for row in rows if row.subject_type == VISIT and row.from_state in BEFORE_THE_END]
    for row in ends:
        if row.to_state == "to_reflect":
            placement = Placement.objects.select_related("request__offer").get(pk=row.subject_id)
            asked = [item.owner_id for item in after.items if item.subject_id == placement.pk]
            if sorted(asked) != sorted(reflection_writers(placement)):
                yield f"A visit has ended, and {asked} are asked what it taught them."


def who_is_where(world: World) -> Iterator[str]:
    """Check that nobody is in two places at once, and that a visit has dates exactly while it needs them."""
    placements = list(rows_of(world, Placement).select_related("request").prefetch_related("visits"))
    there: dict[int, list[tuple[Visit, Placement]]] = defaultdict(list)
    for placement in placements:
        if (placement.request.status == S.AGREED) != (placement.status in BEFORE_THE_END):
            yield f"A visit is {placement.status}, its request {placement.request.status}."
        stands = any(visit.stands for visit in placement.visits.all())
        if stands != (placement.status in (*BEFORE_THE_END, *HELD)):
            yield f"A visit that is {placement.status} has {'an' if stands else 'no'} agreed date."
        for visit in placement.visits.all():
            if visit.stands:
                there[placement.shadow_id].append((visit, placement))
                there[visit.host_id or placement.host_id].append((visit, placement))
    if any(_clash(*pair) for visits in there.values() for pair in combinations(visits, 2)):
        yield "Somebody is in two places at once."


def _clash(one: tuple[Visit, Placement], other: tuple[Visit, Placement]) -> bool:
    """Return whether the dates overlap; a host may receive several people in one session."""
    (a, first), (b, second) = one, other
    if first.request.session_id == second.request.session_id and first.shadow_id != second.shadow_id:
        return False
    return a.starts_at < b.ends_at and b.starts_at < a.ends_at
