"""Thousands of people: each thousand is one area of a team, with leaders of hundreds and tens."""

from __future__ import annotations

import datetime as dt
import random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Person
from demo import named_people
from demo.batches import batches
from demo.names import FIRST_NAMES, LAST_NAMES
from demo.organisation import texts_of_teams
from demo.other_people import DOMAIN, plain
from departments.enums import DepartmentKind
from departments.models import Department, Membership

AREA = 1000
TITLES = {team.code: team.jobs for team in texts_of_teams()}


def add(seed: int, missing: int) -> None:
    """Add ``missing`` people to the teams in turn."""
    password = make_password(named_people.PASSWORD)
    teams = list(Department.objects.filter(kind=DepartmentKind.TEAM, code__in=TITLES).order_by("code"))
    start = Person.objects.count()
    for number, (numbers, rng) in enumerate(batches(seed, "people", start, missing, AREA)):
        _add_area(numbers, rng, teams[number % len(teams)], password)


def _add_area(numbers: range, rng: random.Random, team: Department, password: str) -> None:
    """Create one area: its leader reports to the team's, then 9, 90 and all others, level by level."""
    leaders: list[Person] = []
    created: list[Person] = []
    for first, last in ((0, 1), (1, 10), (10, 100), (100, AREA)):
        level = [
            _person(number, rng, team, leaders[at // 10] if leaders else team.head, password)
            for at, number in enumerate(numbers[first:last])
        ]
        Person.objects.bulk_create(level)
        created += level
        leaders = level
    Membership.objects.bulk_create(
        Membership(person=person, department=team, site_id=team.site_id) for person in created
    )


def _person(
    number: int, rng: random.Random, team: Department, manager: Person | None, password: str
) -> Person:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    start = timezone.localdate() - dt.timedelta(days=rng.randint(60, 9000))
    return Person(
        email=f"{plain(first)}.{plain(last)}.{number}@{DOMAIN}",
        staff_number=f"DEMO-{number + 1:07d}",
        first_name=first,
        last_name=last,
        job_title=rng.choice(TITLES[team.code][1:]),
        grade=f"Grade {rng.randint(3, 7)}",
        line_manager=manager,
        password=password,
        start_date=start,
        probation_end=start + dt.timedelta(days=183),
        is_demo=True,
    )
