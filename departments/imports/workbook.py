"""Reads the first sheet of an XLSX workbook, values only: no formula is worked out, no bomb goes off."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from departments.imports.report import FileRefusedError

LARGEST_UNPACKED = 250 * 1024 * 1024
MOST_PARTS = 2_000
BROKEN = "The file looks like a workbook but cannot be read. Open it in Excel and save it again as XLSX."


def read_workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet with its number, as text. Raises FileRefusedError."""
    try:
        _require_harmless(path)
        with path.open("rb") as file:  # by its name openpyxl would judge it
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
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
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise FileRefusedError(
            f"The workbook unpacks to {unpacked // 1024**2:,} MB, which no list of people does. "
            "Save the list alone, as “CSV UTF-8”."
        )


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
