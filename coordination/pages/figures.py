"""The figures of the year on the desk: sentences, a list of numbers, and the most frequent directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.days import day_range, moment
from coordination.pages.coordinator_scope import CoordinatorScope
from shadowing.models import Figures
from shadowing.offers.filters import Directory, Node

LAST_MONTHS = "The last twelve months and what is to come"


@dataclass(frozen=True)
class Direction:
    """One direction between two departments, and its number of visits."""

    origin: Node
    destination: Node
    number: str


@dataclass(frozen=True)
class YearSoFar:
    """The figures of the year; ``as_of`` is the time they were counted."""

    title: str
    days: str
    as_of: str
    sentences: list[str]
    facts: list[tuple[str, str]]
    ways: list[Direction]


def year_so_far(scope: CoordinatorScope, directory: Directory) -> YearSoFar | None:
    """Return the latest figures of the scope; None before the first count. Takes one query."""
    found = Figures.objects.filter(schemes=sorted(scope.schemes), branches=sorted(scope.roots)).first()
    if found is None:
        return None
    numbers: Mapping[str, int] = found.numbers
    return YearSoFar(
        title=found.cycle or LAST_MONTHS,
        days=day_range(found.starts_on, found.ends_on) if found.ends_on else "",
        as_of=moment(found.counted_at),
        sentences=_sentences(numbers),
        facts=_facts(numbers),
        ways=[
            Direction(directory.departments[origin], directory.departments[destination], _visits(number))
            for origin, destination, number in found.numbers["crossings"]
            if {origin, destination} <= set(directory.departments)
        ],
    )


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


def _facts(n: Mapping[str, int]) -> list[tuple[str, str]]:
    labels = {
        "sent": "Requests sent",
        "waiting": "Waiting for an answer",
        "agreed": "Agreed",
        "declined": "Declined",
        "lapsed": "Lapsed without an answer",
        "withdrawn": "Withdrawn",
        "to_come": "Visits to come",
        "taking_place": "Taking place now",
        "took_place": "Took place",
        "missed": "Did not take place",
        "cancelled": "Cancelled",
        "pairs": "Pairs of departments that have met",
    }
    return [(label, f"{n[name]:,}") for name, label in labels.items()]


def _visits(number: int) -> str:
    return _count(number, "visit", "visits")


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"
