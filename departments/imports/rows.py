"""Check a line by itself: every cell is checked, and all faults of the line are reported at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.enums import WorkingPattern
from departments.enums import DepartmentKind
from departments.imports import cells
from departments.imports.cell_values import RemarkedCell
from departments.imports.cells import CellDoubtError, CellError
from departments.imports.dates import DateColumn
from departments.imports.reader import Line
from departments.imports.report import Finding, Where, quoted

PATTERNS = {
    **dict.fromkeys(("fulltime", "full", "ft"), WorkingPattern.FULL_TIME.value),
    **dict.fromkeys(("parttime", "part", "pt"), WorkingPattern.PART_TIME.value),
    **dict.fromkeys(("shifts", "shift", "shiftwork"), WorkingPattern.SHIFTS.value),
}
KINDS = {kind.value: kind.value for kind in DepartmentKind}
DATES = ("start_date", "probation_end")
VACANT = re.compile(r"(?:currently )?vacan(?:t|cy)\b.*|n/[ad]|not disclosed|tb[ca]|-", re.IGNORECASE)
TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|revd?|lord|lady)\.?\s+)+", re.IGNORECASE
)
PARTICLES = frozenset({
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "los",
    "las", "bin", "ibn", "al", "el", "ap", "ab", "ferch", "st", "ter", "ten", "zu", "zur", "mac",
})  # fmt: skip
MANAGER_FIELDS = (
    "line_manager_email",
    "line_manager_staff_number",
    "line_manager_post_number",
    "line_manager",
)
BY_NAME = frozenset({"line_manager_email", "line_manager"})  # fields that may give a manager by name
NO_DATES: Mapping[str, DateColumn] = {}

Check = Callable[[str], Any]
PEOPLE: Mapping[str, Check] = {
    "email": cells.required_email,
    "first_name": lambda cell: cells.name(cell, 100),
    "last_name": lambda cell: cells.name(cell, 100),
    "job_title": lambda cell: cells.optional_title(cell, 150),
    "department_code": cells.department,
    "line_manager_email": cells.manager,
    "grade": lambda cell: cells.optional(cell, 20),
    "site": lambda cell: cells.optional_title(cell, 120),
    "working_pattern": lambda cell: cells.one_of(cell, PATTERNS),
    "active": cells.yes_or_no,
    "staff_number": cells.number,
    "line_manager_staff_number": cells.reference,
    "full_name": lambda cell: split_name(cells.name(cell, 200)),
    "line_manager": cells.manager_in_any_way,
    "post_number": cells.number,
    "line_manager_post_number": cells.reference,
}
DEPARTMENTS: Mapping[str, Check] = {
    "code": cells.required_code,
    "name": lambda cell: cells.required_title(cell, 160),
    "kind": lambda cell: cells.one_of(cell, KINDS),
    "parent_code": lambda cell: cells.number(cell, 200),
    "summary": lambda cell: cells.paragraphs(cell, 5000),
    "contact_email": cells.email,
    "site": lambda cell: cells.optional_title(cell, 120),
    "visitors_see": lambda cell: cells.paragraphs(cell, 5000),
}


class SkipLineError(Exception):
    """Raised for a line without a person, such as a vacant post."""


class LineError(Exception):
    """Raised when a line is refused; ``findings`` lists all its faults."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings


@dataclass(slots=True)
class PersonRow:
    """A person as the file gives them; fields without a column in the file are not changed.

    None means that the file says nothing, so that the present value stays. An empty ``line_manager_email``
    means that there is none. ``manager`` gives a manager who is not named by email: (field, text).
    """

    where: Where
    email: str
    first_name: str
    last_name: str
    department_code: str
    job_title: str | None = ""
    line_manager_email: str | None = None
    grade: str | None = ""
    site: str | None = ""
    working_pattern: str = ""
    start_date: dt.date | None = None
    probation_end: dt.date | None = None
    active: bool | None = None
    staff_number: str = ""
    post_number: str = ""
    manager: tuple[str, str] | None = None


@dataclass(slots=True)
class DepartmentRow:
    """A department as the file gives it."""

    where: Where
    code: str
    name: str
    kind: str = ""
    parent_code: str = ""
    summary: str = ""
    contact_email: str = ""
    site: str | None = ""
    visitors_see: str = ""

    @property
    def key(self) -> str:
        """The code as it is compared, in lower case."""
        return self.code.lower()


def person_row(line: Line, notes: list[Finding], dates: Mapping[str, DateColumn] = NO_DATES) -> PersonRow:
    """Return the person of a line; ``notes`` gets what was left out. Raises LineError, SkipLineError."""
    if _is_vacant(line.cells):
        raise SkipLineError
    values = _checked(line, {**PEOPLE, **{name: dates[name].read for name in dates}}, notes)
    if "full_name" in values:
        values["first_name"], values["last_name"] = values.pop("full_name")
    row = PersonRow(where=line.where, **_managed(values))
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


def _is_vacant(given: Mapping[str, str]) -> bool:
    """Whether the line is a vacant post: no email, and a name that says so."""
    names = [given.get(name, "").strip() for name in ("full_name", "first_name", "last_name")]
    filled = [name for name in names if name]
    return not given.get("email", "").strip(" -–") and bool(filled) and all(map(VACANT.fullmatch, filled))


def _managed(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with one line manager: by email, else by staff number, post or name."""
    ways = {name: values.pop(name) for name in MANAGER_FIELDS if name in values}
    if not ways:
        return values
    named = [(name, words) for name, words in ways.items() if words]
    by_address = next((words for _, words in named if "@" in words), None)
    if by_address is not None:
        return values | {"line_manager_email": by_address}
    if not named:
        return values | {"line_manager_email": None if None in ways.values() else ""}
    return values | {"manager": named[0]}


def split_name(name: str) -> tuple[str, str]:
    """Split a full name into first and last name: “Okafor, Margaret”, “Dr Maria van der Berg”."""
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return TITLES.sub("", first.strip()), last.strip()
    words = TITLES.sub("", name).split() or name.split()
    if len(words) < 2:
        return "", " ".join(words)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def require_dates_in_order(where: Where, start: dt.date | None, probation_end: dt.date | None) -> None:
    """Refuse a probation that ends before the start date. Raises LineError."""
    if start and probation_end and probation_end < start:
        raise LineError([
            Finding(
                where,
                "probation_end",
                f"Probation would end on {probation_end}, before the person starts on {start}.",
                "Correct one of the two dates.",
            )
        ])  # fmt: skip


def department_row(line: Line, notes: list[Finding]) -> DepartmentRow:
    """Return the department of a line; ``notes`` gets what was left out. Raises LineError."""
    row = DepartmentRow(where=line.where, **_checked(line, DEPARTMENTS, notes))
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


def _checked(line: Line, checks: Mapping[str, Check], notes: list[Finding]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    findings, doubts = [], []
    for column, cell in line.cells.items():
        try:
            values[column] = checks[column](cell)
        except CellError as error:
            findings.append(Finding(line.where, column, error.wrong, error.remedy))
        except CellDoubtError as doubt:
            values[column] = doubt.value
            doubts.append(Finding(line.where, column, doubt.wrong, doubt.remedy))
        if isinstance(cell, RemarkedCell):
            doubts.append(Finding(line.where, column, cell.remark, ""))
    if findings:
        raise LineError(findings)
    notes.extend(doubts)
    return values
