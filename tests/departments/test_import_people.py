"""Importing people: what is written, what is refused and why, and that faults stay isolated."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from departments.imports.people import import_people
from departments.imports.report import FileRefusedError
from departments.models import Department, Membership, Site
from tests.departments.files import write_people
from tests.factories import DepartmentFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Department:
    return DepartmentFactory.create(code="LIB", name="Library Services")


@pytest.fixture
def hr(tmp_path: Path, library: Department) -> Path:
    return tmp_path / "hr.csv"


def sentences(path: Path) -> list[str]:
    return [str(finding) for finding in import_people(path).refusals]


def test_person_comes_in_with_everything_the_file_says(hr: Path, library: Department) -> None:
    write_people(
        hr,
        {
            "email": " Sam.Smith@Example.AC.UK ",
            "first_name": " Sam  ",
            "last_name": "Smith",
            "department_code": "lib",
            "job_title": "Senior\nOfficer",
            "grade": "7",
            "site": "Mount Pleasant",
            "working_pattern": "Part Time",
            "start_date": "03/09/2018",
            "probation_end": "2019-03-01",
            "active": "Yes",
            "staff_number": "100",
        },
    )
    report = import_people(hr)
    assert (report.created, report.refused) == (1, 0)
    person = Person.objects.get(email="sam.smith@example.ac.uk")
    assert (person.first_name, person.job_title, person.grade) == ("Sam", "Senior Officer", "7")
    assert (person.working_pattern, str(person.start_date), person.is_active) == (
        "part-time",
        "2018-09-03",
        True,
    )
    assert (person.staff_number, person.has_usable_password(), person.is_staff) == ("100", False, False)
    assert (person.membership.department, person.membership.site) == (library, Site.objects.get())


def test_second_import_of_the_same_file_changes_nothing(hr: Path) -> None:
    write_people(
        hr, {"line_manager_email": "p1@example.ac.uk", "site": "Here"}, {"staff_number": "7", "site": "here"}
    )
    assert import_people(hr).created == 2
    again = import_people(hr)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert Site.objects.count() == 1


def test_changed_line_changes_its_person_only(hr: Path) -> None:
    write_people(hr, {"grade": "1"}, {"grade": "1"})
    import_people(hr)
    write_people(hr, {"grade": "1"}, {"grade": "2"})
    report = import_people(hr)
    assert (report.changed, report.unchanged) == (1, 1)
    assert Person.objects.get(email="p1@example.ac.uk").grade == "2"


def test_column_the_file_lacks_is_left_alone(hr: Path) -> None:
    boss = PersonFactory.create()
    person = PersonFactory.create(
        email="p0@example.ac.uk", job_title="Keeper", line_manager=boss, staff_number="9"
    )
    write_people(hr, {})
    import_people(hr)
    person.refresh_from_db()
    assert (person.job_title, person.line_manager, person.staff_number) == ("Keeper", boss, "9")


def test_empty_cell_of_a_column_that_is_there_clears_the_line_manager(hr: Path) -> None:
    person = PersonFactory.create(email="p0@example.ac.uk", line_manager=PersonFactory.create())
    write_people(hr, {"line_manager_email": ""})
    assert import_people(hr).changed == 1
    person.refresh_from_db()
    assert person.line_manager is None


def test_line_manager_may_come_later_in_the_file(hr: Path) -> None:
    write_people(
        hr, {"line_manager_email": "P2@example.ac.uk"}, {"line_manager_email": "p0@example.ac.uk"}, {}
    )
    assert import_people(hr).refused == 0
    managers = {p.email: p.line_manager and p.line_manager.email for p in Person.objects.all()}
    assert managers == {
        "p0@example.ac.uk": "p2@example.ac.uk",
        "p1@example.ac.uk": "p0@example.ac.uk",
        "p2@example.ac.uk": None,
    }


def test_password_and_powers_of_people_here_are_not_touched(hr: Path) -> None:
    admin = PersonFactory.create(email="p0@example.ac.uk", is_staff=True, is_superuser=True)
    write_people(hr, {"first_name": "New"})
    import_people(hr)
    again = Person.objects.get(pk=admin.pk)
    assert (again.password, again.is_superuser, again.first_name) == (admin.password, True, "New")


def test_leaver_is_deactivated_and_a_mover_is_moved(hr: Path, library: Department) -> None:
    archive = DepartmentFactory.create(code="ARC")
    leaver = PersonFactory.create(email="p0@example.ac.uk")
    mover = MembershipFactory.create(person__email="p1@example.ac.uk", department=archive).person
    write_people(hr, {"active": "no"}, {})
    assert import_people(hr).changed == 2
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert Membership.objects.get(person=mover).department == library


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"email": ""}, "email", "is empty"),
        ({"email": "nobody at example"}, "email", "is no email address"),
        ({"first_name": ""}, "first_name", "is empty"),
        ({"first_name": "Bo\x00b"}, "first_name", "U+0000"),
        ({"first_name": "Å" * 5000}, "first_name", "5,000 characters"),
        ({"department_code": "NOPE"}, "department_code", "no department “NOPE”"),
        ({"department_code": ""}, "department_code", "is empty"),
        ({"start_date": "2025-02-31"}, "start_date", "is no date"),
        ({"probation_end": "soon"}, "probation_end", "is no date"),
        (
            {"start_date": "2020-01-01", "probation_end": "2019-01-01"},
            "probation_end",
            "before the person starts",
        ),
        ({"active": "perhaps"}, "active", "neither yes nor no"),
        ({"line_manager_email": "ghost@example.ac.uk"}, "line_manager_email", "Nobody has the address"),
        ({"line_manager_email": "P0@example.ac.uk"}, "line_manager_email", "their own line manager"),
    ],
)
def test_bad_line_is_named_and_spoils_no_other(
    hr: Path, row: dict[str, str], column: str, words: str
) -> None:
    write_people(hr, row, {"first_name": "Good"})
    report = import_people(hr)
    assert [found.column for found in report.refusals] == [column]
    assert str(report.refusals[0]).startswith(f"Line 2, {column}: ")
    assert words in str(report.refusals[0])
    assert report.refusals[0].remedy
    assert (report.created, report.refused) == (1, 1)
    assert Person.objects.get().first_name == "Good"


def test_every_fault_of_a_line_is_named_but_it_counts_once(hr: Path) -> None:
    write_people(hr, {"start_date": "x", "active": "x", "staff_number": "1.2E+5"})
    report = import_people(hr)
    assert (len(report.refusals), report.refused) == (3, 1)


def test_dry_run_reports_the_same_and_writes_nothing(hr: Path) -> None:
    PersonFactory.create(email="p0@example.ac.uk", grade="1")
    write_people(
        hr, {"grade": "2", "site": "New site"}, {"line_manager_email": "p0@example.ac.uk"}, {"email": "x"}
    )
    trial = import_people(hr, dry_run=True)
    assert Person.objects.get().grade == "1"
    assert not Site.objects.exists()
    real = import_people(hr)
    counts = [(each.created, each.changed, each.unchanged, each.refused) for each in (trial, real)]
    assert counts == [(1, 1, 0, 1)] * 2
    assert [str(found) for found in trial.refusals] == [str(found) for found in real.refusals]


def test_strict_writes_nothing_if_a_line_is_refused(hr: Path) -> None:
    write_people(hr, {}, {"email": "x"})
    report = import_people(hr, strict=True)
    assert (report.written, Person.objects.count()) == (False, 0)
    write_people(hr, {}, {})
    assert import_people(hr, strict=True).written
    assert Person.objects.count() == 2


def test_command_prints_the_report_and_ends_with_status_1(
    hr: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_people(hr, {"payroll_ref": "P1"}, {"email": "x", "payroll_ref": "P1"})
    with pytest.raises(CommandError, match="1 line was refused") as refused:
        call_command("import_people", str(hr))
    assert refused.value.returncode == 1
    printed = capsys.readouterr().out
    assert "ignored: payroll_ref" in printed
    assert "Line 3, email:" in printed
    assert "1 created, 0 changed, 0 unchanged, 1 refused." in printed


def test_command_ends_well_when_all_is_well(hr: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_people(hr, {})
    call_command("import_people", str(hr), "--dry-run")
    assert "Nothing was written" in capsys.readouterr().out


def test_missing_column_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "hr.csv"
    path.write_text("email,first_name\na@example.ac.uk,A\n")
    with pytest.raises(FileRefusedError, match="missing: last_name, department_code"):
        import_people(path)


def test_thousands_of_people_cost_queries_by_chunk_not_by_person(
    hr: Path, django_assert_max_num_queries: object
) -> None:
    write_people(hr, *({"line_manager_email": "p0@example.ac.uk" if number else ""} for number in range(300)))
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # pytest-django's fixture has no type
        assert import_people(hr).created == 300
