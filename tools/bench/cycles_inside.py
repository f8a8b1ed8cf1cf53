"""The parts of ``tools.bench.cycles`` that run with the product loaded."""

from __future__ import annotations

import datetime as dt
import sys
import time
import uuid
from collections.abc import Callable

from django.db.models import Count
from django.utils import timezone

from accounts.models import Person
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Appraisal, Cycle, CycleExport, Objective, Opening
from appraisals.workflow import cycle_export
from departments.enums import DepartmentKind
from departments.models import Department, Membership
from shadowing.models import Scheme

YEARS = ("First year", "Second year", "Third year", "Fourth year")
BATCH = 5_000
TEAM = 20
ON_PROBATION = 20  # one person in so many


def load(number: str) -> int:
    """Make people in teams with managers, one in twenty on probation, and a cycle for each measurement."""
    department, today = _organisation(), timezone.localdate()
    soon, there = today + dt.timedelta(days=5 * 366), Person.objects.count()
    while there < int(number):
        size = min(BATCH, int(number) - there)
        people = Person.objects.bulk_create(
            Person(
                email=f"person{there + count}@example.ac.uk",
                first_name="Person",
                last_name=f"Number {there + count}",
                password="!",  # noqa: S106  # nobody signs in with it
                probation_end=soon if count % ON_PROBATION == 0 else None,
            )
            for count in range(size)
        )
        for count, person in enumerate(people):
            leader = people[count - count % TEAM]
            person.line_manager = leader if leader != person else None
        Person.objects.bulk_update(people, ["line_manager"], batch_size=1000)
        Membership.objects.bulk_create(Membership(person=one, department=department) for one in people)
        there += size
    return 0


def _organisation() -> Department:
    scheme, _ = Scheme.objects.get_or_create(name="Job shadowing")
    coordinator, _ = Person.objects.get_or_create(
        email="coordinator@example.ac.uk", defaults={"first_name": "Cora", "password": "!"}
    )
    scheme.coordinators.add(coordinator)
    first = timezone.localdate() - dt.timedelta(days=30)
    for count, name in enumerate(YEARS):
        starts = first + dt.timedelta(days=365 * count)
        Cycle.objects.get_or_create(
            name=name, defaults={"starts_on": starts, "ends_on": starts + dt.timedelta(days=364)}
        )
    department, _ = Department.objects.get_or_create(
        code="BIG",
        defaults={"name": "Big", "kind": DepartmentKind.DEPARTMENT, "head": coordinator, "monogram": "Bi"},
    )
    found: Department = department
    return found


def progress(cycle: str) -> int:
    """Print how far an opening came; return 1 when it was not interrupted."""
    opening = Opening.objects.filter(cycle__name=cycle).first()
    if opening is None or opening.finished_at is not None:
        print("The kill came before or after the opening: it proves nothing.")
        return 1
    print(f"Killed after {opening.done:,} of {opening.total:,} people.")
    return 0


def check(cycle: str) -> int:
    """Return 1 unless everybody has exactly one appraisal."""
    everybody, appraisals = Person.objects.active().count(), Appraisal.objects.filter(cycle__name=cycle)
    each = appraisals.values("person").annotate(number=Count("pk"))
    one, more = each.filter(number=1).count(), each.filter(number__gt=1).count()
    print(f"{everybody:,} people: {one:,} have one appraisal, {more:,} more than one.")
    return int(one != everybody or more != 0)


def rows(number: str) -> int:
    """Make ``number`` appraisals in the last cycle, each with two objectives and a visit."""
    load(number)
    cycle, big = Cycle.objects.get(name=YEARS[-1]), Department.objects.get(code="BIG")
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[: int(number)])
    for start in range(0, len(people), BATCH):
        made = Appraisal.objects.bulk_create(
            Appraisal(person_id=pk, cycle=cycle, department=big) for pk in people[start : start + BATCH]
        )
        Objective.objects.bulk_create(
            Objective(appraisal=one, text="Learn how others do it.", position=position)
            for one in made
            for position in (1, 2)
        )
        Activity.objects.bulk_create(_visit(one, big) for one in made)
    return 0


def _visit(appraisal: Appraisal, department: Department) -> Activity:
    return Activity(
        appraisal=appraisal,
        source=uuid.uuid4(),
        part=ActivityPart.VISITED,
        title="A morning at the service desk",
        partner="Hana Host",
        origin=department,
        destination=department,
        starts_on=appraisal.cycle.starts_on,
        ends_on=appraisal.cycle.starts_on,
        half_days=1,
        state=ActivityState.TOOK_PLACE,
        url="/",
    )


def export() -> int:
    """Make the export of the last cycle and read it, as the schedule and the page do."""
    cycle, by = Cycle.objects.get(name=YEARS[-1]), Person.objects.get(email="coordinator@example.ac.uk")
    began = time.monotonic()
    cycle_export.start(cycle, by=by)
    cycle_export.go_on()
    made, kept = time.monotonic(), CycleExport.objects.latest("started_at")
    size = sum(len(piece) for piece in cycle_export.export_chunks(kept))
    sent = time.monotonic()
    print(
        f"{kept.total:,} rows made in {made - began:.1f} s, {size / 1e6:.1f} MB sent in {sent - made:.2f} s."
    )
    return 0


def main() -> int:
    """Run the part that the command line names."""
    parts: dict[str, Callable[..., int]] = {
        "load": load,
        "progress": progress,
        "check": check,
        "rows": rows,
        "export": export,
    }
    return parts[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
