"""Write CSV in UTF-8 in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BOM = b"\xef\xbb\xbf"  # without it spreadsheets assume another encoding
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv; charset=utf-8"


def safe(value: object) -> str:
    """Return ``value`` as a cell; an apostrophe precedes what a spreadsheet would read as a formula."""
    text = str("" if value is None else value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Return the rows as CSV in UTF-8, without a byte order mark."""
    written = io.StringIO()
    csv.writer(written).writerows([safe(value) for value in row] for row in rows)
    return written.getvalue().encode()
