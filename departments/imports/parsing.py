"""From lines to rows: what cannot be read is refused, and its key remembered for those who refer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

from departments.imports.reader import Line, Table
from departments.imports.report import FileRefusedError, Report, Where
from departments.imports.rows import LineError

R = TypeVar("R")
LOCK = 7_204_113  # any number, the same for every import into one database


def parsed(
    table: Table, make: Callable[[Line], R], key: str, report: Report
) -> tuple[list[R], dict[str, Where]]:
    """The rows that can be read, and where the refused lines' keys (emails, codes) stand."""
    rows: list[R] = []
    refused: dict[str, Where] = {}
    if table.unknown:
        report.remarks.append(f"Columns not known here, which were ignored: {', '.join(table.unknown)}.")
    for line in table.lines:
        if not isinstance(line, Line):
            report.refuse([line])
            continue
        try:
            rows.append(make(line))
        except LineError as error:
            report.refuse(error.findings)
            refused.setdefault(line.cells.get(key, "").strip().lower(), line.where)
    return rows, refused


@contextmanager
def one_import_at_a_time() -> Iterator[None]:
    """Hold the database's lock for imports. Raises FileRefusedError while another import runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise FileRefusedError("Another import is running. Wait until it has ended, then try again.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
