"""HR files for tests, written as HR systems write them."""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import Workbook

PEOPLE = ("email", "first_name", "last_name", "department_code")


def write_csv(path: Path, header: tuple[str, ...], *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    """A CSV file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_people(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    """A file of people; each row gives what differs from an ordinary one."""
    header = tuple(dict.fromkeys((*PEOPLE, *(name for row in rows for name in row))))
    lines = []
    for number, row in enumerate(rows):
        usual = {
            "email": f"p{number}@example.ac.uk",
            "first_name": "Pat",
            "last_name": f"Example{number}",
            "department_code": "LIB",
        }
        lines.append(tuple({**usual, **row}.get(name, "") for name in header))
    return write_csv(path, header, *lines, encoding=encoding)


def write_xlsx(path: Path, header: tuple[str, ...], *rows: tuple[object, ...]) -> Path:
    """A workbook whose first sheet is the table and whose second is something else."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    book.create_sheet("Notes").append(["not", "a", "table"])
    book.save(path)
    return path
