"""An invisible character anywhere in a file is refused or left out, never stored or printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from departments.enums import ImportKind, ImportState
from departments.imports import jobs
from departments.imports.file_outline import FIELDS
from departments.imports.storage import store_file
from departments.models import HrImport
from tests.departments.files import write_csv, write_xlsx
from tests.factories import DepartmentFactory, PersonFactory

TEXT = ("\x00", "\x1b")
WORKBOOK = ("_x0000_", "_xD800_")  # escapes for what XML does not know
GOOD = {
    "email": "ann@example.ac.uk",
    "contact_email": "ann@example.ac.uk",
    "line_manager_email": "boss@example.ac.uk",
    "department_code": "LIB",
    "code": "NEW",
    "kind": "team",
    "parent_code": "LIB",
    "start_date": "2026-01-31",
    "probation_end": "2026-07-31",
    "active": "yes",
    "working_pattern": "part-time",
}
ROAD = ("command", "page")


def table(kind: str) -> list[list[str]]:
    """A title, the header, a line that comes in, one that ends too early, one that is too long."""
    names = [name for name in FIELDS[kind].names if name != "full_name"]
    names.append("Remarks")
    good = [GOOD.get(name, f"{number}x") for number, name in enumerate(names)]
    return [["sep=,"], ["A list", "", ""], names, good, good[:1], good[:3], [*good, "more"]]


def spoilt(kind: str, odd: str) -> Iterator[list[list[str]]]:
    """The table with ``odd`` at the end of one column, in all its lines; then in all columns."""
    whole = table(kind)
    for at in range(len(whole[-1])):
        yield [[cell + odd * (place == at) for place, cell in enumerate(row)] for row in whole]
    yield [[f"{cell[:1]}{odd}{cell[1:]}" if row is not whole[2] else cell for cell in row] for row in whole]
    yield [[cell + odd for cell in row] for row in whole]


def brought_in(road: str, kind: str, path: Path, by: Person) -> list[Any]:
    """All that is printed or kept of bringing the file in."""
    if road == "command":
        out = StringIO()
        try:
            call_command(f"import_{kind}", str(path), stdout=out)
        except CommandError as error:
            out.write(str(error))
        return [out.getvalue(), *kept()]
    store_file([path.read_bytes()], name=path.name, kind=ImportKind(kind), by=by)
    jobs.go_on()
    found = kept()
    for job in HrImport.objects.filter(state=ImportState.JUDGED):
        jobs.confirm(job, by=by, plan=job.plan, leavers_allowed=True)
    jobs.go_on()
    assert not HrImport.objects.filter(state=ImportState.FAILED).exists()
    return [*found, *kept()]


def kept() -> list[dict[str, Any]]:
    return [dict(row) for row in HrImport.objects.values()]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for pair in value.items() for each in pair for text in texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts(each))
    elif isinstance(value, str):
        yield value


def unseen(text: str) -> bool:
    return any(unicodedata.category(letter).startswith("C") and letter != "\n" for letter in text)


@pytest.mark.django_db
@pytest.mark.parametrize("road", ROAD)
@pytest.mark.parametrize("kind", [ImportKind.PEOPLE.value, ImportKind.DEPARTMENTS.value])
@pytest.mark.parametrize("odd", [*TEXT, *WORKBOOK], ids=ascii)
def test_unseen_character_anywhere_in_a_file_is_neither_kept_nor_printed(
    road: str, kind: str, odd: str, tmp_path: Path
) -> None:
    by = PersonFactory.create()
    DepartmentFactory.create(code="LIB")
    PersonFactory.create(email="boss@example.ac.uk")
    told = 0
    for number, rows in enumerate(spoilt(kind, odd)):
        lines = [tuple(row) for row in rows]
        if odd in WORKBOOK:
            path = write_xlsx(tmp_path / f"{number}.xlsx", *lines[1:])
        else:
            path = write_csv(tmp_path / f"{number}.csv", *lines)
        for text in texts(brought_in(road, kind, path, by)):
            told += 1
            assert not unseen(text), (number, ascii(text))
    assert told > 100
