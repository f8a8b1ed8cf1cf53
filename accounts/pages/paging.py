"""Keyset pagination of long lists: the last page costs as much as the first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

T = TypeVar("T", bound=Model)


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page; ``next_url`` and ``first_url`` are empty where there is no such page."""

    rows: Sequence[T]
    next_url: str
    first_url: str


def page_of(
    request: HttpRequest,
    rows: QuerySet[T],
    *,
    by: str,
    size: int,
    take: Callable[[QuerySet[T], int], QuerySet[T]] | None = None,
    query: Mapping[str, str] | None = None,
) -> Page[T]:
    """Return the page of ``rows`` that ``?after=`` asks for, ordered by time ``by`` ("-": newest first).

    ``take`` selects a number of ordered rows where a plain slice would read too much; ``query`` holds
    parameters that the addresses of other pages keep.
    """
    name, kept = by.lstrip("-"), dict(query or {})
    after = _position(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(_beyond(name, after, backwards=by.startswith("-")))
    in_order = rows.order_by(by, "-pk" if by.startswith("-") else "pk")
    found = list((take or _first)(in_order, size + 1))
    more = len(found) > size
    following = _address(request, {**kept, "after": _key(found[size - 1], name)}) if more else ""
    return Page(found[:size], following, _address(request, kept) if after is not None else "")


def _first(rows: QuerySet[T], number: int) -> QuerySet[T]:
    return rows[:number]


def _address(request: HttpRequest, query: Mapping[str, str]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _key(row: Model, name: str) -> str:
    moment: dt.datetime = getattr(row, name)
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}_{row.pk}"


def _position(text: str) -> tuple[dt.datetime, uuid.UUID] | None:
    """Return the key after which the page begins; None (the first page) for an invalid one."""
    moment, _, pk = text.partition("_")
    try:
        at = parse_datetime(moment)
        return (at, uuid.UUID(pk)) if at is not None and at.tzinfo is not None else None
    except ValueError:
        return None


def _beyond(name: str, after: tuple[Any, uuid.UUID], *, backwards: bool) -> Q:
    way = "lt" if backwards else "gt"
    moment, pk = after
    return Q(**{f"{name}__{way}": moment}) | Q(**{name: moment, f"pk__{way}": pk})
