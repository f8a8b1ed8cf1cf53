"""The outline of a file (sheets, first lines, columns), for the page where a person chooses columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from departments.enums import ImportKind
from departments.imports.column_names import DEPARTMENTS, PEOPLE
from departments.imports.fields import Fields
from departments.imports.layout import Layout
from departments.imports.reader import require_sound
from departments.imports.report import visible

FIELDS: Mapping[str, Fields] = {ImportKind.PEOPLE: PEOPLE, ImportKind.DEPARTMENTS: DEPARTMENTS}
TOP_LINES, TOP_CELLS = 12, 8


def outline_of(layout: Layout) -> dict[str, Any]:
    """Return the outline of a file."""
    return {
        "sheets": list(layout.sheets),
        "sheet": layout.sheet.name,
        "header_row": layout.header.where.first,
        "mark": layout.mark,
        "top": [
            [record.where.first, [visible(cell) for cell in record.cells[:TOP_CELLS]]]
            for record in layout.top[:TOP_LINES]
        ],
        "columns": [
            {
                "key": column.key,
                "samples": list(column.samples),
                "field": column.field,
                "sure": column.sure.name.lower() if column.sure is not None else "",
            }
            for column in layout.columns
        ],
    }


def needs_column_choice(layout: Layout, kind: str) -> bool:
    """Whether a person has to choose the columns. Raises FileRefusedError if choosing could not help.

    They need not if every column has its documented name, or if a choice for the same header is known.
    """
    fields = FIELDS[kind]
    if not fields.missing(set(layout.fields)):
        return not (layout.is_plain or layout.recalled)
    if all(column.field for column in layout.columns):
        require_sound(layout, fields)
    return True
