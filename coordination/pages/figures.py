"""The figures of the year on the desk: a picture, sentences, numbers, and the most frequent directions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import JSONObject

from accounts.days import day_range, moment
from accounts.models import Person
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.desk_list import count_overdue
from coordination.pages.picture import Picture, picture_of
from shadowing.models import Figures
from shadowing.offers.filters import Directory, Node

STORED = ("cycle", "starts_on", "ends_on", "counted_at", "numbers")
LAST_MONTHS = "The last twelve months and what is to come"
LEADING = {
    "waiting": "Waiting for an answer",
    "to_come": "Visits to come",
    "took_place": "Took place",
    "pairs": "Pairs of departments that have met",
}
MORE = {
    "sent": "Requests sent",
    "agreed": "Agreed",
    "declined": "Declined",
    "lapsed": "Closed without an answer",
    "withdrawn": "Withdrawn",
    "taking_place": "Taking place now",
    "missed": "Did not take place",
    "cancelled": "Cancelled",
}


@dataclass(frozen=True)
class Direction:
    """One direction between two departments, and how many visits took place, are agreed and are asked for."""

    origin: Node
    destination: Node
    kept: str
    agreed: str
    asked: str


@dataclass(frozen=True)
class YearSoFar:
    """The figures of the year; ``as_of`` is the time they were counted."""

    title: str
    days: str
    as_of: str
    sentences: list[str]
    facts: list[tuple[str, str]]
    more_facts: list[tuple[str, str]]
    ways: list[Direction]
    picture: Picture | None


def year_so_far(scope: CoordinatorScope, directory: Directory) -> tuple[YearSoFar | None, int]:
    """Return the latest figures of the scope (None before the first count) and the number overdue now.

    Takes one query.
    """
    rows = Figures.objects.filter(schemes=sorted(scope.schemes), branches=sorted(scope.roots))
    stored = rows.values(stored=JSONObject(**{name: name for name in STORED}))
    me = Person.objects.filter(pk=scope.person.pk)
    overdue, found = me.values_list(count_overdue(scope), Subquery(stored[:1])).get()
    return _year(found, directory.departments) if found is not None else None, overdue


def overdue_now(scope: CoordinatorScope) -> int:
    """Return the number of overdue items in the scope; takes one query."""
    me = Person.objects.filter(pk=scope.person.pk)
    return int(me.values_list(count_overdue(scope), flat=True).get())


def _year(found: Mapping[str, Any], known: Mapping[int, Node]) -> YearSoFar:
    numbers: Mapping[str, Any] = found["numbers"]
    ways = [way for way in numbers.get("ways", ()) if {way[0], way[1]} <= set(known)]
    ends_on = found["ends_on"]
    first, last = (dt.date.fromisoformat(found["starts_on"]), ends_on and dt.date.fromisoformat(ends_on))
    return YearSoFar(
        title=found["cycle"] or LAST_MONTHS,
        days=day_range(first, last) if last else "",
        as_of=moment(dt.datetime.fromisoformat(found["counted_at"])),
        sentences=_sentences(numbers),
        facts=_facts(numbers, LEADING),
        more_facts=_facts(numbers, MORE),
        ways=[_direction(way, known) for way in ways],
        picture=picture_of(ways, known),
    )


def _direction(way: Sequence[int], known: Mapping[int, Node]) -> Direction:
    origin, destination, *numbers = way
    return Direction(known[origin], known[destination], *(f"{number:,}" for number in numbers))


def _sentences(n: Mapping[str, int]) -> list[str]:
    """Return the year in sentences, for screen readers and quick readers."""
    waiting = _count(n["waiting"], "waits", "wait")
    to_come = _count(n["to_come"], "is", "are")
    said = [
        f"{_count(n['sent'], 'request was', 'requests were')} sent; {waiting} for an answer now.",
        f"{_count(n['took_place'], 'visit has', 'visits have')} taken place and {to_come} to come.",
    ]
    if n["pairs"]:
        said.append(
            f"{_count(n['shadows'], 'person has', 'people have')} visited another department, "
            f"{_count(n['hosts'], 'person has', 'people have')} received a visitor, and "
            f"{n['departments']:,} departments have met another."
        )
    if n["days"] is not None:
        said.append(_answers(n["days"]))
    return said


def _answers(days: int) -> str:
    if days == 0:
        return "Half of the line managers’ answers come on the same working day."
    return f"Half of the line managers’ answers come within {_count(days, 'working day', 'working days')}."


def _facts(n: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(label, f"{n[name]:,}") for name, label in labels.items()]


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"
