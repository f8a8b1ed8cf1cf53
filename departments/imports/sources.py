"""Detect the type of a file (text or workbook) and its sheets. Other types are refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from departments.imports.report import FileRefusedError, Where, quoted
from departments.imports.sheet import LeftOut, rows_of
from departments.imports.text_files import LARGEST, UTF_8, Record, form_of, records_of
from departments.imports.workbook import SheetPart, Workbook, open_workbook

SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "It is a workbook of the old Excel form (XLS), or one with a password.",
    b"%PDF": "It is a PDF.",
    b"\x89PNG": "It is a picture.",
    b"\xff\xd8\xff": "It is a picture.",
    b"GIF8": "It is a picture.",
    b"\x1f\x8b": "It is compressed (GZIP). Unpack it first.",
    b"7z\xbc\xaf": "It is compressed (7-Zip). Unpack it first.",
    b"Rar!": "It is compressed (RAR). Unpack it first.",
    b"{\\rtf": "It is a text with formats (RTF).",
    b"ID;P": "It is a sheet of the form SYLK.",
}
MARKUP = (
    (
        re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE),
        "It is a web page",
    ),
    (re.compile(rb"<(?:\w+:)?workbook\b", re.IGNORECASE), "It is a workbook in XML (Excel 2003)"),
    (re.compile(rb"MIME-Version:|Content-Type: multipart/", re.IGNORECASE), "It is a saved web page (MHTML)"),
)
NAMED_XLS = ", though its name may say otherwise. Open it in Excel and save it as XLSX or “CSV UTF-8”."
JSON = "It is JSON, no list in columns."


@dataclass(frozen=True)
class Sheet:
    """A list in a file.

    ``read`` yields its records from the start, and notes in ``LeftOut`` what it leaves out.
    """

    name: str
    read: Callable[[LeftOut], Iterator[Record]]


@dataclass(frozen=True)
class Source:
    """An opened file: its visible sheets in order; a text file has one sheet without a name."""

    sheets: list[Sheet]
    remarks: list[str] = field(default_factory=list)
    cells_by_place: bool = False


def open_source(path: Path, recognised: Callable[[Sequence[str]], int]) -> Source:
    """Open a file. ``recognised`` counts the columns that a row names. Raises FileRefusedError."""
    start = _start_of(path)
    if start.startswith(b"PK\x03\x04"):
        return _of_workbook(open_workbook(path))
    _require_text(start)
    remarks: list[str] = []
    if not start:
        return Source([Sheet("", lambda _: iter(()))])
    form = form_of(path, start, recognised, remarks)
    return Source([Sheet("", lambda _: records_of(path, form))], remarks)


def _of_workbook(book: Workbook) -> Source:
    """Return the visible sheets of a workbook. Raises FileRefusedError when all are hidden."""
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    hidden = [quoted(sheet.name) for sheet in book.sheets if sheet.hidden]
    if not shown:
        raise FileRefusedError("All sheets of the workbook are hidden. Unhide the one with the list.")
    remarks = []
    if hidden:
        are = "sheets were" if len(hidden) > 1 else "sheet was"
        remarks.append(f"{len(hidden)} hidden {are} left out: {', '.join(hidden[:5])}.")
    return Source([_sheet(book, each) for each in shown], remarks, cells_by_place=True)


def _sheet(book: Workbook, part: SheetPart) -> Sheet:
    def read(left_out: LeftOut) -> Iterator[Record]:
        for number, cells in rows_of(book, part, left_out):
            yield Record(Where(number, number), cells, complete=False)

    return Sheet(part.name, read)


def _require_text(start: bytes) -> None:
    """Refuse known other formats. Raises FileRefusedError."""
    for signature, sentence in SIGNATURES.items():
        if start.startswith(signature):
            raise FileRefusedError(f"{sentence} {UTF_8}")
    bare = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for pattern, sentence in MARKUP:
        if (bare.startswith((b"<", b"MIME", b"Content"))) and pattern.search(bare):
            raise FileRefusedError(f"{sentence}{NAMED_XLS}")
    if bare.startswith((b"{", b"[{")):
        raise FileRefusedError(f"{JSON} {UTF_8}")


def _start_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileRefusedError(f"{path} is a folder, not a file.")
        if path.stat().st_size > LARGEST:
            raise FileRefusedError(f"The file is larger than {LARGEST // 1024**2} MB. Split it.")
        with path.open("rb") as file:
            return file.read(4096)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileRefusedError(f"{path} cannot be read: {reason}.") from error
