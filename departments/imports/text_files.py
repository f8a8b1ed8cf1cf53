"""Text files: their encoding, delimiter, and records with line numbers."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from departments.imports.report import FileRefusedError, Where, quoted, visible

LARGEST = 50 * 1024 * 1024
UTF_8 = "Save it as “CSV UTF-8” or as XLSX and import it again."
NO_TEXT = f"It is no text: it holds bytes that stand in no list. {UTF_8}"
FOREIGN = (
    "Line {line} is not written in UTF-8 (byte {byte:#04x}), other lines are: the file was put together from "
    "two. {remedy}"
)
CUT_OFF = f"The file ends in the middle of a character: it was cut off. {UTF_8}"
BROKEN_OFF = f"The file begins as {{encoding}} and breaks off or goes on otherwise. {UTF_8}"
WESTERN = (
    "The file is not written in UTF-8, so it was read as Windows-1252 (Western Europe). "
    "Check letters with accents{words}."
)
WITHOUT_MARK = "The file is written in UTF-16 without saying so."
SEPARATED = "Line 1 ({line}) names the delimiter and was skipped."
SEP = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE | re.DOTALL)
DELIMITERS = ",;\t|"
PIECE, SAMPLE = 1024 * 1024, 60
# Bytes that are far more often half a UTF-8 character than the end of a word in Windows-1252.
LEADS = frozenset(b"\xc2\xc3\xc4\xc5")
PROTECTED = re.compile(r'="([^"]*)"')


class Record(NamedTuple):
    """A row of a file: its lines and cells. ``complete`` is true if a short row means that it was cut off."""

    where: Where
    cells: Sequence[str]
    complete: bool


class TextForm(NamedTuple):
    """The form of a text file: encoding, delimiter, and lines to skip."""

    encoding: str
    delimiter: str
    skips: int


def form_of(
    path: Path, start: bytes, recognised: Callable[[Sequence[str]], int], remarks: list[str]
) -> TextForm:
    """Detect the encoding and the delimiter. Raises FileRefusedError."""
    encoding = _encoding(path, start, remarks)
    with path.open(encoding=encoding, newline="") as file:
        try:
            first = file.readline(1000).strip()
        except UnicodeError as error:
            raise FileRefusedError(BROKEN_OFF.format(encoding=encoding.upper())) from error
        if named := SEP.fullmatch(first):
            remarks.append(SEPARATED.format(line=visible(first.strip('"'))))
            return TextForm(encoding, named[1], 1)
        return TextForm(encoding, _delimiter(file, recognised), 0)


def records_of(path: Path, form: TextForm) -> Iterator[Record]:
    """Yield every record with its line numbers. Raises FileRefusedError."""
    last = 0
    csv.field_size_limit(LARGEST)  # a cell that is too long refuses one line, not the rest of the file
    with path.open(encoding=form.encoding, newline="") as file:
        for _ in range(form.skips):
            file.readline()
        try:
            reader = csv.reader(file, delimiter=form.delimiter)
            for cells in reader:
                end = reader.line_num
                where = Where(form.skips + last + 1, form.skips + max(end, last + 1))
                yield Record(where, [_unprotected(cell) for cell in cells], complete=True)
                last = end
        except UnicodeError as error:
            raise FileRefusedError(BROKEN_OFF.format(encoding=form.encoding.upper())) from error
        except csv.Error as error:
            raise FileRefusedError(
                f"From line {form.skips + last + 1} on the file cannot be read ({error}). "
                "A quotation mark is probably opened there and not closed."
            ) from error


def _unprotected(cell: str) -> str:
    """Return the text of a cell that a program protected from Excel as ="00042"."""
    if cell.startswith('="') and (found := PROTECTED.fullmatch(cell.strip())):
        return found[1]
    return cell


def _encoding(path: Path, start: bytes, remarks: list[str]) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00\x00" in start:
        raise FileRefusedError(NO_TEXT)
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 20 and start[place::2].count(0) > len(start) * 0.4:
            remarks.append(WITHOUT_MARK)
            return encoding
    if _is_utf_8(path):
        return "utf-8-sig"
    remarks.append(WESTERN.format(words=_accented(path)))
    return "cp1252"


def _is_utf_8(path: Path) -> bool:
    """Whether the whole file is UTF-8; False if it may be Windows-1252. Else raises FileRefusedError."""
    several = False  # whether a valid character of several bytes occurred
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(PIECE), b""), start=1):
            try:
                several |= len(line.decode()) != len(line)
            except UnicodeDecodeError as error:
                _require_western(path, line, number, error, several=several)
                return False
    return True


def _require_western(
    path: Path, line: bytes, number: int, error: UnicodeDecodeError, *, several: bool
) -> None:
    """Refuse a file that is neither UTF-8 nor Windows-1252."""
    last = error.start == len(line) - 1 and not line.endswith(b"\n")
    if error.reason == "unexpected end of data" and last and line[error.start] in LEADS:
        raise FileRefusedError(CUT_OFF)
    number_of_line = FOREIGN.format(line=number, byte=line[error.start], remedy=UTF_8)
    if several:
        raise FileRefusedError(number_of_line)
    with path.open(encoding="cp1252") as file:
        try:
            controls = any(_has_controls(piece) for piece in iter(lambda: file.read(PIECE), ""))
        except UnicodeDecodeError:
            raise FileRefusedError(NO_TEXT) from None
    if controls:
        raise FileRefusedError(NO_TEXT)


def _has_controls(piece: str) -> bool:
    return re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", piece) is not None


def _accented(path: Path) -> str:
    """Return the first words with accents, so that a person can check them."""
    found: dict[str, None] = {}
    with path.open(encoding="cp1252", newline="") as file:
        for line in file:
            found.update(dict.fromkeys(re.findall(r"\w*[^\W\d_a-zA-Z]\w*", line)))
            if len(found) >= 3:
                break
    words = ", ".join(quoted(word) for word in list(found)[:3])
    return f", such as {words}" if words else ""


def _delimiter(file: TextIO, recognised: Callable[[Sequence[str]], int]) -> str:
    """Return the delimiter with which a row names the most columns, or which gives the most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        file.seek(0)
        try:
            rows = list(islice(csv.reader(_short(file), delimiter=delimiter), SAMPLE))
        except (csv.Error, UnicodeError):
            return (0, 0)
        return max(map(recognised, rows), default=0), max(map(len, rows), default=0)

    csv.field_size_limit(LARGEST)
    best = max(DELIMITERS, key=rank)
    file.seek(0)
    return best


def _short(file: TextIO) -> Iterator[str]:
    """Yield lines; a very long line, as in a file that is no list, is read in pieces."""
    return iter(lambda: file.readline(PIECE), "")
