"""The figures of the year on coordinators' desks, counted by the schedule every ten minutes.

Counting a year of 50,000 requests takes longer than a page may take, and figures up to ten minutes old are
recent enough. They contain no names.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import batch
from accounts.clocks import WorkingCalendar
from appraisals.models import Cycle
from departments.enums import DepartmentKind
from departments.models import Coordinator, Department
from shadowing.enums import UNDER_WAY, DecisionRole, Outcome, PlacementStatus, RequestStatus
from shadowing.models import ClosureDay, Decision, Figures, Placement, Request, Scheme, Visit

MAX_AGE = dt.timedelta(minutes=10)
MAX_SECONDS = 5.0  # seconds of one run, because the schedule has more to do
YEAR = dt.timedelta(days=365)
TOOK_PLACE = (PlacementStatus.TO_REFLECT, PlacementStatus.COMPLETE)
TO_COME = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)
NO_ANSWER = (Outcome.PENDING, Outcome.NOT_NEEDED)
SHOWN = 5
MOST_WAYS = 14  # directions in the picture: more lines could not be told apart
COUNT = batch.Job("figures", "The figures on a desk could not be counted")
R, P = RequestStatus, PlacementStatus


@dataclass(frozen=True)
class FiguresScope:
    """The schemes and branches that somebody coordinates; people with the same scope share their figures."""

    schemes: tuple[int, ...]
    branches: tuple[int, ...]


@dataclass(frozen=True)
class Year:
    """The counted period: the present cycle, or else the last twelve months and everything to come."""

    name: str
    first: dt.date
    last: dt.date | None

    def contains(self, moment: str) -> Q:
        """Return a filter for the rows whose time ``moment`` lies in the period."""
        found = Q(**{f"{moment}__gte": _midnight(self.first)})
        if self.last is not None:
            found &= Q(**{f"{moment}__lt": _midnight(self.last + dt.timedelta(days=1))})
        return found


def refresh_figures(*, seconds: float = float("inf")) -> int:
    """Recount the figures that are more than ten minutes old. Returns the number of scopes counted."""
    until, wanted = time.monotonic() + min(seconds, MAX_SECONDS), _all_scopes()
    known = {_scope_of(row): row for row in Figures.objects.order_by("counted_at")}
    Figures.objects.filter(pk__in=[row.pk for at, row in known.items() if at not in wanted]).delete()
    stale = [at for at, row in known.items() if at in wanted and row.counted_at < timezone.now() - MAX_AGE]
    return batch.run(COUNT, [*(wanted - set(known)), *stale], _refresh, until=until).done


def _all_scopes() -> set[FiguresScope]:
    """Return the scopes of all present coordinators."""
    schemes, branches = dict[int, set[int]](), dict[int, set[int]]()
    for person, scheme in Scheme.coordinators.through.objects.values_list("person", "scheme"):
        schemes.setdefault(person, set()).add(scheme)
    for person, branch in Coordinator.objects.order_by().values_list("person", "department"):
        branches.setdefault(person, set()).add(branch)
    return {
        FiguresScope(tuple(sorted(schemes.get(person, ()))), tuple(sorted(branches.get(person, ()))))
        for person in {*schemes, *branches}
    }


def _scope_of(row: Figures) -> FiguresScope:
    return FiguresScope(tuple(row.schemes), tuple(row.branches))


@transaction.atomic
def _refresh(scope: FiguresScope) -> bool:
    """Count one scope. Returns False if another run has locked it or has just counted it."""
    key = {"schemes": list(scope.schemes), "branches": list(scope.branches)}
    held = Figures.objects.filter(**key)
    if held.exists():
        free = held.filter(counted_at__lt=timezone.now() - MAX_AGE)
        if free.select_for_update(skip_locked=True).first() is None:
            return False
    year = year_of(timezone.localdate())
    counted = Figures(
        **key, cycle=year.name, starts_on=year.first, ends_on=year.last, numbers=count(scope, year)
    )
    Figures.objects.bulk_create(
        [counted],
        update_conflicts=True,
        unique_fields=["schemes", "branches"],
        update_fields=["cycle", "starts_on", "ends_on", "numbers", "counted_at"],
    )
    return True


def year_of(today: dt.date) -> Year:
    """Return the cycle of ``today``, or the last twelve months if there is none."""
    cycle = Cycle.objects.at(today)
    if cycle is None:
        return Year("", today - YEAR, None)
    return Year(cycle.name, cycle.starts_on, cycle.ends_on)


def count(scope: FiguresScope, year: Year) -> dict[str, Any]:
    """Return all figures of one scope; takes ten queries."""
    among = Department.objects.branch(scope.branches) if scope.branches else set()
    either = Q(origin__in=among) | Q(offer__department__in=among) | Q(offer__scheme__in=scope.schemes)
    requests = Request.objects.sent().filter(either, year.contains("submitted_at")).order_by()
    visits = Visit.objects.filter(year.contains("starts_at"), placement=OuterRef("pk"))
    either = Q(origin__in=among) | Q(destination__in=among) | Q(request__offer__scheme__in=scope.schemes)
    placements = Placement.objects.filter(either, Exists(visits.order_by())).order_by()
    return {
        **_request_counts(dict(requests.values_list("status").annotate(number=Count("pk")))),
        **_placement_counts(dict(placements.values_list("status").annotate(number=Count("pk")))),
        **placements.filter(status__in=TOOK_PLACE).aggregate(
            shadows=Count("shadow", distinct=True), hosts=Count("host", distinct=True)
        ),
        **_crossings(
            kept=_by_way(placements.filter(status__in=TOOK_PLACE), "origin", "destination"),
            agreed=_by_way(placements.filter(status__in=TO_COME), "origin", "destination"),
            asked=_by_way(requests.filter(status__in=UNDER_WAY), "origin", "offer__department"),
        ),
        "days": _median_days(Request.objects.filter(pk__in=requests.values("pk"))),
    }


def _request_counts(by_state: dict[str, int]) -> dict[str, int]:
    return {
        "sent": sum(by_state.values()),
        "waiting": sum(by_state.get(state, 0) for state in UNDER_WAY),
        "agreed": by_state.get(R.AGREED, 0) + by_state.get(R.CLOSED, 0),
        "declined": by_state.get(R.DECLINED, 0),
        "withdrawn": by_state.get(R.WITHDRAWN, 0),
        "lapsed": by_state.get(R.LAPSED, 0),
    }


def _placement_counts(by_state: dict[str, int]) -> dict[str, int]:
    return {
        "to_come": by_state.get(P.AGREED, 0),
        "taking_place": by_state.get(P.TAKING_PLACE, 0),
        "took_place": sum(by_state.get(state, 0) for state in TOOK_PLACE),
        "missed": by_state.get(P.NO_SHOW, 0),
        "cancelled": by_state.get(P.CANCELLED, 0),
    }


def _by_way(rows: QuerySet[Any], origin: str, destination: str) -> list[tuple[int, int, int]]:
    """Return origin, destination and number of each direction among ``rows``."""
    return list(rows.values_list(origin, destination).annotate(number=Count("pk")))


def _crossings(**rows: list[tuple[int, int, int]]) -> dict[str, Any]:
    """Return how many departments and pairs of departments had visits, and the most frequent directions.

    ``crossings`` are the directions of the visits that took place, ``ways`` all of them with the numbers of
    visits that took place, that are agreed, and that are asked for.
    """
    unit, ways = _units(), {state: Counter[tuple[int, int]]() for state in rows}
    for state, found in rows.items():
        for origin, destination, number in found:
            if unit[origin] != unit[destination]:
                ways[state][unit[origin], unit[destination]] += number
    pairs = {frozenset(way) for way in ways["kept"]}
    frequent = sum(ways.values(), Counter[tuple[int, int]]()).most_common(MOST_WAYS)
    return {
        "departments": len({department for pair in pairs for department in pair}),
        "pairs": len(pairs),
        "crossings": [[*way, number] for way, number in ways["kept"].most_common(SHOWN)],
        "ways": [[*way, *(ways[state][way] for state in ("kept", "agreed", "asked"))] for way, _ in frequent],
    }


def _units() -> dict[int, int]:
    """Return for each department the department its visits count to (Department.unit); takes one query."""
    rows = {
        pk: (parent, kind)
        for pk, parent, kind in Department.objects.without_tree_fields().values_list(
            "pk", "parent_id", "kind"
        )
    }
    found = {}
    for pk in rows:
        at: int | None = pk
        while at is not None and rows[at][1] == DepartmentKind.TEAM:
            at = rows[at][0]
        found[pk] = at if at is not None else pk
    return found


def _median_days(requests: Any) -> int | None:
    """Return the median number of working days until a line manager answered; the database groups by days."""
    answered = Decision.objects.filter(role=DecisionRole.LINE_MANAGER, request__in=requests).exclude(
        Q(outcome__in=NO_ANSWER) | Q(answered_at=None)
    )
    rows = answered.order_by().values_list("asked_at__date", "answered_at__date").annotate(number=Count("pk"))
    calendar = WorkingCalendar(closures=frozenset(ClosureDay.objects.values_list("day", flat=True)))
    lengths = Counter[int]()
    for asked, given, number in rows:
        lengths[calendar.working_days_between(asked, given)] += number
    return _median(lengths)


def _median(lengths: Counter[int]) -> int | None:
    left = (lengths.total() + 1) // 2
    for length, number in sorted(lengths.items()):
        left -= number
        if left <= 0:
            return length
    return None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
