"""Find the list in a file: its sheet, its header row, and the meaning of each column."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from departments.imports.columns import MOST_COLUMNS, SAMPLES, Chosen, Column, columns_of
from departments.imports.fields import Certainty, Fields, plain_words
from departments.imports.report import FileRefusedError, quoted
from departments.imports.sheet import LeftOut
from departments.imports.sources import Sheet, Source
from departments.imports.text_files import Record

LOOKED_AT = 40  # records from the top; titles and filters above a header are fewer

Recall = Callable[[list[str]], Mapping[str, Chosen]]
NOTHING = Chosen()


def no_recall(_: list[str]) -> Mapping[str, Chosen]:
    """Return no earlier choices."""
    return {}


@dataclass(frozen=True)
class Layout:
    """The list found in a file. ``top`` holds the sheet's first records, ``sheets`` all sheet names."""

    sheet: Sheet
    sheets: tuple[str, ...]
    header: Record
    columns: tuple[Column, ...]
    top: tuple[Record, ...]
    chosen: Chosen
    recalled: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file has."""
        return frozenset(column.field for column in self.columns) - {""}

    @property
    def mark(self) -> str:
        """The fingerprint by which a file with the same header is recognised."""
        return header_mark(self.header.cells)

    @property
    def is_plain(self) -> bool:
        """Whether every used column has its documented name."""
        return all(column.sure is Certainty.EXACT for column in self.columns if column.field)

    @property
    def settled(self) -> Chosen:
        """The complete choice, so that the file can be read the same way again."""
        return Chosen(
            sheet=self.sheet.name,
            header_row=self.header.where.first,
            columns={column.key: column.field for column in self.columns},
            dates=self.chosen.dates,
        )


def header_mark(cells: Sequence[str]) -> str:
    """Return a fingerprint that is equal for equal column names in the same order."""
    names = [plain_words(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest() if any(names) else ""


def find_layout(
    source: Source,
    fields: Fields,
    chosen: Chosen = NOTHING,
    *,
    recall: Recall = no_recall,
    is_department: Callable[[str], bool] = lambda _: False,
) -> Layout:
    """Find the list in the file.

    ``is_department`` tells whether a text names a department. Raises FileRefusedError.
    """
    tops = {sheet.name: _top(sheet, chosen) for sheet in _sheets(source, chosen)}
    if not any(tops.values()):
        raise FileRefusedError(
            "The file is empty. Its first line names the columns: " + ",".join(fields.names)
        )
    before = None if chosen.columns else _recalled(tops, chosen, recall)
    chosen = before or chosen
    sheet, header = _header(source, tops, fields, chosen)
    top = tops[sheet.name]
    below = [record for record in top if record.where > header.where]
    columns = columns_of(header, below, fields, chosen, is_department)
    names = tuple(each.name for each in source.sheets)
    return Layout(sheet, names, header, columns, tuple(top), chosen, recalled=before is not None)


def _sheets(source: Source, chosen: Chosen) -> list[Sheet]:
    """Return the sheets to search. Raises FileRefusedError if the chosen sheet does not exist."""
    if not chosen.sheet:
        return source.sheets
    wanted = [sheet for sheet in source.sheets if sheet.name.casefold() == chosen.sheet.casefold()]
    if not wanted:
        names = ", ".join(quoted(sheet.name) for sheet in source.sheets if sheet.name) or "none: it is a text"
        raise FileRefusedError(f"The file shows no sheet {quoted(chosen.sheet)}. Its sheets are: {names}.")
    return wanted


def _top(sheet: Sheet, chosen: Chosen) -> list[Record]:
    """Return the first non-empty records, to some lines below a chosen header."""
    records = (record for record in sheet.read(LeftOut()) if any(cell.strip() for cell in record.cells))
    top = list(islice(records, LOOKED_AT))
    while top and top[-1].where.first < chosen.header_row + SAMPLES and (more := next(records, None)):
        top.append(more)
    return top


def _recalled(tops: Mapping[str, list[Record]], chosen: Chosen, recall: Recall) -> Chosen | None:
    """Return what a person chose for an earlier file with the same header, or None."""
    marks = {
        header_mark(record.cells): (name, record.where.first)
        for name, top in reversed(list(tops.items()))
        for record in reversed(top)
        if chosen.header_row in {0, record.where.first}
    }
    known = recall([mark for mark in marks if mark])
    for mark, before in known.items():
        sheet, row = marks[mark]
        return Chosen(sheet, row, before.columns, {**before.dates, **chosen.dates})
    return None


def _header(
    source: Source, tops: Mapping[str, list[Record]], fields: Fields, chosen: Chosen
) -> tuple[Sheet, Record]:
    """Return the first sheet that has all needed columns, and its header row."""
    sheets = [sheet for sheet in _sheets(source, chosen) if tops.get(sheet.name)]
    best = [(sheet, _best_row(tops[sheet.name], fields, chosen)) for sheet in sheets]
    for sheet, record in best:
        width = len(record.cells) - sum(
            1 for _ in takewhile(lambda cell: not cell.strip(), reversed(record.cells))
        )
        if width > MOST_COLUMNS:
            raise FileRefusedError(f"The file has {width} columns; {MOST_COLUMNS} is the most.")
        known = {hits[0][2] for cell in record.cells if (hits := fields.candidates(cell))}
        if not fields.missing(known | set(chosen.columns.values())):
            return sheet, record
    return best[0]


def _best_row(top: list[Record], fields: Fields, chosen: Chosen) -> Record:
    """Return the chosen header, or the row that names the most columns. Raises FileRefusedError."""
    if chosen.header_row:
        for record in top:
            if record.where.first <= chosen.header_row <= record.where.last:
                return record
        raise FileRefusedError(f"Line {chosen.header_row} is empty, so it cannot name the columns.")
    if chosen.columns:
        wanted = {plain_words(name) for name in chosen.columns}
        return max(top, key=lambda record: len(wanted & {plain_words(cell) for cell in record.cells}))
    scores = [fields.recognised(record.cells) for record in top]
    if max(scores) >= 2:
        return top[scores.index(max(scores))]
    return _widest(top) if max(scores) == 0 else top[scores.index(max(scores))]


def _widest(top: list[Record]) -> Record:
    """Return the first row as wide as the list, because titles above it are narrower."""
    widths = [sum(bool(cell.strip()) for cell in record.cells) for record in top]
    return top[next(index for index, width in enumerate(widths) if width * 2 > max(widths))]
