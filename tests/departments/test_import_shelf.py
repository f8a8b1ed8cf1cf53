"""Realistic HR files: how many edits by hand and choices on the page each of them needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Person
from departments.imports import jobs
from departments.imports.people import import_people
from departments.models import Department, HrImport
from tests.departments.importing import confirm, page, upload
from tests.departments.shelf import PEOPLE_IN, organisation, taken_from_shelf

pytestmark = pytest.mark.django_db

EDITS = 0  # by hand, in the file, until everybody in it is in
CHOICES_FIRST, CHOICES_NEXT = 1, 0  # presses on the page that asks for the columns


def managers() -> dict[str, str]:
    people = Person.objects.exclude(line_manager=None).select_related("line_manager")
    return {person.last_name: person.line_manager.last_name for person in people if person.line_manager}


@pytest.mark.parametrize("name", PEOPLE_IN)
def test_file_of_the_shelf_goes_in_without_an_edit(name: str, tmp_path: Path) -> None:
    organisation()
    path = taken_from_shelf(name, tmp_path)
    report = import_people(path)
    assert (report.created, report.refused) == (PEOPLE_IN[name], EDITS), list(report.lines())
    again = import_people(path)
    assert (again.created, again.changed, again.refused) == (0, 0, 0)


@pytest.mark.parametrize("name", PEOPLE_IN)
def test_file_of_the_shelf_asks_once_and_remembers(name: str, importer: Client, tmp_path: Path) -> None:
    organisation()
    body = taken_from_shelf(name, tmp_path).read_bytes()
    choices = [brought_in(importer, body, name) for _ in range(2)]
    assert choices == [CHOICES_FIRST, CHOICES_NEXT]
    assert Person.objects.exclude(is_superuser=True).count() == PEOPLE_IN[name]


def brought_in(importer: Client, body: bytes, name: str) -> int:
    """Upload a file and bring it in, taking what the page proposes; how often the page asked for columns."""
    assert upload(importer, body, name=name).status_code == 303
    jobs.go_on()  # workbooks are read in the background
    job, asked = HrImport.objects.latest("uploaded_at"), 0
    while job.state == "choosing":
        asked += 1
        assert take_the_proposal(importer, job).status_code == 303
        jobs.go_on()
        job.refresh_from_db()
    assert (job.state, job.refused) == ("judged", 0), job.findings
    if "Nothing would change" not in page(importer, job):
        confirm(importer, job)
        jobs.go_on()
        job.refresh_from_db()
        assert job.state == "done"
    return asked


def take_the_proposal(importer: Client, job: HrImport) -> Any:
    """Press the button of the page that asks for the columns, and change nothing on it."""
    form = importer.get(f"{job.get_absolute_url()}columns/").context["form"]
    return importer.post(
        f"{job.get_absolute_url()}columns/", {name: form[name].value() or "" for name in form.fields}
    )


def test_posts_that_report_to_posts_become_people_with_managers(tmp_path: Path) -> None:
    organisation()
    import_people(taken_from_shelf("organogram.csv", tmp_path))
    assert managers() == {
        "Okafor": "Sallow",
        "van der Berg": "Sallow",
        "O’Hara": "Okafor",
        "Çelik": "van der Berg",
    }
    assert not Person.objects.exclude(staff_number=None).exists()  # a post is no person's number


def test_payroll_keeps_zeros_and_finds_managers_by_number(tmp_path: Path) -> None:
    organisation()
    report = import_people(taken_from_shelf("payroll.csv", tmp_path))
    assert managers() == {"O'Brien": "Okafor", "Null": "O'Brien", "Mbeki-Hughes": "Okafor"}
    assert {str(found.where) for found in report.notes} == {"Line 7", "Line 8"}  # as the file counts
    assert Department.objects.get(code="LIB/S&A").memberships.count() == 3


def test_workbook_shows_what_was_left_out(tmp_path: Path) -> None:
    organisation()
    report = import_people(taken_from_shelf("workday.xlsx", tmp_path))
    said = " ".join(report.remarks)
    for words in (
        "1 hidden sheet was left out: “Old list”",
        "number 2, “All workers”, was read",
        "1 hidden or filtered row was left out (6)",
        "1 hidden column was left out (F)",
        "Totals and notes were skipped: line 9",
    ):
        assert words in said
    assert Person.objects.get(last_name="Okafor").staff_number == "00042"
    assert not Person.objects.filter(last_name="Grey").exists()


def test_nobody_is_missing_from_a_filtered_sheet(tmp_path: Path) -> None:
    organisation()
    Person.objects.create(email="worker108@example.ac.uk", first_name="Tom", last_name="Grey")
    report = import_people(taken_from_shelf("workday.xlsx", tmp_path), complete=True)
    assert report.missing == 0
    assert Person.objects.get(last_name="Grey").is_active


def test_command_takes_every_file_of_the_shelf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    organisation()
    for name in PEOPLE_IN:
        call_command("import_people", str(taken_from_shelf(name, tmp_path)), "--dry-run")
        assert f"{PEOPLE_IN[name]} would be created" in capsys.readouterr().out
