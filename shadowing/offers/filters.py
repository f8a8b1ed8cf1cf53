"""Filters of the offers page, read from the query string; unknown values are ignored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Exists, OuterRef, Q, Value
from django.utils import timezone
from django.utils.dateformat import format as dateformat
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.free_text import one_line
from accounts.models import Person
from departments.enums import DepartmentKind
from departments.models import Department, Membership, Site
from shadowing.enums import OfferFormat, OfferKind
from shadowing.models import Session
from shadowing.models.offer import OfferQuerySet

MONTHS = 6
BY_ARRANGEMENT = "by-arrangement"
INDENT = "\u2003"
LENGTHS = {
    "half-day": ("Half a day", Q(half_days=1)),
    "day": ("A day", Q(half_days=2)),
    "longer": ("Longer than a day", Q(half_days__gt=2)),
}
Option = tuple[str, str]
SITE, PLACE = "site", "place"
EVERYTHING = "all"
SORTS = {"newest": "Newest", "soonest": "Soonest", "nearest": "Nearest", "fit": "Best fit"}
VIEW = {"q", "show", "sort"}  # what narrows nothing beside the words


@dataclass(frozen=True)
class Node:
    """The columns of a department that lists need."""

    pk: int
    name: str
    code: str
    parent: int | None
    is_open: bool
    colour: int
    monogram: str
    kind: str


class Directory:
    """All departments and sites, and the place of ``person`` among them, loaded in one query."""

    def __init__(self, person: Person | None = None) -> None:
        departments = Department.objects.order_by().values_list(
            "pk", "name", "code", "parent", "is_open", "colour", "monogram", "kind"
        )
        none = (Value(True), Value(0), Value(""))
        sites = Site.objects.order_by().values_list(
            "pk", "name", Value(""), Value(None, BigIntegerField()), *none, Value(SITE)
        )
        place = Membership.objects.filter(person=person).values_list(
            "department", Value(""), Value(""), "site", *none, Value(PLACE)
        )
        rows = [Node(*row) for row in departments.union(sites, place, all=True)]
        self.departments = {node.pk: node for node in rows if node.monogram}
        found = ((row.pk, row.name) for row in rows if row.kind == SITE)
        self.sites = dict(sorted(found, key=lambda at: at[1]))
        mine = next((row for row in rows if row.kind == PLACE), None)
        self.department = mine.pk if mine else None
        self.site = mine.parent if mine else None

    @cached_property
    def own(self) -> frozenset[int]:
        """Return the person's own department with its teams (``Department.unit``); empty without a place."""
        if self.department is None:
            return frozenset()
        unit = self.departments[self.department]
        while unit.kind == DepartmentKind.TEAM and unit.parent in self.departments:
            unit = self.departments[unit.parent]
        found, waiting = {unit.pk}, [unit]
        while waiting:
            teams = [
                node for node in self.below.get(waiting.pop().pk, []) if node.kind == DepartmentKind.TEAM
            ]
            found |= {team.pk for team in teams}
            waiting += teams
        return frozenset(found)

    def line(self, pk: int) -> list[int]:
        """Return the department and all above it, nearest first."""
        found: list[int] = []
        at: int | None = pk
        while at in self.departments and at not in found:
            found.append(at)
            at = self.departments[at].parent
        return found

    def distances(self) -> dict[int, list[int]]:
        """Return the departments by how many steps of the tree away from the person's own they are."""
        mine = self.line(self.department) if self.department is not None else []
        found: dict[int, list[int]] = {}
        for pk in self.departments:
            line = self.line(pk)
            meet = next((at for at in line if at in mine), None)
            steps = len(line) + len(mine) if meet is None else line.index(meet) + mine.index(meet)
            found.setdefault(steps, []).append(pk)
        return found

    @cached_property
    def below(self) -> dict[int | None, list[Node]]:
        """Return the departments directly below each department, by name."""
        found: dict[int | None, list[Node]] = {}
        for node in sorted(self.departments.values(), key=lambda node: node.name):
            found.setdefault(node.parent, []).append(node)
        return found

    @cached_property
    def outline(self) -> list[tuple[int, Node]]:
        """Return every department with its depth, in tree order."""
        lines: list[tuple[int, Node]] = []
        waiting = [(0, node) for node in reversed(self.below.get(None, []))]
        while waiting:
            depth, node = waiting.pop()
            lines.append((depth, node))
            waiting += [(depth + 1, child) for child in reversed(self.below.get(node.pk, []))]
        return lines

    def branch(self, code: str) -> list[int]:
        """Return the ids of the department with ``code`` and all below it; empty if there is none."""
        found: list[int] = []
        deep: int | None = None
        for depth, node in self.outline:
            if deep is not None and depth <= deep:
                break
            if deep is None and node.code == code:
                deep = depth
            if deep is not None:
                found.append(node.pk)
        return found


@dataclass(frozen=True)
class OfferFilter:
    """The search words and filters of a search; an empty string means any."""

    q: str = ""
    department: str = ""
    kind: str = ""
    format: str = ""
    length: str = ""
    site: str = ""
    when: str = ""
    show: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], directory: Directory) -> OfferFilter:
        """Read the query string; unknown values count as empty."""
        given = {name: one_line(query.get(name, "")) for name in (field.name for field in fields(cls))}
        known = {
            "department": {node.code for node in directory.departments.values()},
            "kind": set(OfferKind.values),
            "format": set(OfferFormat.values),
            "length": set(LENGTHS),
            "site": {str(pk) for pk in directory.sites},
            "show": {EVERYTHING},
            "sort": set(SORTS),
        }
        for name, values in known.items():
            if given[name] not in values:
                given[name] = ""
        if given["when"] != BY_ARRANGEMENT and month_of(given["when"]) is None:
            given["when"] = ""
        return cls(**given)

    def __bool__(self) -> bool:
        return bool(self.q) or self.narrowed

    @property
    def narrowed(self) -> bool:
        """Return whether anything but the search words is set."""
        return any(getattr(self, field.name) for field in fields(self) if field.name not in VIEW)

    @property
    def order(self) -> str:
        """Return how the list is sorted: as chosen, else by fit to the words, else newest first."""
        if self.sort == "fit" and not self.q:
            return "newest"
        return self.sort or ("fit" if self.q else "newest")

    def as_query(self, **more: str) -> str:
        """Return the shortest query string for this filter, with ``more`` added."""
        given = {field.name: getattr(self, field.name) for field in fields(self)} | more
        return urlencode({name: value for name, value in given.items() if value})

    def narrow(self, offers: OfferQuerySet, directory: Directory) -> OfferQuerySet:
        """Return the offers that pass the filters; ``shadowing.offers.search`` handles the words."""
        wanted = Q()
        if self.department:
            wanted &= Q(department__in=directory.branch(self.department))
        if self.length:
            wanted &= LENGTHS[self.length][1]
        for name in ("kind", "format", "site"):
            if value := getattr(self, name):
                wanted &= Q(**{name: value})
        if self.when:
            wanted &= Q(_sessions_in(self.when))
        return offers.filter(wanted)


def _sessions_in(when: str) -> Exists:
    sessions = Session.objects.to_come().filter(offer=OuterRef("pk"))
    first = month_of(when)
    if first is None:
        return Exists(sessions.filter(by_arrangement=True))
    starts, ends = _midnight(first), _midnight(_next_month(first))
    return Exists(sessions.filter(starts_at__lt=ends, ends_at__gt=starts))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)


def month_of(value: str) -> dt.date | None:
    """Return the first day of "this-month", "next-month" or "2027-03"; None for anything else."""
    this = timezone.localdate().replace(day=1)
    if value == "this-month":
        return this
    if value == "next-month":
        return _next_month(this)
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", value, re.ASCII)
    return dt.date(int(found[1]), int(found[2]), 1) if found else None


def month_name(value: str) -> str:
    """Return the month of a value that ``month_of`` knows: "March", or "March 2027" in another year."""
    month = month_of(value)
    if month is None:
        return ""
    return dateformat(month, "F" if month.year == timezone.localdate().year else "F Y")


def month_options() -> list[Option]:
    """Return the options for this month, the following ones, and by arrangement."""
    this = month = timezone.localdate().replace(day=1)
    options = [(f"{this:%Y-%m}", f"This month ({dateformat(this, 'F')})")]
    for _ in range(MONTHS - 1):
        month = _next_month(month)
        options.append((f"{month:%Y-%m}", dateformat(month, "F" if month.year == this.year else "F Y")))
    return [*options, (BY_ARRANGEMENT, "By arrangement")]


def choices_of(wanted: OfferFilter, directory: Directory) -> list[tuple[str, str, SafeString]]:
    """Return name, label and rendered options of each filter except the search words."""
    departments = [
        (node.code, INDENT * depth + node.name) for depth, node in directory.outline if node.is_open
    ]
    offered = [
        ("department", "Department", departments),
        ("when", "When", month_options()),
        ("length", "Length", [(value, label) for value, (label, _) in LENGTHS.items()]),
        ("kind", "Kind of visit", [(kind.value, str(kind.label)) for kind in OfferKind]),
        ("format", "Format", [(form.value, str(form.label)) for form in OfferFormat]),
        ("site", "Site", [(str(pk), name) for pk, name in directory.sites.items()]),
    ]
    return [(name, label, render_options(options, getattr(wanted, name))) for name, label, options in offered]


def render_options(options: list[Option], chosen: str) -> SafeString:
    """Render the options of a select in Python: a template is many times slower for a hundred options."""
    marks = {chosen: SafeString(" selected")} if chosen else {}
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, marks.get(value, ""), text) for value, text in options),
    )
