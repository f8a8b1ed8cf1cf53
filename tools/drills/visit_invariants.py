"""Check visits after each step of a random walk (P8), with their calendars and appraisals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from uuid import UUID

from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from appraisals.models import Activity, Appraisal
from shadowing.enums import Consent, RequestStatus, WaitingKind
from shadowing.models import Placement, Visit
from shadowing.rules.visit_dates import open_change
from tools.drills.oracle import is_late
from tools.drills.oracle_of_visits import is_near, reflection_writers
from tools.drills.world import Snapshot

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


def about_visits(now: Snapshot) -> Iterator[str]:
    """Check waiting items, hosts, appraisals and reminders of all visits."""
    entered = _entered(now)
    for placement in now.placements.values():
        items = [item for item in now.items if item.subject_id == placement.pk]
        kinds = {item.kind for item in items}
        wanted = _may_wait(placement)
        if kinds - wanted:
            yield f"A visit that is {placement.status} has the waiting items {sorted(kinds)}."
        if open_change(placement) is not None and not kinds & MOVES:
            yield "Other dates are suggested, and nobody is asked."
        yield from _consent(placement, items)
        to_come = any(visit.stands and visit.starts_at > now.at for visit in placement.visits.all())
        if to_come and placement.status in BEFORE_THE_END:
            if not placement.host.is_active and K.FIND_HOST not in kinds:
                yield "The host has left, and nobody looks for another."
            if not placement.shadow.is_active:
                yield "Somebody who has left is still expected."
        yield from _appraisals(placement, entered)
    if any(visit.reminded_at and not is_near(visit, visit.reminded_at) for visit in now.visits):
        yield "Somebody was reminded of a visit that is days away."


def _may_wait(placement: Placement) -> set[str]:
    found: set[str] = {K.LET_READ} if _without_answer(placement) else set()
    if placement.status == "to_reflect":
        return found | {K.REFLECT}
    if placement.status not in BEFORE_THE_END:
        return set()
    found |= MOVES if open_change(placement) is not None else set()
    return found | (set() if placement.host.is_active else {K.FIND_HOST})


def _without_answer(placement: Placement) -> set[int]:
    """Return the people who joined and about whom the visitor has not answered yet."""
    there = (part for part in placement.participations.all() if part.left_at is None)
    return {part.person_id for part in there if part.consent == Consent.ASKED}


def _consent(placement: Placement, items: list[WaitingItem]) -> Iterator[str]:
    """Check that the visitor is asked about one of the people who joined, as long as one has no answer."""
    asked, without = [item for item in items if item.kind == K.LET_READ], _without_answer(placement)
    if len(asked) > 1 or any(item.about_id not in without for item in asked):
        yield "A visitor is asked twice, or about somebody they have answered about."
    if without and not asked and placement.status in BEFORE_THE_END and placement.shadow.is_active:
        yield "Somebody joined, and the visitor is not asked whether they may read."


Entered = dict[tuple[UUID, str, int], list[str]]  # states by visit, part and person


def _entered(now: Snapshot) -> tuple[set[int], Entered]:
    """Return the people with an appraisal, and the visits in their appraisals."""
    found: Entered = defaultdict(list)
    rows = Activity.objects.filter(source__in=list(now.placements))
    for source, part, person, state in rows.values_list("source", "part", "appraisal__person", "state"):
        found[source, part, person].append(state)
    return set(Appraisal.objects.order_by().values_list("person", flat=True)), found


def _appraisals(placement: Placement, entered: tuple[set[int], Entered]) -> Iterator[str]:
    """Check that the visit is in the appraisals of its people, with the right state."""
    having, found = entered
    for person, part in ((placement.shadow_id, "visited"), (placement.host_id, "hosted")):
        states = found.get((placement.pk, part, person), [])
        if person in having and states != ([] if _left_out(placement) else [STATES[placement.status]]):
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
            placement = after.placements[row.subject_id]
            about = [item for item in after.items if item.subject_id == placement.pk]
            asked = [item.owner_id for item in about if item.kind == K.REFLECT]
            if sorted(asked) != sorted(reflection_writers(placement)):
                yield f"A visit has ended, and {asked} are asked what it taught them."


def who_is_where(now: Snapshot) -> Iterator[str]:
    """Check that nobody is in two places at once, and that a visit has dates exactly while it needs them."""
    there: dict[int, list[tuple[Visit, Placement]]] = defaultdict(list)
    for placement in now.placements.values():
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
