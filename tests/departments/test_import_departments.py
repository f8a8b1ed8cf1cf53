"""Importing departments: parents in any order, loops and orphans refused, identities kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from departments.enums import DepartmentKind
from departments.imports.departments import import_departments
from departments.models import Department, Site
from tests.departments.files import write_csv
from tests.factories import DepartmentFactory

pytestmark = pytest.mark.django_db
HEADER = ("code", "name", "kind", "parent_code", "summary", "contact_email", "site")


def write(path: Path, *rows: tuple[str, ...]) -> Path:
    return write_csv(path, HEADER, *(tuple([*row, *[""] * 7][:7]) for row in rows))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "departments.csv"


def test_tree_comes_in_whatever_the_order_of_its_lines(file: Path) -> None:
    write(
        file,
        ("LIB-1", "Desk", "team", "lib"),
        ("LIB", "Library Services", "Department", "DIV", "Books.", "Lib@Example.ac.uk", "Mount Pleasant"),
        ("DIV", "Professional Services", "division"),
    )
    report = import_departments(file)
    assert (report.created, report.refused) == (3, 0)
    team = Department.objects.get(code="LIB-1")
    assert [each.code for each in team.line_upwards()] == ["LIB-1", "LIB", "DIV"]
    library = Department.objects.get(code="LIB")
    assert (library.kind, library.contact_email) == (DepartmentKind.DEPARTMENT, "lib@example.ac.uk")
    assert library.site == Site.objects.get(name="Mount Pleasant")
    assert (team.colour, team.monogram) == (library.colour, library.monogram)


def test_departments_get_colours_and_monograms_of_their_own(file: Path) -> None:
    write(file, *((f"D{number}", f"Department {number}") for number in range(16)))
    import_departments(file)
    assert Department.objects.values("colour").distinct().count() == 16
    assert Department.objects.values("monogram").distinct().count() == 16


def test_second_import_changes_nothing_and_keeps_identities(file: Path) -> None:
    write(file, ("LIB", "Library", "department", "", "", "", "Here"), ("IT", "IT Services"))
    import_departments(file)
    before = list(Department.objects.values_list("code", "colour", "monogram"))
    again = import_departments(file)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    write(file, ("lib", "Library and Archives", "department", "", "", "", "Here"), ("IT", "IT Services"))
    assert import_departments(file).changed == 1
    assert list(Department.objects.order_by("pk").values_list("code", "colour", "monogram")) == sorted(
        before, key=lambda row: row[0] != "LIB"
    )
    assert Department.objects.get(code="LIB").name == "Library and Archives"


def test_columns_the_file_lacks_are_left_alone(file: Path) -> None:
    division = DepartmentFactory.create(code="DIV")
    library = DepartmentFactory.create(code="LIB", parent=division, summary="Books.", visitors_see="Shelves.")
    write_csv(file, ("name", "code"), ("Library", "LIB"))
    import_departments(file)
    library.refresh_from_db()
    assert (library.parent, library.summary, library.visitors_see) == (division, "Books.", "Shelves.")


def test_move_to_another_parent_is_a_change(file: Path) -> None:
    old, new = DepartmentFactory.create(code="OLD"), DepartmentFactory.create(code="NEW")
    library = DepartmentFactory.create(code="LIB", name="Library", parent=old)
    write(file, ("LIB", "Library", "", "new"))
    assert import_departments(file).changed == 1
    library.refresh_from_db()
    assert library.parent == new


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("", "Nameless"), "code", "is empty"),
        (("A B", "Spaced"), "code", "is no code"),
        (("A//B", "Slashed"), "code", "is no code"),
        (("X", ""), "name", "is empty"),
        (("X", "N" * 161), "name", "161 characters"),
        (("X", "Name", "team", "NOPE"), "parent_code", "no department “NOPE”"),
        (("X", "Name", "team", "x"), "parent_code", "cannot be part of itself"),
        (("X", "Name", "", "", "", "write to us"), "contact_email", "is no email address"),
    ],
)
def test_bad_line_is_named_and_spoils_no_other(
    file: Path, row: tuple[str, ...], column: str, words: str
) -> None:
    write(file, row, ("GOOD", "Good"))
    report = import_departments(file)
    assert [(found.where.first, found.column) for found in report.refusals] == [(2, column)]
    assert words in str(report.refusals[0])
    assert Department.objects.get().code == "GOOD"


def test_loop_of_parents_is_refused_line_by_line(file: Path) -> None:
    write(file, ("A", "A", "", "B"), ("B", "B", "", "C"), ("C", "C", "", "A"), ("D", "D"))
    report = import_departments(file)
    assert [found.where.first for found in report.refusals] == [2, 3, 4]
    assert Department.objects.get().code == "D"


def test_loop_through_the_tree_that_is_here_is_refused(file: Path) -> None:
    top = DepartmentFactory.create(code="TOP", name="Top")
    DepartmentFactory.create(code="SUB", parent=top)
    write(file, ("TOP", "Renamed", "", "SUB"))
    report = import_departments(file)
    assert (report.refused, report.changed) == (1, 0)
    top.refresh_from_db()
    assert (top.name, top.parent) == ("Top", None)


def test_department_below_a_refused_one_says_which(file: Path) -> None:
    write(file, ("A", "A", "", "NOPE"), ("B", "B", "", "A"), ("C", "C", "", "B"))
    found = {finding.where.first: str(finding) for finding in import_departments(file).refusals}
    assert "was refused (Line 2)" in found[3]
    assert "was refused (Line 3)" in found[4]
    assert not Department.objects.exists()


def test_code_twice_counts_once(file: Path) -> None:
    write(file, ("LIB", "First"), ("lib", "Second"))
    report = import_departments(file)
    assert "stands in line 2 too" in str(report.refusals[0])
    assert Department.objects.get().name == "First"


def test_dry_run_and_strict_write_nothing(file: Path) -> None:
    write(file, ("A", "A", "", "", "", "", "Site"), ("B", ""))
    assert import_departments(file, dry_run=True).created == 1
    assert not import_departments(file, strict=True).written
    assert not Department.objects.exists()
    assert not Site.objects.exists()


def test_command_ends_with_status_1_and_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(file, ("A", "A"), ("B", ""))
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_departments", str(file), "--strict")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_departments", str(file.with_name("absent.csv")))
    call_command("import_departments", str(write(file, ("A", "A"))))
    assert "1 created, 0 changed, 0 unchanged, 0 refused." in capsys.readouterr().out
