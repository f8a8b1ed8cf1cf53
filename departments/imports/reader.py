"""Read a list line by line into cells by field, from a text file or workbook. Knows no records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from departments.imports import text_files
from departments.imports.cell_values import UncalculatedFormula
from departments.imports.columns import Chosen
from departments.imports.dates import DateColumn
from departments.imports.fields import Certainty, Fields, column_name
from departments.imports.layout import NOTHING, Layout, Recall, find_layout, no_recall
from departments.imports.report import FileRefusedError, Finding, Where, quoted, visible
from departments.imports.sheet import LeftOut
from departments.imports.sources import Source, open_source
from departments.imports.text_files import Record

LARGEST = text_files.LARGEST
MOST_LINES = 500_000
SHOWN = 5
FOOTER = re.compile(
    r"(?:grand |sub ?-?|overall )?totals?\b|(?:row|record|head|employee|staff)s? ?count\b|count\b|sum\b|"
    r"end of (?:file|list|report|data)|page \d+|printed|generated|exported|report (?:run|date|generated|id)|"
    r"run (?:by|date|on)|number of (?:rows|records|employees|staff|people)|"
    r"\d+ (?:rows?|records?|employees|people|staff)\b|source:|confidential|\*+",
    re.IGNORECASE,
)
MOST_WORDS = 2  # text cells that a footer may have at most
MISSING = (
    "{where} has to name the columns; missing: {missing}. Known columns are: {known}. "
    "Other names are understood too; or say which column is which."
)


class Line(NamedTuple):
    """One record: its place, and its cells by field; unknown columns are left out."""

    where: Where
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file whose header is understood.

    ``lines`` can be iterated once; only then are ``remarks`` complete. ``left_out`` records what the sheet
    hides.
    """

    layout: Layout
    columns: frozenset[str]
    unknown: list[str]
    lines: Iterator[Line | Finding]
    remarks: list[str] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    dates: dict[str, DateColumn] = field(default_factory=dict)


def open_list(
    path: Path,
    fields: Fields,
    chosen: Chosen = NOTHING,
    *,
    recall: Recall = no_recall,
    is_department: Callable[[str], bool] = lambda _: False,
) -> tuple[Source, Layout]:
    """Open a file and find the list in it. Raises FileRefusedError."""
    source = open_source(path, fields.recognised)
    return source, find_layout(source, fields, chosen, recall=recall, is_department=is_department)


def read_table(
    path: Path,
    fields: Fields,
    chosen: Chosen = NOTHING,
    *,
    recall: Recall = no_recall,
    is_department: Callable[[str], bool] = lambda _: False,
    dates: Sequence[DateColumn] = (),
) -> Table:
    """Open a file, and find its header and the order of its dates. Raises FileRefusedError."""
    source, layout = open_list(path, fields, chosen, recall=recall, is_department=is_department)
    require_sound(layout, fields)
    remarks, left_out = [*source.remarks, *_remarks(layout, fields)], LeftOut()
    given = {each.name: each for each in dates if each.name in layout.fields}
    for name, column in given.items():
        column.order = layout.chosen.dates.get(name, "")
    _collect_dates(layout, given)
    return Table(
        layout=layout,
        columns=layout.fields,
        unknown=[column.key for column in layout.columns if not column.field and _is_named(column.key)],
        lines=_lines(layout, fields, left_out, remarks),
        remarks=remarks,
        left_out=left_out,
        dates=given,
    )


def require_sound(layout: Layout, fields: Fields) -> None:
    """Refuse a list that lacks a needed column or has one twice. Raises FileRefusedError."""
    missing = fields.missing(set(layout.fields))
    if missing:
        first = layout.header.where.first
        where = "The first line" if first == 1 else f"Line {first}"
        known = ", ".join(fields.names)
        raise FileRefusedError(MISSING.format(where=where, missing=", ".join(missing), known=known))
    names = [column_name(cell) for cell in layout.header.cells]
    twice = sorted({name for name in names if name in fields.names and names.count(name) > 1})
    if twice and not layout.chosen.columns:
        raise FileRefusedError(f"A column stands twice: {', '.join(twice)}. Keep one of each.")


def _is_named(key: str) -> bool:
    return not key.endswith("(no name)")


def _remarks(layout: Layout, fields: Fields) -> Iterator[str]:
    """Yield remarks.

    The sheet that was read, lines above the header, and columns matched by similar names.
    """
    if len(layout.sheets) > 1:
        which = "the first" if layout.sheet.name == layout.sheets[0] else "number " + str(
            layout.sheets.index(layout.sheet.name) + 1
        )  # fmt: skip
        yield f"The workbook has {len(layout.sheets)} sheets; {which}, {quoted(layout.sheet.name)}, was read."
    above = [record for record in layout.top if record.where < layout.header.where]
    if above:
        first = layout.header.where.first
        lines = "Line 1 was" if first == 2 else f"Lines 1 to {first - 1} were"
        yield f"{lines} skipped: the names of the columns are in line {first}."
    others = [column for column in layout.columns if column.field and column.sure is not Certainty.EXACT]
    if others:
        pairs = ", ".join(f"{quoted(column.key)} as {column.field}" for column in others)
        how = "as chosen for a file with the same columns before" if layout.recalled else "by their names"
        how = how if not layout.chosen.columns or layout.recalled else "as chosen"
        yield f"Columns were taken {how}: {pairs}."


def _collect_dates(layout: Layout, dates: dict[str, DateColumn]) -> None:
    """Read the file once for its dates, so that each column gets one rule."""
    if not dates:
        return
    places = [(column.at, dates[column.field]) for column in layout.columns if column.field in dates]
    for record in _below(layout, LeftOut()):
        for at, column in places:
            if at < len(record.cells) and record.cells[at]:
                column.collect(record.cells[at], str(record.where))
    for column in dates.values():
        column.decide()


def _below(layout: Layout, left_out: LeftOut) -> Iterator[Record]:
    """Return the records below the header."""
    return (record for record in layout.sheet.read(left_out) if record.where > layout.header.where)


def _lines(layout: Layout, fields: Fields, left_out: LeftOut, remarks: list[str]) -> Iterator[Line | Finding]:
    """Yield every line of the list; footers and repeated headers are skipped with a remark."""
    places = [(column.at, column.field) for column in layout.columns if column.field]
    named = max((at + 1 for at, cell in enumerate(layout.header.cells) if cell.strip()), default=0)
    width = max(named, *(at + 1 for at, _ in places))
    names = [column_name(cell) for cell in layout.header.cells]
    wanted = {name for choice in fields.needed for name in choice}
    needed = [at for at, name in places if name in wanted]
    skipped: dict[str, list[Where]] = {"footer": [], "header": [], "beside": []}
    for number, record in enumerate(_below(layout, left_out)):
        if number >= MOST_LINES:
            raise FileRefusedError(f"The file has more than {MOST_LINES:,} lines. Split it.")
        if not any(cell.strip() for cell in record.cells):
            continue
        if _is_footer(record.cells, needed):
            skipped["footer"].append(record.where)
        elif [column_name(cell) for cell in record.cells] == names:
            skipped["header"].append(record.where)
        else:
            if not record.complete and any(cell.strip() for cell in record.cells[width:]):
                skipped["beside"].append(record.where)
            yield _line(record, layout, places, width)
    remarks.extend(_skipped(skipped))
    remarks.extend(left_out.remarks())


def _line(record: Record, layout: Layout, places: Sequence[tuple[int, str]], width: int) -> Line | Finding:
    """Return the record's cells by field, or a finding about the whole line. Raises FileRefusedError."""
    where, cells, complete = record
    header = layout.header.cells
    if complete and len(cells) < width:
        ends = visible(header[len(cells)]) if len(cells) < len(header) else ""
        wrong = f"The line ends after {len(cells)} of {width} cells."
        return Finding(where, ends, wrong, "Complete it; a cell without content needs its comma too.")
    if complete and any(cell.strip() for cell in cells[max(width, len(header)) :]):
        wrong = f"The line has {len(cells)} cells, the header {width}."
        return Finding(where, "", wrong, "Put a cell that holds a comma between quotation marks.")
    found = {name: cells[at] if at < len(cells) else "" for at, name in places}
    for cell in found.values():
        if isinstance(cell, UncalculatedFormula):
            raise FileRefusedError(cell.wrong)
    return Line(where, found)


def _is_footer(cells: Sequence[str], needed: Sequence[int]) -> bool:
    """Whether the row is a total, a count or a report note: needed cells are empty and a word says so."""
    if all(at < len(cells) and cells[at].strip() for at in needed):
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    words = [cell for cell in filled if not re.fullmatch(r"[\d\s.,£$€%()+-]+", cell)]
    if len(words) > MOST_WORDS or any("@" in cell for cell in filled) or not words:
        return False
    return FOOTER.match(words[0]) is not None


def _skipped(skipped: dict[str, list[Where]]) -> Iterator[str]:
    what = {
        "footer": "Totals and notes were skipped",
        "header": "The names of the columns, which come again, were skipped",
        "beside": "Cells in columns without a name were left out",
    }
    for kind, places in skipped.items():
        if places:
            yield f"{what[kind]}: {listed(places)}."


def listed(places: Sequence[Where]) -> str:
    """Return the first few lines in words, and how many more there are."""
    lines = ", ".join(str(where).lower() for where in places[:SHOWN])
    return lines + (f" and {len(places) - SHOWN:,} more" if len(places) > SHOWN else "")
