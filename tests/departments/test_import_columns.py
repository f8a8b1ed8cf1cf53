"""Choosing the columns of a file, on the page and by the command, and remembering the choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Person
from departments.imports import jobs
from departments.imports.storage import forget_old
from departments.models import Department, HrImport, HrImportPiece
from tests.departments.importing import confirm, page, upload
from tests.departments.shelf import new_book, sheet_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
OWN = "Vorname;Nachname;Adresse;Bereich;Eintritt\n"
LINES = "Ann;Archer;ann@example.ac.uk;LIB;03/12/2024\nBob;Baker;bob@example.ac.uk;LIB;04/12/2024\n"
CHOICE = {
    "header_row": "1",
    "column_0": "first_name",
    "column_1": "last_name",
    "column_2": "email",
    "column_3": "department_code",
    "column_4": "start_date",
}


def asked(importer: Client, content: str | bytes = OWN + LINES, name: str = "hr.csv") -> HrImport:
    assert upload(importer, content, name=name).status_code == 303
    jobs.go_on()
    job = HrImport.objects.latest("uploaded_at")
    assert job.state == "choosing"
    return job


def choose(importer: Client, job: HrImport, **given: str) -> int:
    answer = importer.post(f"{job.get_absolute_url()}columns/", {**CHOICE, **given})
    job.refresh_from_db()
    return answer.status_code


def test_columns_nobody_knows_are_asked_for_and_remembered(importer: Client, library: Department) -> None:
    job = asked(importer)
    answer = importer.get(job.get_absolute_url(), follow=True)
    assert answer.redirect_chain[-1][0].endswith("/columns/")
    shown = answer.content.decode()
    assert "Vorname" in shown
    assert "ann@example.ac.uk" in shown
    assert choose(importer, job) == 303
    assert (job.state, job.created) == ("judged", 2)
    assert "3 December 2024" in page(importer, job)
    again = upload(importer, OWN + "Cy;Cook;cy@example.ac.uk;LIB;13/12/2024\n")
    assert again.status_code == 303
    job = HrImport.objects.latest("uploaded_at")
    assert (job.state, job.created) == ("judged", 1)
    assert "as chosen for a file with the same columns before" in page(importer, job)
    confirm(importer, job)
    jobs.go_on()
    assert Person.objects.get(email="cy@example.ac.uk").last_name == "Cook"
    job.refresh_from_db()
    assert (job.outline, job.dates, HrImportPiece.objects.filter(hr_import=job).exists()) == ({}, [], False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"column_2": ""}, "Choose the columns for: email."),
        ({"column_1": "first_name"}, "is first name already"),
        ({"column_0": "nonsense"}, "nonsense"),
        ({"header_row": ""}, "Write the number of the line."),
        ({"header_row": "5000"}, "less than or equal to 1000"),
    ],
)  # fmt: skip
def test_choice_that_will_not_do_says_why(
    importer: Client, library: Department, given: dict[str, str], words: str
) -> None:
    job = asked(importer)
    answer = importer.post(f"{job.get_absolute_url()}columns/", {**CHOICE, **given})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    job.refresh_from_db()
    assert job.state == "choosing"


def test_another_line_may_name_the_columns(importer: Client, library: Department) -> None:
    job = asked(importer, "a;b;c;d;e\n" + OWN + LINES)
    assert choose(importer, job, header_row="2") == 303
    assert (job.state, job.outline["header_row"]) == ("choosing", 2)
    assert [column["key"] for column in job.outline["columns"]][:2] == ["Vorname", "Nachname"]
    assert choose(importer, job, header_row="2") == 303
    assert (job.state, job.created) == ("judged", 2)
    assert choose(importer, job, header_row="900") == 303
    assert "Line 900 is empty" in page_of_columns(importer, job)


def page_of_columns(importer: Client, job: HrImport) -> str:
    return importer.get(f"{job.get_absolute_url()}columns/").content.decode()


def test_another_sheet_may_hold_the_list(importer: Client, library: Department, tmp_path: Path) -> None:
    book = new_book()
    sheet_of(book, "Leavers", [["Forename", "Surname", "Email", "Dept"], ["Tom", "Grey", "tom@x.org", "LIB"]])
    sheet_of(book, "Staff", [["Forename", "Surname", "Email", "Dept"], ["Ann", "Archer", "ann@x.org", "LIB"]])
    book.save(tmp_path / "hr.xlsx")
    job = asked(importer, (tmp_path / "hr.xlsx").read_bytes(), "hr.xlsx")
    assert 'value="Staff"' in page_of_columns(importer, job)
    choose(importer, job, sheet="Staff")
    jobs.go_on()
    job.refresh_from_db()
    assert job.outline["sheet"] == "Staff"
    choose(importer, job, sheet="Staff")
    jobs.go_on()
    job.refresh_from_db()
    assert [row["about"] for row in job.samples["new"]] == ["ann@x.org"]


def test_order_of_dates_is_chosen_after_a_look(importer: Client, library: Department) -> None:
    job = asked(importer)
    choose(importer, job)
    assert "nothing in the column says otherwise" in page(importer, job)
    choose(importer, job, order_start_date="month-first")
    assert "12 March 2024" in page(importer, job)
    confirm(importer, job)
    jobs.go_on()
    assert str(Person.objects.get(first_name="Ann").start_date) == "2024-03-12"


def test_choice_after_the_end_goes_back_to_the_import(importer: Client, library: Department) -> None:
    job = asked(importer)
    assert importer.post(f"{job.get_absolute_url()}take-back/").status_code == 303
    assert choose(importer, job) == 303
    assert (job.state, job.outline) == ("stopped", {})


def test_file_that_waits_for_its_columns_is_forgotten_after_a_day(
    importer: Client, library: Department
) -> None:
    job = asked(importer)
    HrImport.objects.update(uploaded_at="2020-01-01T00:00:00Z")
    assert forget_old() == 1
    job.refresh_from_db()
    assert (job.state, job.outline) == ("stopped", {})
    assert not HrImportPiece.objects.exists()


def test_nobody_else_chooses(importer: Client, library: Department) -> None:
    job = asked(importer)
    for other in (PersonFactory.create(), PersonFactory.create(is_staff=True)):
        client = Client()
        client.force_login(other)
        assert client.post(f"{job.get_absolute_url()}columns/", CHOICE).status_code in {302, 403}
    job.refresh_from_db()
    assert job.state == "choosing"


def test_command_takes_the_same_choices_and_remembers_them(library: Department, tmp_path: Path) -> None:
    path = tmp_path / "hr.csv"
    path.write_text(f"Staff list\n{OWN}{LINES}")
    with pytest.raises(CommandError, match="missing: email, first_name, last_name, department_code"):
        call_command("import_people", str(path))
    mapped = ["Vorname=first_name", "Nachname=last_name", "Adresse=email", "Bereich=department_code",
              "Eintritt=start_date"]  # fmt: skip
    options = [word for each in mapped for word in ("--map", each)]
    call_command(
        "import_people", str(path), *options, "--header-row", "2", "--dates", "start_date=month-first"
    )
    assert str(Person.objects.get(first_name="Ann").start_date) == "2024-03-12"
    path.write_text(OWN + "Cy;Cook;cy@example.ac.uk;LIB;05/06/2024\n")
    call_command("import_people", str(path))
    assert str(Person.objects.get(first_name="Cy").start_date) == "2024-05-06"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "Vorname"], "write NAME=VALUE"),
        (["--map", "Vorname=nonsense"], "with one of: email"),
        (["--map", "A=email", "--map", "B=email"], "gives email to two columns"),
        (["--header-row", "0"], "is no line"),
        (["--sheet", "Staff"], "shows no sheet “Staff”"),
        (["--dates", "start_date=whatever"], "day-first, month-first"),
    ],
)  # fmt: skip
def test_option_that_is_none_says_why(tmp_path: Path, options: list[str], words: str) -> None:
    path = tmp_path / "hr.csv"
    path.write_text(OWN + LINES)
    with pytest.raises(CommandError, match=words):
        call_command("import_people", str(path), *options)
