"""Line managers by number, post and name, and departments by name: used if unique, else reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import Person
from departments.imports.departments import import_departments
from departments.imports.people import import_people
from departments.imports.report import Report
from departments.models import Department
from tests.departments.files import write_csv, write_people
from tests.factories import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(tmp_path: Path, db: None) -> Path:
    DepartmentFactory.create(code="LIB", name="Library Services")
    return tmp_path / "hr.csv"


def manager_of(email: str = "p1@example.ac.uk") -> str:
    person = Person.objects.select_related("line_manager").get(email=email)
    return person.line_manager.email if person.line_manager else ""


def with_manager(hr: Path, column: str, words: str, **boss: str) -> Report:
    """Two people; the second names the first, Margaret Okafor with the number 00042, as their manager."""
    first = {"first_name": "Margaret", "last_name": "Okafor", "staff_number": "00042", **boss}
    return import_people(write_people(hr, first, {column: words}))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("line_manager_staff_number", "00042"),
        ("line_manager_staff_number", "42"),
        ("line_manager", "00042"),
        ("line_manager", "p0@example.ac.uk"),
        ("line_manager", "Okafor, Margaret"),
        ("line_manager_email", "Margaret Okafor <P0@example.ac.uk>"),
        ("line_manager_email", "Okafor, Margaret"),
        ("line_manager_email", "margaret okafor"),
        ("line_manager_email", "Dr Margaret Okafor"),
        ("line_manager", "CN=Okafor\\, Margaret,OU=Staff,DC=example"),
    ],
)
def test_manager_in_the_file_is_found(hr: Path, column: str, words: str) -> None:
    report = with_manager(hr, column, words)
    assert (report.refused, manager_of()) == (0, "p0@example.ac.uk")
    again = import_people(hr)
    assert (again.changed, again.unchanged) == (0, 2)


@pytest.mark.parametrize(
    ("column", "words"), [("line_manager_staff_number", "00042"), ("line_manager", "Okafor, Margaret")]
)
def test_manager_who_is_here_already_is_found(hr: Path, column: str, words: str) -> None:
    PersonFactory.create(
        email="boss@example.ac.uk", first_name="Margaret", last_name="Okafor", staff_number="00042"
    )
    assert import_people(write_people(hr, {}, {column: words})).refused == 0
    assert manager_of() == "boss@example.ac.uk"


@pytest.mark.parametrize(
    ("column", "words", "said"),
    [
        ("line_manager_staff_number", "99999", "Nobody is known by the staff number “99999”"),
        ("line_manager", "Grey, Tom", "Nobody is known here or in the file as “Grey, Tom”"),
        ("line_manager_email", "Grey, Tom", "Nobody is known here or in the file as “Grey, Tom”"),
        ("line_manager", "Sam Twin", "2 people are known here or in the file as “Sam Twin”"),
        ("line_manager", "Pat Example1", "would be their own line manager"),
    ],
)
def test_manager_who_is_not_one_person_is_a_note_and_takes_nobody_out(
    hr: Path, column: str, words: str, said: str
) -> None:
    twin = {"first_name": "Sam", "last_name": "Twin"}
    boss = PersonFactory.create(email="boss@example.ac.uk")
    PersonFactory.create(email="p1@example.ac.uk", line_manager=boss)
    report = import_people(write_people(hr, twin, {column: words}, twin))
    assert (report.refused, manager_of()) == (0, "boss@example.ac.uk")
    assert str(report.notes[0]).startswith("Line 3, ")
    assert said in str(report.notes[0])


def test_empty_number_of_a_manager_says_that_there_is_none(hr: Path) -> None:
    PersonFactory.create(email="p1@example.ac.uk", line_manager=PersonFactory.create())
    import_people(write_people(hr, {}, {"line_manager_staff_number": ""}))
    assert manager_of() == ""


def test_email_counts_before_number_and_name(hr: Path) -> None:
    row = {"line_manager_email": "p2@example.ac.uk", "line_manager_staff_number": "00042"}
    import_people(write_people(hr, {"staff_number": "00042"}, row, {}))
    assert manager_of() == "p2@example.ac.uk"


@pytest.mark.parametrize(
    "words",
    [
        "HR/OD",
        "hr/od",
        "People & Culture",
        "people and culture",
        "HR/OD - People & Culture",
        "People & Culture (HR/OD)",
    ],
)
def test_department_is_found_by_its_code_or_its_name(hr: Path, words: str) -> None:
    DepartmentFactory.create(code="HR/OD", name="People & Culture")
    assert import_people(write_people(hr, {"department_code": words})).refused == 0
    assert Person.objects.get().membership.department.code == "HR/OD"


def test_name_of_two_departments_is_refused_with_their_codes(hr: Path) -> None:
    for code in ("A", "B"):
        DepartmentFactory.create(code=code, name="Operations")
    report = import_people(write_people(hr, {"department_code": "Operations"}))
    assert "2 departments are called “Operations”: a, b." in str(report.refusals[0])


def test_department_with_a_slash_has_a_page_and_a_parent_by_name(hr: Path, client: object) -> None:
    rows = (("HR/OD", "People & Culture", "Library Services"), ("R&D", "Research", "people and culture"))
    report = import_departments(write_csv(hr, ("Dept Code", "Dept Name", "Parent Department"), *rows))
    assert (report.created, report.refused) == (2, 0)
    research = Department.objects.get(code="R&D")
    assert (research.parent.code, research.parent.parent.code) == ("HR/OD", "LIB")
    for department in (research, research.parent):
        client.force_login(PersonFactory.create())  # type: ignore[attr-defined]  # Django's client
        answer = client.get(department.get_absolute_url())  # type: ignore[attr-defined]  # as above
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("column", "words"),
    [("working_pattern", "0.6 FTE"), ("working_pattern", "Term time only"),
     ("grade", "Grade 9 (Professional Services)"),
     ("site", "S" * 121), ("job_title", "J" * 151)],
)  # fmt: skip
def test_unknown_value_that_may_be_missing_leaves_what_is_here(hr: Path, column: str, words: str) -> None:
    here = {"working_pattern": "part-time", "grade": "7", "job_title": "Keeper", "site": "Here"}
    import_people(write_people(hr, here))
    report = import_people(write_people(hr, {column: words}))
    assert (report.refused, report.unchanged, len(report.notes)) == (0, 1, 1)
    assert report.notes[0].column == column
    person = Person.objects.get()
    assert (person.working_pattern, person.grade, person.job_title) == ("part-time", "7", "Keeper")
    assert str(person.membership.site) == "Here"


def test_new_site_is_reported(hr: Path) -> None:
    report = import_people(write_people(hr, {"site": "Mount Plesant"}))
    assert "1 site is new here: “Mount Plesant”." in report.remarks
