"""Pages of a long list by key: the same work on the first page and on the thousandth."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

T = TypeVar("T", bound=Model)


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page; ``next_url`` and ``first_url`` are empty where there is nothing to go to."""

    rows: Sequence[T]
    next_url: str
    first_url: str


def page_of(request: HttpRequest, rows: QuerySet[T], *, by: str, size: int) -> Page[T]:
    """The page of ``rows`` that ``?after=`` asks for, by the time ``by`` ("-" in front: newest first)."""
    name = by.lstrip("-")
    after = _position(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(_beyond(name, after, backwards=by.startswith("-")))
    found = list(rows.order_by(by, "-pk" if by.startswith("-") else "pk")[: size + 1])
    more = len(found) > size
    following = f"{request.path}?after={_key(found[size - 1], name)}" if more else ""
    return Page(found[:size], following, request.path if after is not None else "")


def _key(row: Model, name: str) -> str:
    moment: dt.datetime = getattr(row, name)
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}_{row.pk}"


def _position(text: str) -> tuple[dt.datetime, uuid.UUID] | None:
    """Where a page begins; nonsense in an address means the first page."""
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
