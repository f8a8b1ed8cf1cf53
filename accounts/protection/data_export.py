"""Data export: all records held about a person, in plain words, as each app registers them."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeGuard

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as dateformat

from accounts.display_names import display_names
from accounts.models import Person

Read = Callable[[Any], Any]
Seen = Callable[[Person], models.QuerySet[Any]]
# A field path from the model, optionally with a function of its value or an expression to select instead.
Column = str | tuple[str, Read] | tuple[str, Combinable]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record in the export.

    ``by`` are field paths to the person; ``shows`` maps labels to columns; ``only`` is a filter. ``seen``
    applies the filter of the pages that show such records: what they hide is not exported either.
    """

    name: str
    title: str
    model: type[models.Model]
    by: tuple[str, ...]
    shows: Mapping[str, Column]
    only: Q = field(default_factory=Q)
    seen: Seen | None = None

    def of(self, person: Person) -> models.QuerySet[Any]:
        """Return the person's records of this kind that pages show them."""
        rows = self.seen(person) if self.seen is not None else self.model._default_manager.all()
        return rows.filter(reduce(or_, (Q(**{way: person.pk}) for way in self.by)), self.only)

    def rows(self, person: Person) -> list[dict[str, Any]]:
        """Return the person's records as dictionaries by label, in the order of the model."""
        everything, mine = self.model._default_manager, self.of(person)
        columns = [_asked(column) for column in self.shows.values()]
        found = everything.filter(pk__in=mine.order_by().values("pk")).order_by(
            *(self.model._meta.ordering or ())
        )
        return [
            {name: self._read(column, value) for (name, column), value in zip(named, row, strict=True)}
            for named in [list(self.shows.items())]
            for row in found.values_list(*columns)
        ]

    def _read(self, column: Column, value: Any) -> Any:
        if isinstance(column, str):
            return _choices(self.model, column).get(value, value) if isinstance(value, str) else value
        return column[1](value) if callable(column[1]) else value


@dataclass(frozen=True)
class Named:
    """Placeholder for a person's name until all rows are read, so that namesakes are distinguished."""

    pk: int | None


NOTHING = "–"
_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Register kinds; the export shows them in the order of registration."""
    _kinds.update({kind.name: kind for kind in kinds})


def register_kind(
    name: str,
    title: str,
    model: type[models.Model],
    by: tuple[str, ...],
    shows: Mapping[str, Column],
    only: Q | None = None,
    *,
    seen: Seen | None = None,
) -> None:
    """Register one kind of record: ``Kind`` by positional arguments."""
    register(Kind(name=name, title=title, model=model, by=by, shows=shows, only=only or Q(), seen=seen))


def kinds() -> list[Kind]:
    """Return all registered kinds."""
    return list(_kinds.values())


def path_of(column: Column) -> str:
    """Return the field path of a column."""
    return column if isinstance(column, str) else column[0]


def name_of(path: str) -> Column:
    """Return a column that shows the name of the person at ``path``."""
    return path, Named


def _asked(column: Column) -> str | Combinable:
    if isinstance(column, str):
        return column
    return column[0] if callable(column[1]) else column[1]


def records_about(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return everything held about ``person``, by the name of its kind."""
    found = {kind.name: kind.rows(person) for kind in kinds()}
    names = _names(
        value.pk for rows in found.values() for row in rows for value in row.values() if _is_name(value)
    )
    return {
        kind: [
            {name: names.get(value.pk, "") if _is_name(value) else value for name, value in row.items()}
            for row in rows
        ]
        for kind, rows in found.items()
    }


def _is_name(value: Any) -> TypeGuard[Named]:
    return isinstance(value, Named)


def _names(keys: Iterable[int | None]) -> dict[int | None, str]:
    """Return names by primary key, with a detail where two people in the file share one."""
    people = list(Person.objects.filter(pk__in={key for key in keys if key}))
    return {person.pk: person.plain_name for person in people} | display_names(people)


def export_zip(person: Person) -> bytes:
    """Return a ZIP file with ``held.json`` for programs and ``index.html`` for people."""
    found, now = records_about(person), timezone.now()
    whole = {"person": person.email, "made_at": now, "site": settings.SITE_NAME, "held": found}
    shown = [
        (kind.title, [[(name, readable(value)) for name, value in row.items()] for row in found[kind.name]])
        for kind in kinds()
    ]
    page = render_to_string(
        "accounts/held_document.html",
        {"person": person, "made": readable(now), "kinds": shown, "site_name": settings.SITE_NAME},
    )
    export_zip = io.BytesIO()
    with zipfile.ZipFile(export_zip, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("held.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        file.writestr("index.html", page)
    return export_zip.getvalue()


def readable(value: Any) -> str:
    """Format a value for people; days include the year, because the file may be read years later."""
    if isinstance(value, Mapping):
        value = [f"{name}: {readable(inner)}" for name, inner in value.items()]
    if isinstance(value, list | tuple):
        return "\n".join(readable(inner) for inner in value) or NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return dateformat(timezone.localtime(value), "D j F Y, H:i")
    if isinstance(value, dt.date):
        return dateformat(value, "D j F Y")
    return NOTHING if value is None or value == "" else str(value)


def _choices(model: type[models.Model], path: str) -> dict[Any, Any]:
    """Return the labels of a column's choices; empty if it has none."""
    at: Any = model
    for name in path.split("__"):
        try:
            found = at._meta.get_field(name)
        except FieldDoesNotExist:
            return {}
        at = found.related_model
    return dict(getattr(found, "flatchoices", None) or ())
