"""The department tree for one page, built with one query and filtered by a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accounts.search_text import fits, words_of
from departments.enums import DepartmentKind
from departments.models import Department


@dataclass
class Node:
    """A department in the tree: ``units`` are departments below it, ``teams`` all its teams."""

    department: Department
    units: list[Node] = field(default_factory=list)
    teams: list[Department] = field(default_factory=list)

    def everything(self) -> Iterator[Department]:
        """Yield the department and everything shown below it."""
        yield self.department
        yield from self.teams
        for unit in self.units:
            yield from unit.everything()


@dataclass(frozen=True)
class Outline:
    """The roots of the tree, and the number of departments and teams that match the search."""

    roots: list[Node]
    found: int
    query: str = ""


def outline(query: str = "") -> Outline:
    """Return the tree; with a query, only the matches (all words in name or code) and what is above them."""
    words = words_of(query)
    departments = list(Department.objects.defer("summary").order_by("name", "pk"))
    fitting = {each.pk for each in departments if fits(words, f"{each.name} {each.code}")}
    shown = fitting | _above(fitting, departments) if words else fitting
    return Outline(_nested(departments, shown), len(fitting), query)


def _above(fitting: set[int], departments: Iterable[Department]) -> set[int]:
    parents = {each.pk: each.parent_id for each in departments}
    found: set[int] = set()
    for pk in fitting:
        at = parents.get(pk)
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def _nested(departments: Iterable[Department], shown: set[int]) -> list[Node]:
    """Return the roots with their units and teams.

    A team within a team is listed with its department's teams.
    """
    by_pk = {each.pk: each for each in departments}
    nodes = {pk: Node(each) for pk, each in by_pk.items() if pk in shown and not _is_team(each)}
    roots = []
    for pk, each in by_pk.items():
        if pk not in shown:
            continue
        home = _nearest_unit(each, by_pk)
        if home is None:
            roots.append(nodes.setdefault(pk, Node(each)))
        elif _is_team(each):
            nodes[home].teams.append(each)
        else:
            nodes[home].units.append(nodes[pk])
    return roots


def _nearest_unit(department: Department, by_pk: dict[int, Department]) -> int | None:
    """Return the key of the nearest department or division above; None if there is none."""
    seen = set()
    at = by_pk.get(department.parent_id)
    while at is not None and _is_team(at) and at.pk not in seen:
        seen.add(at.pk)
        at = by_pk.get(at.parent_id)
    return None if at is None or _is_team(at) else at.pk


def _is_team(department: Department) -> bool:
    return bool(department.kind == DepartmentKind.TEAM)
