"""The page on which somebody chooses the columns of an HR file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, Form

from departments.models import HrImport
from departments.pages.imports import address

NEAR = "near"


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file: name, some values, and the choice of its meaning."""

    key: str
    samples: str
    choice: BoundField
    unsure: bool


def columns_context(job: HrImport, form: Form) -> dict[str, Any]:
    """Return the template context of the page."""
    outline = job.outline
    return {
        "job": job,
        "form": form,
        "sheet": form["sheet"] if "sheet" in form.fields else None,
        "header_row": form["header_row"],
        "top": outline["top"],
        "current_row": outline["header_row"],
        "rows": [_row(form, at, column) for at, column in enumerate(outline["columns"])],
        "orders": [form[name] for name in form.fields if name.startswith("order_")],
        "page_url": address(job),
        "take_back_url": address(job, "take_back"),
        "columns_url": address(job, "columns"),
    }


def _row(form: Form, at: int, column: dict[str, Any]) -> ColumnRow:
    return ColumnRow(
        key=column["key"],
        samples=", ".join(column["samples"]),
        choice=form[f"column_{at}"],
        unsure=column["sure"] == NEAR,
    )
