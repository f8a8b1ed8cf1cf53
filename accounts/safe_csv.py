"""Lines of CSV that open safely: in UTF-8, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BOM = b"\xef\xbb\xbf"  # spreadsheets take a file without it for another encoding
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv; charset=utf-8"


def safe(value: object) -> str:
    """``value`` as a cell shows it; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = str("" if value is None else value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> bytes:
    """The rows as CSV."""
    written = io.StringIO()
    csv.writer(written).writerows([safe(value) for value in row] for row in rows)
    return written.getvalue().encode()
