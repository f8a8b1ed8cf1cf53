"""Checks across the lines of people: loops of managers, repeated emails and staff numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Person
from departments.imports.people import import_people
from tests.departments.files import write_people
from tests.factories import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(tmp_path: Path, db: None) -> Path:
    DepartmentFactory.create(code="LIB", name="Library Services")
    return tmp_path / "hr.csv"


def sentences(path: Path) -> list[str]:
    return [str(finding) for finding in import_people(path).refusals]


def test_circle_of_line_managers_is_refused_line_by_line(hr: Path) -> None:
    emails = [f"p{number}@example.ac.uk" for number in (1, 2, 0)]
    write_people(hr, *({"line_manager_email": email} for email in emails), {"line_manager_email": emails[0]})
    report = import_people(hr)
    assert [found.where.first for found in report.refusals] == [2, 3, 4]
    assert Person.objects.get().line_manager is None
    assert "was refused (Line 3)" in str(report.notes[0])


def test_circle_through_people_who_are_here_is_refused(hr: Path) -> None:
    top = PersonFactory.create(email="p0@example.ac.uk")
    PersonFactory.create(email="under@example.ac.uk", line_manager=top)
    write_people(hr, {"line_manager_email": "under@example.ac.uk", "grade": "9"})
    assert "go round in a circle" in sentences(hr)[0]
    top.refresh_from_db()
    assert (top.line_manager, top.grade) == (None, "")


def test_swap_of_manager_and_report_is_no_circle(hr: Path) -> None:
    top = PersonFactory.create(email="p0@example.ac.uk")
    under = PersonFactory.create(email="p1@example.ac.uk", line_manager=top)
    write_people(hr, {"line_manager_email": "p1@example.ac.uk"}, {"line_manager_email": ""})
    assert import_people(hr).refused == 0
    top.refresh_from_db()
    assert top.line_manager == under


def test_report_of_a_refused_manager_comes_in_and_keeps_the_manager_they_have(hr: Path) -> None:
    boss = PersonFactory.create()
    PersonFactory.create(email="p1@example.ac.uk", line_manager=boss)
    write_people(hr, {"start_date": "x"}, {"line_manager_email": "p0@example.ac.uk", "grade": "3"})
    report = import_people(hr)
    assert (report.refused, report.changed, len(report.notes)) == (1, 1, 1)
    assert Person.objects.get(email="p1@example.ac.uk").line_manager == boss


def test_probation_before_the_start_that_is_here_is_refused(hr: Path) -> None:
    PersonFactory.create(email="p0@example.ac.uk", start_date="2020-05-01")
    write_people(hr, {"probation_end": "2020-04-01"}, {})
    report = import_people(hr)
    assert (report.refused, report.created) == (1, 1)


def test_same_person_twice_counts_once(hr: Path) -> None:
    twice = {"email": "p@example.ac.uk", "last_name": "Same"}
    write_people(hr, {**twice, "grade": "1"}, {**twice, "grade": "2"})
    assert "stands in line 2 too" in sentences(hr)[0]
    assert Person.objects.get().grade == "1"


def test_two_people_with_one_email_are_both_left_out(hr: Path) -> None:
    write_people(hr, {"email": "x@example.ac.uk"}, {"email": "X@example.ac.uk"}, {})
    assert len(sentences(hr)) == 2
    assert Person.objects.get().email == "p2@example.ac.uk"


def test_staff_number_tells_whose_email_it_is(hr: Path) -> None:
    write_people(
        hr,
        {"email": "tariq@example.ac.uk", "first_name": "Hannah", "staff_number": "70"},
        {"email": "hannah@example.ac.uk", "first_name": "Hannah", "staff_number": "70"},
        {"email": "tariq@example.ac.uk", "first_name": "Tariq", "staff_number": "162"},
    )
    report = import_people(hr)
    assert [found.where.first for found in report.refusals] == [2]
    assert Person.objects.get(email="tariq@example.ac.uk").first_name == "Tariq"
    assert Person.objects.get(email="hannah@example.ac.uk").staff_number == "70"


def test_staff_number_two_people_claim_is_given_to_neither(hr: Path) -> None:
    write_people(hr, {"staff_number": "5"}, {"staff_number": "5"})
    report = import_people(hr)
    assert (report.created, report.refused, len(report.notes)) == (2, 0, 2)
    assert not Person.objects.filter(staff_number="5").exists()


def test_staff_number_stays_with_whom_has_it_here(hr: Path) -> None:
    PersonFactory.create(email="p1@example.ac.uk", staff_number="5")
    write_people(hr, {"staff_number": "5"}, {"staff_number": "5"})
    import_people(hr)
    assert Person.objects.get(staff_number="5").email == "p1@example.ac.uk"


def test_refused_line_claims_no_staff_number(hr: Path) -> None:
    write_people(
        hr, {"staff_number": "5"}, {"staff_number": "5", "line_manager_email": "ghost@example.ac.uk"}
    )
    report = import_people(hr)
    assert not report.notes
    assert Person.objects.get().staff_number == "5"


def test_new_email_follows_the_staff_number(hr: Path) -> None:
    person = PersonFactory.create(email="maiden@example.ac.uk", staff_number="5")
    EmailAddress.objects.create(user=person, email="maiden@example.ac.uk", verified=True, primary=True)
    write_people(hr, {"email": "married@example.ac.uk", "staff_number": "5"})
    report = import_people(hr)
    assert (report.created, report.changed) == (0, 1)
    person.refresh_from_db()
    assert person.email == "married@example.ac.uk"
    assert not EmailAddress.objects.filter(email="maiden@example.ac.uk").exists()


def test_email_that_is_still_in_the_file_is_not_renamed(hr: Path) -> None:
    person = PersonFactory.create(email="p0@example.ac.uk", staff_number="5")
    write_people(hr, {}, {"staff_number": "5"})
    report = import_people(hr)
    assert (report.created, len(report.notes)) == (1, 1)
    person.refresh_from_db()
    assert (person.email, person.staff_number) == ("p0@example.ac.uk", "5")
