"""Subqueries whose SQL is built once per process instead of on every use.

The ORM needs several milliseconds to build the SQL of a condition such as "who may see this request", more
than PostgreSQL needs to run it. The SQL depends on the code alone, so it is kept and only its values are
filled in.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

Build: TypeAlias = "Callable[..., QuerySet[Any, Any]]"


def compiled(**kinds: type) -> Callable[[Build], Callable[..., RawSQL]]:
    """Decorate a function that returns a queryset of keys, so that its SQL is built at its first call only.

    ``kinds`` names its keyword arguments with their types: ``int``, ``uuid.UUID``, ``dt.date``,
    ``dt.datetime`` or ``set`` (of numbers; use ``members`` in the queryset). The decorated function takes the
    same arguments and returns an expression for ``pk__in=``. The queryset must not depend on the arguments in
    any other way than as values of its conditions, because it is built with stand-ins. Raises ValueError if
    it does not use one of them.
    """

    def decorate(build: Build) -> Callable[..., RawSQL]:
        stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(kinds.items(), 1)}

        @cache
        def sql_and_slots() -> tuple[str, list[tuple[str | None, Any]]]:
            compiler = build(**stand_ins).query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            slots = [(_name_of(value, stand_ins), value) for value in params]
            unused = set(stand_ins) - {name for name, _ in slots}
            if unused:
                raise ValueError(f"{build.__name__} does not use {', '.join(sorted(unused))}.")
            return sql, slots

        def subquery(**values: Any) -> RawSQL:
            sql, slots = sql_and_slots()
            params = [value if name is None else _filled(values[name]) for name, value in slots]
            return RawSQL(sql, params)  # noqa: S611  # built by the ORM

        subquery.__doc__ = build.__doc__
        return subquery

    return decorate


def members(numbers: Iterable[int]) -> RawSQL:
    """Return an expression for ``…__in=`` of a list of keys, whose SQL does not depend on its length."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])  # constant SQL


def _filled(value: Any) -> Any:
    """Return the value as the database driver takes it."""
    return list(value) if isinstance(value, set) else value


def _stand_in(kind: type, number: int) -> Any:
    """Return a value of ``kind`` that no condition contains otherwise."""
    key = -(10**12) - number
    stand_ins: dict[type, Any] = {
        int: key,
        uuid.UUID: uuid.UUID(int=number),
        dt.date: dt.date(1, 1, number),
        dt.datetime: dt.datetime(1, 1, 1, 0, 0, number, tzinfo=dt.UTC),
        set: {key},
    }
    return stand_ins[kind]


def _name_of(value: Any, stand_ins: dict[str, Any]) -> str | None:
    return next((name for name, other in stand_ins.items() if _filled(other) == value), None)
