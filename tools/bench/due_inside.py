"""The measurement of ``tools.bench.due``, run with the product loaded."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.enums import NextStep
from accounts.models import WaitingItem
from schedule.due import run_due
from shadowing.enums import WaitingKind
from tools.drills.scenery import Scenery, scenery, sessions, with_manager

BATCH = 5_000
TEAM = 50  # people with the same manager
INDEX = "waiting_open_by_day"
GROWTH = 1.02
HEAD = "     open    due  reminded  queries  seconds   CPU s  idle queries  idle ms"


@dataclass
class Counted:
    """Queries, seconds, and seconds of processor time of a piece of work."""

    queries: int = 0
    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def counted() -> Iterator[Counted]:
    """Count the queries and the time of the code inside."""
    cost, began, used = Counted(), time.perf_counter(), time.process_time()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        cost.queries += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield cost
    cost.seconds, cost.processor = time.perf_counter() - began, time.process_time() - used


def load(scene: Scenery, number: int) -> None:
    """Add ``number`` requests that wait for a manager, each of another person, none of them due."""
    (session,) = sessions(scene.offers(scene.people(1, at=scene.away)), places=30_000)
    while number > 0:
        size = min(BATCH, number)
        managers = scene.people(-(-size // TEAM))
        shadows = scene.people(size)
        for count, manager in enumerate(managers):
            team = shadows[count * TEAM : (count + 1) * TEAM]
            with_manager([(shadow, session) for shadow in team], manager)
        number -= size


def make_due(number: int) -> None:
    """Make ``number`` items without a reminder due since yesterday."""
    yesterday, later = (
        timezone.localdate() - dt.timedelta(days=1),
        timezone.localdate() + dt.timedelta(days=9),
    )
    fresh = WaitingItem.objects.open().filter(reminders_sent=0).order_by("pk").values("pk")[:number]
    WaitingItem.objects.filter(pk__in=list(fresh.values_list("pk", flat=True))).update(
        next_on=yesterday,
        next_step=NextStep.REMIND,
        plan=[[yesterday.isoformat(), "remind"], [later.isoformat(), "lapse"]],
    )


def plan() -> str:
    """Return the database's plan for the query for due items."""
    due = WaitingItem.objects.due(timezone.localdate()).filter(kind__in=WaitingKind.values)
    return due.order_by("next_on", "pk").values_list("pk", flat=True).explain(analyze=True)


def main() -> int:
    """Print a line for each size, and the query plan; return 1 when a goal is missed."""
    due, *sizes = map(int, sys.argv[1:])
    scene, costs = scenery(), []
    print(HEAD)
    for size in sizes:
        load(scene, size - WaitingItem.objects.open().count())
        make_due(due)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found = plan()
        with counted() as cost:
            done = run_due()
        with counted() as idle:
            run_due()
        costs.append((cost, idle))
        numbers = f"{size:>9,}{due:>7,}{done[NextStep.REMIND]:>10,}{cost.queries:>9,}{cost.seconds:>9.1f}"
        print(f"{numbers}{cost.processor:>8.1f}{idle.queries:>14}{idle.seconds * 1000:>9.1f}", flush=True)
    print(f"\nWhat is due, among {sizes[-1]:,} that wait:\n{found}")
    return report_growth(costs, found)


def report_growth(costs: list[tuple[Counted, Counted]], found: str) -> int:
    """Return 1 when the queries grow with the items that are not due, or the index is not used."""
    (first, idle), (last, idle_last) = costs[0], costs[-1]
    grows = last.queries > first.queries * GROWTH or idle_last.queries > idle.queries
    print(
        f"\nQueries grow with what is not due: {'YES' if grows else 'no'}; index {INDEX}: {INDEX in found}."
    )
    return int(grows or INDEX not in found)


if __name__ == "__main__":
    sys.exit(main())
