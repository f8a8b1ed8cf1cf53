"""Files as HR systems and people write them, with invented content; workbooks are built here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from departments.models import Department
from tests.factories import DepartmentFactory

SHELF = Path(__file__).parent / "shelf"


def organisation() -> dict[str, Department]:
    """The departments the files of the shelf name, by code or by name."""
    names = {
        "OCE": "Office of the Chief Executive",
        "FIN": "Finance & Estates",
        "DIG": "Digital",
        "POL": "Policy",
        "LIB/S&A": "Library Services",
    }
    return {code: DepartmentFactory.create(code=code, name=name) for code, name in names.items()}


def sheet_of(book: Workbook, title: str, rows: Iterable[Iterable[Any]]) -> Worksheet:
    """A further sheet with these rows."""
    sheet: Worksheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    return sheet


def new_book() -> Workbook:
    """A workbook without a sheet."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    return book


WORKERS = (
    (42, "Margaret Okafor", "Director", 410020, "Library Services", "2012-12-03", None),
    (107, "Aoife O'Brien", "Librarian", 410020, "Library Services", "2018-09-17", "Margaret Okafor"),
    (108, "Tom Grey", "Assistant", 410021, "Finance & Estates", "2019-09-17", "Margaret Okafor"),
    (109, "Maria van der Berg", "Assistant", 410021, "Digital", "2019-09-17", "Margaret Okafor"),
)
REPORT = (
    "Employee ID", "Worker", "Email - Primary Work", "Business Title", "Cost Center", "Salary",
    "Supervisory Organization", "Location", "Time Type", "Hire Date", "Worker's Manager", "Active Status",
)  # fmt: skip


def workday(path: Path) -> Path:
    """A report with a cover sheet, titles, real days, formats of numbers, hidden parts and a total."""
    book = new_book()
    sheet_of(book, "About", [["All workers"], ["Effective date", dt.date(2026, 9, 1)]])
    workers = [
        (number, name, f"worker{number}@example.ac.uk", title, centre, 1, unit, "Mount Pleasant", "Part time",
         dt.date.fromisoformat(day), manager, "Yes")
        for number, name, title, centre, unit, day, manager in WORKERS
    ]  # fmt: skip
    rows = [["All workers, Example University"], [], REPORT, *workers, [], ["Total", 4]]
    sheet = sheet_of(book, "All workers", rows)
    for number in range(4, 8):
        sheet.cell(number, 1).number_format = "00000"
        sheet.cell(number, 10).number_format = "dd/mm/yyyy"
    sheet.row_dimensions[6].hidden = True  # filtered out
    sheet.column_dimensions["F"].hidden = True
    sheet_of(book, "Old list", [["email"], ["ghost@example.ac.uk"]]).sheet_state = "hidden"
    book.save(path)
    return path


def by_hand(path: Path) -> Path:
    """A list somebody keeps: misspelt columns, merged cells, a title over it."""
    book = new_book()
    sheet = sheet_of(
        book,
        "Staff",
        [
            ["Library staff, kept by Sam"],
            ["Forname", "Sirname", "E-Mail Adress", "Department", "Phone"],
            ["Margaret", "Okafor", "margaret.okafor@example.ac.uk", "Library Services", 1],
            ["Aoife", "O'Brien", "aoife.obrien@example.ac.uk", None, 2],
            ["Efe", "Mutlu", "Efe Mutlu <efe.mutlu@example.ac.uk>", None, 3],
        ],
    )
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("D3:D5")
    book.save(path)
    return path


WRITTEN: dict[str, Callable[[Path], Path]] = {"workday.xlsx": workday, "by_hand.xlsx": by_hand}
PEOPLE_IN = {
    "organogram.csv": 5,
    "payroll.csv": 4,
    "excel_unicode_text.txt": 3,
    "western.csv": 2,
    "directory.csv": 3,
    "itrent.csv": 3,
    "workday.xlsx": 3,
    "by_hand.xlsx": 3,
}


def taken_from_shelf(name: str, folder: Path) -> Path:
    """One file of the shelf."""
    return WRITTEN[name](folder / name) if name in WRITTEN else SHELF / name
