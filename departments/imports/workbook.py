"""Reads the first sheet of an XLSX workbook, values only: no formula is worked out, no bomb goes off."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from departments.imports.report import FileRefusedError, quoted

LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2_000
SMALL, MOST_PACKED = 5 * 1024 * 1024, 100  # lists of people shrink to a tenth or so, never to a hundredth
PIECE = 1024 * 1024
FORMULA = re.compile(rb"<f[ />]")
# A formula whose cell ends without a value; what Excel saves has one, and says so of an empty text (t="str").
WITHOUT_VALUE = re.compile(
    rb"<c(?![^>]*t=.str)[^>]*>\s*<f(?: [^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
FORMULAS = "Some cells are formulas: what they showed when the workbook was saved was read."
UNWORKED = (
    "The workbook holds formulas that were never worked out, so their cells are empty. Open it in Excel, "
    "save it again and import that; or save the sheet as “CSV UTF-8”."
)
BROKEN = "The file looks like a workbook but cannot be read. Open it in Excel and save it again as XLSX."


def read_workbook(path: Path, remarks: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet with its number, as text; ``remarks`` say what was left out.

    Raises FileRefusedError.
    """
    try:
        _require_harmless(path)
        with path.open("rb") as file:  # by its name openpyxl would judge it
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            part = sheet._worksheet_path  # type: ignore[attr-defined]  # noqa: SLF001  # told nowhere else
            remarks.extend(_remarks(path, book.sheetnames, sheet.title, part))
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, [as_text(value) for value in row]
    except FileRefusedError:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as error:  # what zipfile, the XML parser and openpyxl raise over a damaged file
        raise FileRefusedError(BROKEN) from error  # fmt: skip


def _require_harmless(path: Path) -> None:
    """Refuse what unpacks to far more than a list of people; no part can unpack to more than it says."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        bombs = [p for p in parts if p.file_size > max(SMALL, MOST_PACKED * p.compress_size)]
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or bombs:
        raise FileRefusedError(
            f"The workbook unpacks to {unpacked // 1024**2:,} MB, which no list of people does. "
            "Save the list alone, as “CSV UTF-8”."
        )


def _remarks(path: Path, sheets: list[str], first: str, part: str) -> Iterator[str]:
    """That other sheets were not read, and that there are formulas."""
    if len(sheets) > 1:
        yield f"The workbook has {len(sheets)} sheets; the first, {quoted(first)}, was read."
    if _has_formulas(path, part):
        yield FORMULAS


def _has_formulas(path: Path, part: str) -> bool:
    """Whether the sheet holds formulas. Raises FileRefusedError for one that has no value."""
    found, rest = False, b""
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        while piece := sheet.read(PIECE):
            piece = rest + piece
            found = found or FORMULA.search(piece) is not None
            if found and WITHOUT_VALUE.search(piece):
                raise FileRefusedError(UNWORKED)
            rest = piece[-4096:]  # what is cut in two by the end of a piece
    return found


def as_text(value: object) -> str:
    """A cell's value as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
