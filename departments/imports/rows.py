"""A line judged by itself: every cell checked, all faults of the line named at once. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.enums import WorkingPattern
from departments.enums import DepartmentKind
from departments.imports import cells
from departments.imports.cells import CellError
from departments.imports.reader import Line
from departments.imports.report import Finding, Where, quoted

PATTERNS = {
    **dict.fromkeys(("fulltime", "full", "ft"), WorkingPattern.FULL_TIME.value),
    **dict.fromkeys(("parttime", "part", "pt"), WorkingPattern.PART_TIME.value),
    **dict.fromkeys(("shifts", "shift", "shiftwork"), WorkingPattern.SHIFTS.value),
}
KINDS = {kind.value: kind.value for kind in DepartmentKind}
PEOPLE_NEEDED = ("email", "first_name", "last_name", "department_code")
DEPARTMENTS_NEEDED = ("code", "name")

Check = Callable[[str], Any]
PEOPLE: Mapping[str, Check] = {
    "email": cells.required_email,
    "first_name": lambda cell: cells.name(cell, 100),
    "last_name": lambda cell: cells.name(cell, 100),
    "job_title": lambda cell: cells.title(cell, 150),
    "department_code": cells.required_code,
    "line_manager_email": cells.email,
    "grade": lambda cell: cells.text(cell, 20),
    "site": lambda cell: cells.title(cell, 120),
    "working_pattern": lambda cell: cells.one_of(cell, PATTERNS),
    "start_date": cells.date,
    "probation_end": cells.date,
    "active": cells.yes_or_no,
    "staff_number": lambda cell: cells.text(cell, 40),
}
DEPARTMENTS: Mapping[str, Check] = {
    "code": cells.required_code,
    "name": lambda cell: cells.required_title(cell, 160),
    "kind": lambda cell: cells.one_of(cell, KINDS),
    "parent_code": cells.code,
    "summary": lambda cell: cells.paragraphs(cell, 5000),
    "contact_email": cells.email,
    "site": lambda cell: cells.title(cell, 120),
    "visitors_see": lambda cell: cells.paragraphs(cell, 5000),
}


class LineError(Exception):
    """A line cannot be taken; ``findings`` name everything that is wrong with it."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings


@dataclass(slots=True)
class PersonRow:
    """A person as the file has them. What the file has no column for is left alone by the writer.

    ``line_manager_email`` is None where nothing is said about the line manager, empty for "has none".
    """

    where: Where
    email: str
    first_name: str
    last_name: str
    department_code: str
    job_title: str = ""
    line_manager_email: str | None = None
    grade: str = ""
    site: str = ""
    working_pattern: str = ""
    start_date: dt.date | None = None
    probation_end: dt.date | None = None
    active: bool | None = None
    staff_number: str = ""


@dataclass(slots=True)
class DepartmentRow:
    """A department as the file has it."""

    where: Where
    code: str
    name: str
    kind: str = ""
    parent_code: str = ""
    summary: str = ""
    contact_email: str = ""
    site: str = ""
    visitors_see: str = ""

    @property
    def key(self) -> str:
        """The code as it is compared: case does not count."""
        return self.code.lower()


def person_row(line: Line) -> PersonRow:
    """The person of a line. Raises LineError."""
    row = PersonRow(where=line.where, **_checked(line, PEOPLE))
    if not row.first_name and not row.last_name:
        raise LineError([Finding(line.where, "last_name", "The person has no name.", "Write one.")])
    if row.line_manager_email == row.email:
        raise LineError([
            Finding(
                line.where,
                "line_manager_email",
                f"{quoted(row.email)} would be their own line manager.",
                "Write the line manager’s address, or leave it empty.",
            )
        ])  # fmt: skip
    require_dates_in_order(line.where, row.start_date, row.probation_end)
    return row


def require_dates_in_order(where: Where, start: dt.date | None, probation_end: dt.date | None) -> None:
    """Refuse a probation that ends before it begins."""
    if start and probation_end and probation_end < start:
        raise LineError([
            Finding(
                where,
                "probation_end",
                f"Probation would end on {probation_end}, before the person starts on {start}.",
                "Correct one of the two dates.",
            )
        ])  # fmt: skip


def department_row(line: Line) -> DepartmentRow:
    """The department of a line. Raises LineError."""
    row = DepartmentRow(where=line.where, **_checked(line, DEPARTMENTS))
    if row.parent_code.lower() == row.key:
        raise LineError([
            Finding(
                line.where,
                "parent_code",
                "A department cannot be part of itself.",
                "Write the code of the department above, or leave it empty.",
            )
        ])  # fmt: skip
    return row


def _checked(line: Line, checks: Mapping[str, Check]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    findings = []
    for column, cell in line.cells.items():
        try:
            values[column] = checks[column](cell)
        except CellError as error:
            findings.append(Finding(line.where, column, error.wrong, error.remedy))
    if findings:
        raise LineError(findings)
    return values
