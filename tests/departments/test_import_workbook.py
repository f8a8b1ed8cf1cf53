"""Workbooks are read as a person sees them: formats, errors, hidden parts, merged cells, days."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Person
from departments.imports.people import import_people
from departments.imports.report import FileRefusedError, Report
from tests.departments.files import PEOPLE
from tests.factories import DepartmentFactory

pytestmark = pytest.mark.django_db
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    DepartmentFactory.create(code="LIB", name="Library Services")
    DepartmentFactory.create(code="42", name="Printing")
    return tmp_path


def person(number: int, *more: Any) -> list[Any]:
    return [f"p{number}@example.ac.uk", "Pat", f"Example{number}", "LIB", *more]


def imported(
    folder: Path,
    header: tuple[str, ...],
    *rows: Sequence[Any],
    change: Callable[[Worksheet], None] | None = None,
) -> Report:
    """A workbook with these rows, changed and brought in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([*PEOPLE, *header], *rows):
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    book.save(folder / "hr.xlsx")
    return import_people(folder / "hr.xlsx")


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (42, "00000", "00042"), (42, "0", "42"), (1042, "#,##0", "1042"), (42, '"E"00000', "E00042"),
        (123456, "000-000", "123-456"), (42, "General", "42"), (42.0, "0.00", "42"),
    ],
)  # fmt: skip
def test_staff_number_is_read_as_it_is_shown(folder: Path, value: float, form: str, shown: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"].number_format = form

    imported(folder, ("staff_number",), person(0, value), change=change)
    assert Person.objects.get().staff_number == shown


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [(0.6, "0%", "60%"), (31234.5, "£#,##0.00", "£31,234.50"), (7, '"Grade "0', "Grade 7"),
     (0.125, "0.0%", "12.5%"), (-5, "0;(0)", "(5)"), (True, "General", "TRUE")],
)  # fmt: skip
def test_text_is_read_as_it_is_shown(folder: Path, value: float, form: str, shown: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"].number_format = form

    imported(folder, ("grade",), person(0, value), change=change)
    assert Person.objects.get().grade == shown


def test_same_person_with_and_without_zeros_stays_one(folder: Path) -> None:
    imported(folder, ("staff_number",), person(0, "00042"))
    lost = imported(folder, ("staff_number",), person(0, 42))
    assert Person.objects.get().staff_number == "00042"
    assert "zeros before it" in str(lost.notes[0])
    other = imported(folder, ("staff_number",), person(1, 42))
    assert (other.refused, Person.objects.count()) == (1, 1)
    assert "zeros before it" in str(other.refusals[0])


@pytest.mark.parametrize("value", [123456789012345678, 1.23456789012345e19])
def test_number_with_more_digits_than_a_sheet_keeps_is_refused(folder: Path, value: float) -> None:
    report = imported(folder, ("staff_number",), person(0, value))
    assert "Cell E2 holds a number of more than 15 digits" in str(report.refusals[0])


def test_number_shown_with_an_exponent_is_refused(folder: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"].number_format = "0.00E+00"

    report = imported(folder, ("staff_number",), person(0, 123456), change=change)
    assert "cut short" in str(report.refusals[0])


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("at", range(6))
def test_error_in_any_cell_is_refused_by_the_name_of_the_cell(folder: Path, error: str, at: int) -> None:
    header, row = ("grade", "start_date"), person(0, "7", dt.date(2024, 1, 1))
    row[at] = error
    report = imported(folder, header, row, person(1, "7", dt.date(2024, 1, 1)))
    assert f"Cell {'ABCDEF'[at]}2 shows the error {error}" in str(report.refusals[0])
    assert Person.objects.get().email == "p1@example.ac.uk"


def test_cell_whose_format_shows_nothing_is_refused(folder: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"].number_format = sheet["E3"].number_format = ";;;"

    report = imported(folder, ("grade",), person(0, 7), person(1, "x"), change=change)
    assert [found.column for found in report.refusals] == ["grade", "grade"]
    assert "its format shows nothing" in str(report.refusals[0])


def test_hidden_rows_columns_and_sheets_stay_out_and_are_counted(folder: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["E"].hidden = True
        assert sheet.parent is not None
        very = sheet.parent.create_sheet("Secret")
        very.sheet_state = "veryHidden"

    report = imported(folder, ("grade",), *(person(number, "9") for number in range(4)), change=change)
    said = " ".join(report.remarks)
    assert report.created == 2
    assert "2 hidden or filtered rows were left out (3, 4)" in said
    assert "1 hidden column was left out (E)" in said
    assert "1 hidden sheet was left out: “Secret”" in said
    assert set(Person.objects.values_list("grade", flat=True)) == {""}


def test_all_sheets_hidden_is_one_sentence(folder: Path) -> None:
    imported(folder, (), person(0))
    with zipfile.ZipFile(folder / "hr.xlsx") as old, zipfile.ZipFile(folder / "b.xlsx", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'state="visible"', b'state="hidden"'))
    with pytest.raises(FileRefusedError, match="All sheets of the workbook are hidden"):
        import_people(folder / "b.xlsx")


def test_merged_cell_counts_for_each_of_its_rows(folder: Path) -> None:
    rows: list[list[Any]] = [
        ["a@x.org", "Ann", "Archer", "LIB"],
        ["b@x.org", "Bob", "Baker", None],
        ["c@x.org", "Cy", "Cook", "LIB"],
    ]
    report = imported(folder, (), *rows, change=lambda sheet: sheet.merge_cells("D2:D3"))
    assert report.created == 3
    assert "Merged cells (D2:D3)" in " ".join(report.remarks)


@pytest.mark.parametrize("system", [1900, 1904])
def test_day_is_the_one_that_is_shown(folder: Path, system: int) -> None:
    def change(sheet: Worksheet) -> None:
        if system == 1904:
            assert sheet.parent is not None
            sheet.parent.epoch = CALENDAR_MAC_1904

    when = dt.datetime(2024, 9, 1, 9, 30)  # noqa: DTZ001  # a sheet knows no zones
    report = imported(
        folder, ("start_date", "probation_end"), person(0, dt.date(2024, 3, 1), when), change=change
    )
    found = Person.objects.get()
    assert (str(found.start_date), str(found.probation_end)) == ("2024-03-01", "2024-09-01")
    assert "probation_end: Times were left out, the days were read." in report.remarks


def test_time_and_a_day_in_a_column_of_text_are_no_value(folder: Path) -> None:
    rows = [person(0, dt.time(9, 30), "7"), person(1, dt.date(2024, 1, 1), dt.date(2026, 7, 8))]
    report = imported(folder, ("start_date", "grade"), *rows)
    assert "Cell E2 holds a time and no day" in str(report.refusals[0])
    assert "the program made one" in str(report.notes[0])
    assert Person.objects.get().grade == ""


def test_formula_without_a_value_is_refused_by_its_cell(folder: Path) -> None:
    with pytest.raises(FileRefusedError, match="Cell E3 holds a formula that was never worked out.*Open"):
        imported(folder, ("grade",), person(0, "7"), person(1, "=1+1"))


def test_formula_in_an_unused_column_is_ignored(folder: Path) -> None:
    assert imported(folder, ("my notes",), person(0, "=1+1")).created == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel form"),
        ("b.xls", b"<html><body><table><tr><td>email</td></tr></table>", "web page"),
        ("c.xls", b'<?xml version="1.0"?><Workbook xmlns="urn">', "workbook in XML"),
        ("d.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "saved web page"),
        ("e.csv", b'{"email": "a@x.org"}', "JSON"),
    ],
)  # fmt: skip
def test_other_forms_are_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=words) as refused:
        import_people(path)
    assert "XLSX" in refused.value.sentence


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("xl/workbook.bin", b"x", "XLSB"),
        ("word/document.xml", b"x", "Word"),
        ("hr.csv", b"email", "ZIP archive"),
    ],
)
def test_other_packages_are_named(tmp_path: Path, part: str, content: bytes, words: str) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(part, content)
    with pytest.raises(FileRefusedError, match=words):
        import_people(path)
