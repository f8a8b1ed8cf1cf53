"""Leavers by import: the limit for too many at once, and complete files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from departments.imports.options import ImportOptions
from departments.imports.people import import_people
from departments.models import HrImport
from tests.departments.files import write_people
from tests.factories import DepartmentFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(tmp_path: Path) -> Path:
    """A file; the Library has twelve people, p0 to p11, who fit its usual lines."""
    library = DepartmentFactory.create(code="LIB", name="Library Services")
    for number in range(12):
        MembershipFactory.create(
            department=library,
            person__email=f"p{number}@example.ac.uk",
            person__first_name="Pat",
            person__last_name=f"Example{number}",
        )
    return tmp_path / "hr.csv"


@pytest.mark.parametrize(
    ("leavers", "active", "percent", "stopped"),
    [
        (10, 12, 5, False),
        (11, 12, 5, True),
        (50, 1000, 5, False),
        (51, 1000, 5, True),
        (999, 1000, None, False),
    ],
)
def test_share_of_leavers_is_counted(leavers: int, active: int, percent: int | None, stopped: bool) -> None:
    assert bool(ImportOptions(most_leavers=percent).stopped(leavers, active)) is stopped


def test_too_many_leavers_stop_the_command_in_words(hr: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_people(hr, *({"active": "no"} for _ in range(11)), {"active": "yes", "first_name": "New"})
    for option in ("--dry-run", "--strict", "--no-color"):
        with pytest.raises(CommandError, match="--max-leavers 92") as stopped:
            call_command("import_people", str(hr), option)
        assert stopped.value.returncode == 1
        assert "11 of the 12 people who work here" in str(stopped.value)
    assert "11 people would be marked as left." in capsys.readouterr().out
    assert (Person.objects.active().count(), HrImport.objects.count()) == (12, 0)
    assert not Person.objects.filter(first_name="New").exists()
    call_command("import_people", str(hr), "--max-leavers", "92")
    assert Person.objects.active().get().first_name == "New"
    assert "11 people are marked as left." in capsys.readouterr().out


@pytest.mark.parametrize("share", ["-1", "101", "5.5", "all", "²"])
def test_share_that_is_none_is_refused(hr: Path, share: str) -> None:
    with pytest.raises(CommandError, match="a whole number from 0 to 100"):
        call_command("import_people", str(hr), f"--max-leavers={share}")


def test_who_is_missing_leaves_only_from_a_complete_file(hr: Path) -> None:
    PersonFactory.create(email="root@example.ac.uk", is_superuser=True)
    write_people(hr, *({} for _ in range(10)))
    assert import_people(hr).left == 0
    report = import_people(hr, complete=True)
    assert (report.left, report.missing, report.unchanged) == (2, 2, 10)
    left = set(Person.objects.filter(is_active=False).values_list("email", flat=True))
    assert left == {"p10@example.ac.uk", "p11@example.ac.uk"}  # no superuser
    again = import_people(hr, complete=True)
    assert (again.left, again.changed) == (0, 0)


def test_refused_line_still_says_that_its_person_is_here(hr: Path) -> None:
    Person.objects.filter(email="p1@example.ac.uk").update(staff_number="77")
    refused = {"email": "p0@example.ac.uk", "department_code": "NOPE"}
    renamed = {"email": "new@example.ac.uk", "staff_number": "77", "start_date": "x"}
    write_people(hr, refused, renamed, *({} for _ in range(10)))
    assert import_people(hr, complete=True).missing == 0


def test_nobody_is_missing_while_a_line_could_be_theirs(hr: Path) -> None:
    write_people(hr, {"email": "who"}, *({} for _ in range(10)))
    report = import_people(hr, complete=True)
    assert report.missing == 0
    assert "because a line in it cannot be read well enough" in report.remarks[-1]
    assert Person.objects.active().count() == 12


def test_who_was_marked_as_left_comes_back_only_by_a_yes(hr: Path) -> None:
    Person.objects.filter(email="p0@example.ac.uk").update(is_active=False)
    write_people(hr, {})
    report = import_people(hr, complete=False)
    assert (report.unchanged, "1 person whom the file names" in report.remarks[0]) == (1, True)
    write_people(hr, {"active": "yes"})
    assert import_people(hr).changed == 1
    assert Person.objects.get(email="p0@example.ac.uk").is_active
