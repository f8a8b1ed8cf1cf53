"""What each column of a list is: as somebody chose, or as its name and its values say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from departments.imports.fields import LONGEST_NAME, Fields, Sure, column_name
from departments.imports.report import visible
from departments.imports.text_files import Record

DEPARTMENT = "department_code"
SAMPLES = 3
MOST_COLUMNS = 200
MOST_SAMPLED = 40


@dataclass(frozen=True)
class Chosen:
    """What somebody chose, or what was found: sheet, line of the header, column → field, field → order.

    A field of "" means that the column is not wanted; the order is that of the days and months of its dates.
    """

    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": dict(self.columns),
            "dates": dict(self.dates),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Chosen:
        """As it was kept."""
        return cls(
            sheet=kept.get("sheet", ""),
            header_row=kept.get("header_row", 0),
            columns=kept.get("columns", {}),
            dates=kept.get("dates", {}),
        )


@dataclass(frozen=True)
class Column:
    """A column of the file: its place, its header, first values; the field it is and how sure that is."""

    at: int
    key: str
    samples: tuple[str, ...]
    field: str
    sure: Sure | None


def columns_of(
    header: Record,
    below: Sequence[Record],
    fields: Fields,
    chosen: Chosen,
    knows: Callable[[str], bool],
) -> tuple[Column, ...]:
    """What each column is: as chosen, else as its name says, the surest first."""
    keys = _keys(header, below)
    taken = _given(keys, chosen)
    free = {at: key for at, key in enumerate(keys) if key and not _is_chosen(key, chosen)}
    for at, hit in _named(free, below, fields, knows).items():
        if hit[0] not in {name for name, _ in taken.values()}:
            taken[at] = hit
    taken = _without_doubles(taken, fields)
    return tuple(
        Column(at, key, _samples(below, at), *taken.get(at, ("", None))) for at, key in enumerate(keys) if key
    )


def _keys(header: Record, below: Sequence[Record]) -> list[str]:
    """What each column is called: its header, counted where it comes twice; its place where it has none."""
    rows = (header,) if header.complete else (header, *below[:MOST_SAMPLED])
    width = max(len(record.cells) for record in rows)
    keys: list[str] = []
    for at in range(min(width, MOST_COLUMNS)):
        cell = visible(header.cells[at], LONGEST_NAME) if at < len(header.cells) else ""
        if not cell and _samples(below, at):
            cell = f"Column {at + 1} (no name)"
        same = (
            sum(column_name(key.partition(" (again")[0]) == column_name(cell) for key in keys) if cell else 0
        )
        keys.append(f"{cell} (again, {same + 1})" if same else cell)
    return keys


def _is_chosen(key: str, chosen: Chosen) -> bool:
    return column_name(key) in {column_name(name) for name in chosen.columns}


def _samples(below: Sequence[Record], at: int) -> tuple[str, ...]:
    values = (record.cells[at].strip() for record in below if at < len(record.cells))
    return tuple(visible(value) for value in islice((value for value in values if value), SAMPLES))


def _given(keys: list[str], chosen: Chosen) -> dict[int, tuple[str, Sure | None]]:
    """The columns a person chose."""
    wanted = {column_name(name): each for name, each in chosen.columns.items()}
    taken: dict[int, tuple[str, Sure | None]] = {}
    for at, key in enumerate(keys):
        name = wanted.get(column_name(key)) if key else None
        if name and name not in {each for each, _ in taken.values()}:
            taken[at] = (name, Sure.EXACT if column_name(key) == name else Sure.SYNONYM)
    return taken


def _named(
    keys: Mapping[int, str], below: Sequence[Record], fields: Fields, knows: Callable[[str], bool]
) -> dict[int, tuple[str, Sure | None]]:
    """What the columns’ names say; each field is one column, and each column one field."""
    hits = [
        (sure, place, at, name) for at, key in keys.items() for sure, place, name in fields.candidates(key)
    ]
    taken: dict[int, tuple[str, Sure | None]] = {}
    for sure, _, at, name in sorted(_of_known_departments(hits, below, knows)):
        if at not in taken and name not in {each for each, _ in taken.values()}:
            taken[at] = (name, sure)
    return taken


Hit = tuple[Sure, int, int, str]


def _of_known_departments(
    hits: list[Hit], below: Sequence[Record], knows: Callable[[str], bool]
) -> list[Hit]:
    """Of several columns that may be the department, the one whose values are departments here."""
    maybe = [hit for hit in hits if hit[3] == DEPARTMENT]
    if len(maybe) < 2 or any(hit[0] is Sure.EXACT for hit in maybe):
        return hits
    shares = {hit: _share(below, hit[2], knows) for hit in maybe}
    best = max(maybe, key=lambda hit: (shares[hit], -hit[0], -hit[1]))
    return [hit for hit in hits if hit not in maybe or hit == best] if shares[best] else hits


def _without_doubles(
    taken: dict[int, tuple[str, Sure | None]], fields: Fields
) -> dict[int, tuple[str, Sure | None]]:
    """Without the fields that others, found later, make needless."""
    names = {name for name, _ in taken.values()}
    halves = {"first_name", "last_name"}
    if "full_name" in names and halves & names and not halves <= names:
        return {at: hit for at, hit in taken.items() if hit[0] not in halves}
    return {
        at: hit
        for at, hit in taken.items()
        if not (hit[1] is not Sure.EXACT and names.intersection(fields.yields.get(hit[0], ())))
    }


def _share(below: Sequence[Record], at: int, knows: Callable[[str], bool]) -> float:
    """How many of the first values name a department that is here."""
    values = [record.cells[at].strip() for record in below if at < len(record.cells)]
    filled = [value for value in values if value]
    return sum(map(knows, filled)) / len(filled) if filled else 0.0
