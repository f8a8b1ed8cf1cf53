"""The filter and the order of the list on the desk, as the query string has them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString

from accounts.free_text import one_line
from accounts.models import Person, WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from shadowing.enums import WaitingKind
from shadowing.offers.filters import INDENT, Directory, render_options

OVERDUE, STUCK, ALL = "", "stuck", "all"
SHOW = {
    OVERDUE: "Overdue",
    STUCK: "Overdue, passed to coordinators or email lost",
    ALL: "Everything that needs an answer",
}
KINDS: dict[str, str] = {
    WaitingKind.MANAGER_DECISION: "The line manager’s decision",
    WaitingKind.HOST_ANSWER: "The host’s answer",
    WaitingKind.HOST_MANAGER_DECISION: "The decision of the host’s manager",
    WaitingKind.CONFIRM_DATES: "Dates to confirm",
    WaitingKind.CHANGE_REQUEST: "A request to change",
    WaitingKind.CHECK_OFFER: "An offer to check",
    WaitingKind.CHANGE_OFFER: "An offer to change",
    WaitingKind.FIND_HOST: "Someone to host a visit",
}
ORDERS = {
    "": "Waiting longest",
    "newest": "Waiting shortest",
    "due": "Due first",
    "person": "By person asked",
}
# The columns of each order, "-" for downwards. Each begins with an index of the open items.
COLUMNS: dict[str, tuple[str, ...]] = {
    "": ("since", "pk"),
    "newest": ("-since", "-pk"),
    "due": ("due_on", "pk"),
    "person": ("owner_id", "since", "pk"),
}
MOST_NAMED = 200  # people whose name is looked up; who needs more types more of the name
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class StuckFilter:
    """The filter of the list and its order; an empty string means the default."""

    show: str = OVERDUE
    kind: str = ""
    department: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], directory: Directory) -> StuckFilter:
        """Return the filter of a query string; unknown values are ignored."""
        known: dict[str, set[str]] = {
            "show": set(SHOW),
            "kind": set(KINDS),
            "department": {node.code for node in directory.departments.values()},
            "sort": set(ORDERS),
        }
        given = {name: query.get(name, "") for name in known}
        chosen = {name: value for name, value in given.items() if value in known[name]}
        return cls(**chosen, q=one_line(query.get("q", ""))[:200])

    def as_query(self) -> dict[str, str]:
        """Return the filter and the order as query parameters."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value}

    @property
    def narrowed(self) -> bool:
        """Return whether anything but the order is set."""
        return any(name != "sort" for name in self.as_query())

    def address(self, path: str, **more: str) -> str:
        """Return ``path`` with this filter, and ``more`` parameters, in its query string."""
        query = {**self.as_query(), **more}
        return f"{path}?{urlencode(query)}" if query else path

    def choices(self, directory: Directory) -> list[tuple[str, str, SafeString]]:
        """Return name, label and options of each filter that is chosen from a list."""
        departments = [(node.code, INDENT * depth + node.name) for depth, node in directory.outline]
        either_side = [("", "Any, on either side"), *departments]
        return [
            ("show", "Show", render_options(list(SHOW.items()), self.show)),
            ("kind", "What is missing", render_options([("", "Anything"), *KINDS.items()], self.kind)),
            ("department", "Department", render_options(either_side, self.department)),
            ("sort", "Order", render_options(list(ORDERS.items()), self.sort)),
        ]

    def narrow(self, items: WaitingItemQuerySet) -> WaitingItemQuerySet:
        """Return the items of the chosen kind that are of, or about, somebody with the name given."""
        if self.kind:
            items = items.filter(kind=self.kind)
        if self.q:
            people = list(
                Person.objects.named(self.q).order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]
            )
            items = items.filter(Q(owner__in=people) | Q(about__in=people))
        return items

    def ordering(self, *, backwards: bool = False) -> list[OrderBy]:
        """Return the columns to order by; items without a due day come last."""
        return [_order_by(column, backwards=backwards) for column in COLUMNS[self.sort]]

    def beyond(self, text: str, *, backwards: bool = False) -> Q | None:
        """Return the filter for the items after the position ``text``; None if it is no position."""
        columns = COLUMNS[self.sort]
        position = _position(text, columns)
        if position is None:
            return None
        found, same = Q(), Q()
        for column, value in zip(columns, position, strict=True):
            name, down = column.lstrip("-"), column.startswith("-") != backwards
            found |= same & _further(name, value, down=down)
            same &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
        return found

    def position_of(self, item: WaitingItem) -> str:
        """Return the place of ``item`` in this order, for an address."""
        return "_".join(_as_text(getattr(item, column.lstrip("-"))) for column in COLUMNS[self.sort])


def _order_by(column: str, *, backwards: bool) -> OrderBy:
    name, down = column.lstrip("-"), column.startswith("-") != backwards
    return F(name).desc() if down else F(name).asc()


def _further(name: str, value: Any, *, down: bool) -> Q:
    """Return the filter for greater values (``down``: smaller ones); no value counts as the greatest."""
    if value is None:
        return Q(**{f"{name}__isnull": False}) if down else Q(pk__in=[])
    beyond = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
    return beyond | Q(**{f"{name}__isnull": True}) if name == "due_on" and not down else beyond


def _as_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}"
    return "" if value is None else str(value)


def _position(text: str, columns: tuple[str, ...]) -> list[Any] | None:
    parts = text.split("_")
    if len(parts) != len(columns):
        return None
    try:
        return [READ[column.lstrip("-")](part) for column, part in zip(columns, parts, strict=True)]
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> dt.datetime:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(dt.UTC)


def _day(text: str) -> dt.date | None:
    found = parse_date(text) if text else None
    if text and found is None:
        raise ValueError(text)
    return found


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:40]) > LARGEST_ID:
        raise ValueError(text)
    return int(text)


READ: MappingProxyType[str, Callable[[str], Any]] = MappingProxyType(
    {"since": _moment, "due_on": _day, "owner_id": _number, "pk": uuid.UUID}
)
