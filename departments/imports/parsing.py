"""Turn lines into rows. Unreadable lines are refused, and their keys kept for lines that refer to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import connection

from departments.imports import cells
from departments.imports.cells import CellError
from departments.imports.date_texts import in_words
from departments.imports.reader import Line, Table, listed
from departments.imports.report import FileRefusedError, Finding, Report, Where
from departments.imports.rows import LineError, SkipLineError

R = TypeVar("R")
LOCK = 7_204_113  # any number; it must be the same for all imports into one database


class BusyError(FileRefusedError):
    """Raised when another import is running."""


@dataclass
class Parsed(Generic[R]):
    """The rows that can be read, and the keys (emails, codes) of refused lines with their places.

    ``numbers`` are the staff numbers of refused lines; ``unknown`` counts refused lines whose person cannot
    be identified.
    """

    rows: list[R] = field(default_factory=list)
    refused: dict[str, Where] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    unknown: int = 0
    skipped: list[Where] = field(default_factory=list)

    def refuse(self, line: Line, key: str) -> None:
        """Record whom a refused line is about, as far as that is known."""
        known_by = _cleaned(cells.text, line.cells.get(key, ""), 2 * cells.LONGEST_EMAIL).lower()
        number = _cleaned(cells.number, line.cells.get("staff_number", ""), 40)
        self.refused.setdefault(known_by, line.where)
        self.numbers |= {number} - {""}
        self.unknown += not number and "@" not in known_by


def _cleaned(check: Callable[[str, int], str], cell: str, longest: int) -> str:
    """Return a cell of a refused line in the form used for comparing, if it can be read."""
    try:
        return check(cell, longest)
    except CellError:
        return cell.strip()


def parsed(table: Table, make: Callable[[Line, list[Finding]], R], key: str, report: Report) -> Parsed[R]:
    """Turn each line into a row or refuse it. Raises FileRefusedError when the list is empty."""
    found: Parsed[R] = Parsed()
    if table.unknown:
        report.remarks.append(f"Columns not known here, which were ignored: {', '.join(table.unknown)}.")
    for line in table.lines:
        if not isinstance(line, Line):
            report.refuse([line])
            found.unknown += 1
            continue
        notes: list[Finding] = []
        try:
            found.rows.append(make(line, notes))
            report.note(notes)
        except LineError as error:
            report.refuse(error.findings)
            found.refuse(line, key)
        except SkipLineError:
            found.skipped.append(line.where)
    report.remarks.extend(table.remarks)
    report.remarks.extend(_vacant(found.skipped))
    _tell_dates(table, report)
    found.unknown += len(table.left_out.rows)
    if not found.rows and not report.refused:
        raise FileRefusedError("The file has a line that names the columns, and nothing below it.")
    return found


def _vacant(places: list[Where]) -> Iterator[str]:
    if places:
        yield f"Vacant posts, where nobody is named, were skipped: {listed(places)}."


def _tell_dates(table: Table, report: Report) -> None:
    """Report how dates were read, with some examples in words."""
    names = {column.field: column.key for column in table.layout.columns}
    for field_name, column in table.dates.items():
        report.remarks.extend(f"{names[field_name]}: {sentence}" for sentence in column.sentences())
        report.dates.extend(
            {
                "column": names[field_name],
                "where": row.line,
                "text": row.text,
                "day": in_words(row.day),
                "why": row.why,
            }
            for row in column.shown()
        )


def import_is_running() -> bool:
    """Whether any import holds the lock now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [LOCK],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def one_import_at_a_time() -> Iterator[None]:
    """Hold the database's advisory lock for imports. Raises BusyError while another import runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError("Another import is running. Wait until it has ended, then try again.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
