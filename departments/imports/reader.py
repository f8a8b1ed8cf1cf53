"""Reads a CSV or XLSX file line by line into cells by column. Knows nothing of departments or people."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from departments.imports.report import FileRefusedError, Finding, Where
from departments.imports.workbook import read_workbook

LARGEST = 50 * 1024 * 1024
MOST_LINES = 500_000
MOST_COLUMNS = 200
LONGEST_NAME = 60
UTF_8 = "Save it as “CSV UTF-8” or as XLSX and import it again."
SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "It is a workbook of the old Excel form (XLS).",
    b"%PDF": "It is a PDF.",
    b"\x89PNG": "It is a picture.",
    b"\xff\xd8\xff": "It is a picture.",
    b"GIF8": "It is a picture.",
}
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NO_TEXT = f"It is no text: it holds bytes that stand in no list. {UTF_8}"
FOREIGN = (
    "Line {line} is not written in UTF-8 (byte {byte:#04x}): the file was probably saved as plain “CSV”, "
    "which keeps no accents safely. {remedy}"
)


class Line(NamedTuple):
    """One record: where it stands and its cells by column; columns nobody knows are left out."""

    where: Where
    cells: dict[str, str]


class _Record(NamedTuple):
    where: Where
    cells: Sequence[str]
    complete: bool


@dataclass(frozen=True)
class Table:
    """A file with its header understood; ``lines`` can be gone through once, ``remarks`` are whole then."""

    columns: frozenset[str]
    unknown: list[str]
    lines: Iterator[Line | Finding]
    remarks: list[str] = field(default_factory=list)


def read_table(path: Path, known: Sequence[str], needed: Sequence[str]) -> Table:
    """Open the file and understand its header. Raises FileRefusedError with a sentence."""
    remarks: list[str] = []
    records = _records(path, remarks)
    first = next(records, None)
    if first is None:
        raise FileRefusedError("The file is empty. Its first line names the columns: " + ",".join(known))
    header = [_column(cell) for cell in first.cells]
    _require_sound(header, known, needed)
    return Table(
        columns=frozenset(header) & frozenset(known),
        unknown=[name for name in header if name and name not in known],
        lines=_lines(records, header, known),
        remarks=remarks,
    )


def _column(cell: str) -> str:
    """The name of a column without what nobody sees, cut where none of ours is as long."""
    name = "_".join(cell[:LONGEST_NAME].lower().split())
    return "".join(letter for letter in name if letter.isprintable())


def _require_sound(header: list[str], known: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise FileRefusedError(
            f"The first line has to name the columns; missing: {', '.join(missing)}. "
            f"Known columns are: {', '.join(known)}."
        )
    twice = sorted({name for name in header if name in known and header.count(name) > 1})
    if twice:
        raise FileRefusedError(f"A column stands twice: {', '.join(twice)}. Keep one of each.")
    if len(header) > MOST_COLUMNS:
        raise FileRefusedError(f"The file has {len(header)} columns; {MOST_COLUMNS} is the most.")


def _lines(records: Iterator[_Record], header: list[str], known: Sequence[str]) -> Iterator[Line | Finding]:
    places = [(index, name) for index, name in enumerate(header) if name in known]
    for number, (where, cells, complete) in enumerate(records):
        if number >= MOST_LINES:
            raise FileRefusedError(f"The file has more than {MOST_LINES:,} lines. Split it.")
        if not any(cell.strip() for cell in cells):
            continue
        if complete and len(cells) < len(header):
            yield Finding(
                where,
                header[len(cells)],
                f"The line ends after {len(cells)} of {len(header)} cells.",
                "Complete it; a cell without content needs its comma too.",
            )
        elif any(cell.strip() for cell in cells[len(header) :]):
            yield Finding(
                where,
                "",
                f"The line has {len(cells)} cells, the header {len(header)}.",
                "Put a cell that holds a comma between quotation marks.",
            )
        else:
            yield Line(where, {name: cells[index] if index < len(cells) else "" for index, name in places})


def _records(path: Path, remarks: list[str]) -> Iterator[_Record]:
    """Every record; a workbook's rows are padded by Excel's rules, a CSV line has to be complete."""
    start = _start_of(path)
    if start.startswith(b"PK\x03\x04"):
        for number, row in read_workbook(path, remarks):
            yield _Record(Where(number, number), row, complete=False)
        return
    for signature, sentence in SIGNATURES.items():
        if start.startswith(signature):
            raise FileRefusedError(f"{sentence} {UTF_8}")
    wide = start.startswith(UTF_16)
    if not wide and b"\x00\x00" in start:
        raise FileRefusedError(NO_TEXT)
    yield from _csv_records(path, "utf-16" if wide else "utf-8-sig")


def _start_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileRefusedError(f"{path} is a folder, not a file.")
        if path.stat().st_size > LARGEST:
            raise FileRefusedError(f"The file is larger than {LARGEST // 1024**2} MB. Split it.")
        with path.open("rb") as file:
            return file.read(1024)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileRefusedError(f"{path} cannot be read: {reason}.") from error


def _csv_records(path: Path, encoding: str) -> Iterator[_Record]:
    last = 0
    csv.field_size_limit(LARGEST)  # a cell that is too long is one bad line, not the end of the file
    with path.open(encoding=encoding, newline="") as file:
        try:
            reader = csv.reader(file, delimiter=_delimiter(file))
            for cells in reader:
                yield _Record(Where(last + 1, max(reader.line_num, last + 1)), cells, complete=True)
                last = reader.line_num
        except UnicodeError as error:
            raise FileRefusedError(_foreign(path, encoding)) from error
        except csv.Error as error:
            raise FileRefusedError(
                f"From line {last + 1} on the file cannot be read ({error}). "
                "A quotation mark is probably opened there and not closed."
            ) from error


def _foreign(path: Path, encoding: str) -> str:
    """Which line is not written as the file should be."""
    if encoding == "utf-16":
        return f"The file begins as UTF-16 and breaks off or goes on otherwise. {UTF_8}"
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return FOREIGN.format(line=number, byte=line[error.start], remedy=UTF_8)
    return f"The file ends in the middle of a character: it was cut off. {UTF_8}"


def _delimiter(file: TextIO) -> str:
    """The comma; or what the header uses instead of it."""
    header = file.readline()
    file.seek(0)
    return max(",;\t", key=header.count)
