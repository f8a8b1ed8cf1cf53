"""The numbers of the year for those who coordinate, counted by the schedule every ten minutes.

Counting a year of 50,000 requests takes longer than a page may, and who runs a scheme all day needs no more
than the last ten minutes. What is counted names nobody.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts import batch
from accounts.clocks import WorkingCalendar
from appraisals.models import Cycle
from departments.enums import DepartmentKind
from departments.models import Coordinator, Department
from shadowing.enums import UNDER_WAY, DecisionRole, Outcome, PlacementStatus, RequestStatus
from shadowing.models import ClosureDay, Decision, Figures, Placement, Request, Scheme, Visit

FRESH = dt.timedelta(minutes=10)
LONGEST = 5.0  # seconds of one run: the clock has more to do
YEAR = dt.timedelta(days=365)
TOOK_PLACE = (PlacementStatus.TO_REFLECT, PlacementStatus.COMPLETE)
NO_ANSWER = (Outcome.PENDING, Outcome.NOT_NEEDED)
SHOWN = 5
COUNT = batch.Job("figures", "The figures on a desk could not be counted")
R, P = RequestStatus, PlacementStatus


@dataclass(frozen=True)
class Remits:
    """The schemes and the branches somebody coordinates; those with the same share their numbers."""

    schemes: tuple[int, ...]
    branches: tuple[int, ...]


@dataclass(frozen=True)
class Year:
    """What is counted: the cycle of today, or the last twelve months and all that is to come."""

    name: str
    first: dt.date
    last: dt.date | None

    def holding(self, moment: str) -> Q:
        """Whether a moment lies in it."""
        found = Q(**{f"{moment}__gte": _midnight(self.first)})
        if self.last is not None:
            found &= Q(**{f"{moment}__lt": _midnight(self.last + dt.timedelta(days=1))})
        return found


def renew_figures(*, seconds: float = float("inf")) -> int:
    """Count anew what was counted more than ten minutes ago; return for how many remits."""
    until, wanted = time.monotonic() + min(seconds, LONGEST), _remits()
    known = {_remit_of(row): row for row in Figures.objects.order_by("counted_at")}
    Figures.objects.filter(pk__in=[row.pk for at, row in known.items() if at not in wanted]).delete()
    stale = [at for at, row in known.items() if at in wanted and row.counted_at < timezone.now() - FRESH]
    return batch.run(COUNT, [*(wanted - set(known)), *stale], _renew, until=until).done


def _remits() -> set[Remits]:
    """What anybody coordinates now."""
    schemes, branches = dict[int, set[int]](), dict[int, set[int]]()
    for person, scheme in Scheme.coordinators.through.objects.values_list("person", "scheme"):
        schemes.setdefault(person, set()).add(scheme)
    for person, branch in Coordinator.objects.order_by().values_list("person", "department"):
        branches.setdefault(person, set()).add(branch)
    return {
        Remits(tuple(sorted(schemes.get(person, ()))), tuple(sorted(branches.get(person, ()))))
        for person in {*schemes, *branches}
    }


def _remit_of(row: Figures) -> Remits:
    return Remits(tuple(row.schemes), tuple(row.branches))


@transaction.atomic
def _renew(remits: Remits) -> bool:
    """Count for one remit, unless another run is at it or has just done so."""
    key = {"schemes": list(remits.schemes), "branches": list(remits.branches)}
    held = Figures.objects.filter(**key)
    if held.exists():
        free = held.filter(counted_at__lt=timezone.now() - FRESH)
        if free.select_for_update(skip_locked=True).first() is None:
            return False
    year = year_of(timezone.localdate())
    counted = Figures(
        **key, cycle=year.name, starts_on=year.first, ends_on=year.last, numbers=count(remits, year)
    )
    Figures.objects.bulk_create(
        [counted],
        update_conflicts=True,
        unique_fields=["schemes", "branches"],
        update_fields=["cycle", "starts_on", "ends_on", "numbers", "counted_at"],
    )
    return True


def year_of(today: dt.date) -> Year:
    """The cycle of ``today``, or the last twelve months where there is none."""
    cycle = Cycle.objects.at(today)
    if cycle is None:
        return Year("", today - YEAR, None)
    return Year(cycle.name, cycle.starts_on, cycle.ends_on)


def count(remits: Remits, year: Year) -> dict[str, Any]:
    """All numbers of one remit, in eight queries."""
    among = Department.objects.branch(remits.branches) if remits.branches else set()
    either = Q(origin__in=among) | Q(offer__department__in=among) | Q(offer__scheme__in=remits.schemes)
    requests = Request.objects.sent().filter(either, year.holding("submitted_at")).order_by()
    visits = Visit.objects.filter(year.holding("starts_at"), placement=OuterRef("pk"))
    either = Q(origin__in=among) | Q(destination__in=among) | Q(request__offer__scheme__in=remits.schemes)
    placements = Placement.objects.filter(either, Exists(visits.order_by())).order_by()
    return {
        **_of_requests(dict(requests.values_list("status").annotate(number=Count("pk")))),
        **_of_placements(dict(placements.values_list("status").annotate(number=Count("pk")))),
        **placements.filter(status__in=TOOK_PLACE).aggregate(
            shadows=Count("shadow", distinct=True), hosts=Count("host", distinct=True)
        ),
        **_crossings(
            placements.filter(status__in=TOOK_PLACE)
            .values_list("origin", "destination")
            .annotate(number=Count("pk"))
        ),
        "days": _median_days(Request.objects.filter(pk__in=requests.values("pk"))),
    }


def _of_requests(by_state: dict[str, int]) -> dict[str, int]:
    return {
        "sent": sum(by_state.values()),
        "waiting": sum(by_state.get(state, 0) for state in UNDER_WAY),
        "agreed": by_state.get(R.AGREED, 0) + by_state.get(R.CLOSED, 0),
        "declined": by_state.get(R.DECLINED, 0),
        "withdrawn": by_state.get(R.WITHDRAWN, 0),
        "lapsed": by_state.get(R.LAPSED, 0),
    }


def _of_placements(by_state: dict[str, int]) -> dict[str, int]:
    return {
        "to_come": by_state.get(P.AGREED, 0),
        "taking_place": by_state.get(P.TAKING_PLACE, 0),
        "took_place": sum(by_state.get(state, 0) for state in TOOK_PLACE),
        "missed": by_state.get(P.NO_SHOW, 0),
        "cancelled": by_state.get(P.CANCELLED, 0),
    }


def _crossings(rows: Iterable[tuple[int, int, int]]) -> dict[str, Any]:
    """Between which departments visits took place: how many have met, and where most went."""
    unit, ways = _units(), Counter[tuple[int, int]]()
    for origin, destination, number in rows:
        if unit[origin] != unit[destination]:
            ways[unit[origin], unit[destination]] += number
    pairs = {frozenset(way) for way in ways}
    return {
        "departments": len({department for pair in pairs for department in pair}),
        "pairs": len(pairs),
        "crossings": [[*way, number] for way, number in ways.most_common(SHOWN)],
    }


def _units() -> dict[int, int]:
    """Which department each team counts to (Department.unit), in one query."""
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
    """Working days until a line manager has answered, the middle one; the database groups them by days."""
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
