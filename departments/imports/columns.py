"""Decide the meaning of each column of a list: chosen by a person, or found from its name and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from departments.imports.fields import LONGEST_NAME, Certainty, Fields, column_name
from departments.imports.report import visible
from departments.imports.text_files import Record

DEPARTMENT = "department_code"
SAMPLES = 3
MOST_COLUMNS = 200
MOST_SAMPLED = 40


@dataclass(frozen=True)
class Chosen:
    """The reading that a person chose or the program found.

    It holds the sheet, the header line, the field of each column, and the order of day and month of each date
    field. A field of "" means that the column is left out.
    """

    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the choice as JSON data."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": dict(self.columns),
            "dates": dict(self.dates),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Chosen:
        """Return the choice from stored JSON data."""
        return cls(
            sheet=kept.get("sheet", ""),
            header_row=kept.get("header_row", 0),
            columns=kept.get("columns", {}),
            dates=kept.get("dates", {}),
        )


@dataclass(frozen=True)
class Column:
    """A column of the file: position, header, first values, its field, and how certain that is."""

    at: int
    key: str
    samples: tuple[str, ...]
    field: str
    sure: Certainty | None


def columns_of(
    header: Record,
    below: Sequence[Record],
    fields: Fields,
    chosen: Chosen,
    is_department: Callable[[str], bool],
) -> tuple[Column, ...]:
    """Return the meaning of each column: as chosen, else by name, the most certain first."""
    keys = _keys(header, below)
    taken = _given(keys, chosen)
    free = {at: key for at, key in enumerate(keys) if key and not _is_chosen(key, chosen)}
    for at, hit in _named(free, below, fields, is_department).items():
        if hit[0] not in {name for name, _ in taken.values()}:
            taken[at] = hit
    taken = _without_doubles(taken, fields)
    return tuple(
        Column(at, key, _samples(below, at), *taken.get(at, ("", None))) for at, key in enumerate(keys) if key
    )


def _keys(header: Record, below: Sequence[Record]) -> list[str]:
    """Return a unique key for each column: its header (numbered if repeated), else its position."""
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


def _given(keys: list[str], chosen: Chosen) -> dict[int, tuple[str, Certainty | None]]:
    """Return the columns that a person chose."""
    wanted = {column_name(name): each for name, each in chosen.columns.items()}
    taken: dict[int, tuple[str, Certainty | None]] = {}
    for at, key in enumerate(keys):
        name = wanted.get(column_name(key)) if key else None
        if name and name not in {each for each, _ in taken.values()}:
            taken[at] = (name, Certainty.EXACT if column_name(key) == name else Certainty.SYNONYM)
    return taken


def _named(
    keys: Mapping[int, str], below: Sequence[Record], fields: Fields, is_department: Callable[[str], bool]
) -> dict[int, tuple[str, Certainty | None]]:
    """Return the columns known by name; each field is one column, and each column one field."""
    hits = [
        (sure, place, at, name) for at, key in keys.items() for sure, place, name in fields.candidates(key)
    ]
    taken: dict[int, tuple[str, Certainty | None]] = {}
    for sure, _, at, name in sorted(_of_known_departments(hits, below, is_department)):
        if at not in taken and name not in {each for each, _ in taken.values()}:
            taken[at] = (name, sure)
    return taken


Hit = tuple[Certainty, int, int, str]


def _of_known_departments(
    hits: list[Hit], below: Sequence[Record], is_department: Callable[[str], bool]
) -> list[Hit]:
    """Of several candidates for the department, keep the column whose values are known departments."""
    maybe = [hit for hit in hits if hit[3] == DEPARTMENT]
    if len(maybe) < 2 or any(hit[0] is Certainty.EXACT for hit in maybe):
        return hits
    shares = {hit: _share(below, hit[2], is_department) for hit in maybe}
    best = max(maybe, key=lambda hit: (shares[hit], -hit[0], -hit[1]))
    return [hit for hit in hits if hit not in maybe or hit == best] if shares[best] else hits


def _without_doubles(
    taken: dict[int, tuple[str, Certainty | None]], fields: Fields
) -> dict[int, tuple[str, Certainty | None]]:
    """Drop fields that became redundant through other fields."""
    names = {name for name, _ in taken.values()}
    halves = {"first_name", "last_name"}
    if "full_name" in names and halves & names and not halves <= names:
        return {at: hit for at, hit in taken.items() if hit[0] not in halves}
    return {
        at: hit
        for at, hit in taken.items()
        if not (hit[1] is not Certainty.EXACT and names.intersection(fields.yields.get(hit[0], ())))
    }


def _share(below: Sequence[Record], at: int, is_department: Callable[[str], bool]) -> float:
    """Return the share of the first values that name a known department."""
    values = [record.cells[at].strip() for record in below if at < len(record.cells)]
    filled = [value for value in values if value]
    return sum(map(is_department, filled)) / len(filled) if filled else 0.0
