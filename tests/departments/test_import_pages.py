"""The import pages: permissions, preview, confirmation and refusals."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.enums import AuditKind
from accounts.models import AuditEntry, Person
from departments.imports import jobs
from departments.models import Department, HrImport, HrImportPiece, Membership
from tests.cast import Cast
from tests.departments.importing import ADD, HEADER, LIST, confirm, page, upload, uploaded
from tests.factories import DepartmentFactory, MembershipFactory, PersonFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db


def organisation(library: Department) -> dict[str, Person]:
    """Somebody for each kind of change."""
    archive = DepartmentFactory.create(code="ARC", name="Archive")
    boss = MembershipFactory.create(person__email="boss@example.ac.uk", department=library).person
    people = {"boss": boss}
    for number, name in enumerate(("renamed", "mover", "leaver", "back"), start=1):
        people[name] = MembershipFactory.create(
            person__email=f"{name}@example.ac.uk",
            person__first_name=name.title(),
            person__last_name="Person",
            person__staff_number=str(number),
            person__is_active=name != "back",
            department=archive if name == "mover" else library,
        ).person
    return people


CHANGES = (
    ",boss@example.ac.uk,{boss.first_name},{boss.last_name},LIB,,",
    "1,married@example.ac.uk,Renamed,Person,LIB,,yes",
    "2,mover@example.ac.uk,Mover,Person,LIB,boss@example.ac.uk,yes",
    "3,leaver@example.ac.uk,Leaver,Person,LIB,,no",
    "4,back@example.ac.uk,Back,Person,LIB,,yes",
    "5,new@example.ac.uk,New,Starter,LIB,mover@example.ac.uk,yes",
    "6,cmd()@example,Bad,Line,LIB,,yes",
)


def test_file_is_shown_before_it_comes_in_and_forgotten_then(importer: Client, library: Department) -> None:
    people = organisation(library)
    job = uploaded(importer, *(line.format(boss=people["boss"]) for line in CHANGES))
    shown = page(importer, job)
    assert "1 new, 4 changed, 1 unchanged, 1 marked as left, 1 refused. Nothing is written yet." in shown
    for words in (
        "renamed@example.ac.uk",
        "married@example.ac.uk",
        "Archive",
        "Leaver Person",
        "Work here again",
    ):
        assert words in shown
    assert "Line 8" in shown
    assert "is no email address" in shown
    assert "Write one like name@example.ac.uk" in shown
    assert not Person.objects.filter(email="new@example.ac.uk").exists()

    assert confirm(importer, job).status_code == 303
    assert "About to begin" not in page(importer, job)
    assert "Going on at the moment" in page(importer, job)
    assert jobs.go_on() == 1

    there = {name: Person.objects.get(pk=person.pk) for name, person in people.items()}
    assert (there["renamed"].email, there["renamed"].first_name) == ("married@example.ac.uk", "Renamed")
    assert (there["leaver"].is_active, there["back"].is_active) == (False, True)
    assert there["mover"].line_manager == people["boss"]
    assert Membership.objects.get(person=there["mover"]).department == library
    assert Person.objects.get(email="new@example.ac.uk").line_manager == people["mover"]

    job.refresh_from_db()
    counts = (job.created, job.changed, job.unchanged, job.left, job.refused, job.done)
    assert (job.state, counts) == ("done", (1, 4, 1, 1, 1, 6))
    assert (HrImportPiece.objects.exists(), job.samples) == (False, {})
    done = page(importer, job)
    assert "Correct the lines below" in done
    assert "Bring it in" not in done
    assert "hr.csv" in importer.get(reverse(LIST)).content.decode()
    said = AuditEntry.objects.filter(kind=AuditKind.IMPORTED).order_by("at").values_list("what", flat=True)
    assert list(said)[-1] == "People from a file: 1 new, 4 changed, 1 marked as left."


def test_lines_to_correct_open_safely_in_a_spreadsheet(importer: Client, library: Department) -> None:
    job = uploaded(importer, "=1+1,x@example.ac.uk,A,B,=HYPERLINK(1),,", "+1,y@example.ac.uk,A,B,LIB,-2,")
    answer = importer.get(f"{job.get_absolute_url()}lines-to-correct.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["where", "column", "what", "wrong", "remedy"]
    assert [row[:3] for row in rows[1:]] == [
        ["Line 2", "staff_number", "refused"],
        ["Line 2", "department_code", "refused"],
        ["Line 3", "line_manager_email", "refused"],
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert AuditEntry.objects.filter(kind=AuditKind.EXPORTED).count() == 1


def test_what_changed_since_is_shown_again_before_it_comes_in(importer: Client, library: Department) -> None:
    job = uploaded(importer, ",new@example.ac.uk,New,Starter,LIB,,")
    confirm(importer, job)
    PersonFactory.create(email="new@example.ac.uk", first_name="Other")
    jobs.go_on()
    assert Person.objects.get(email="new@example.ac.uk").first_name == "Other"
    shown = page(importer, job)
    assert "were changed since you looked" in shown
    assert "0 new, 1 changed" in shown
    old = job.plan
    job.refresh_from_db()
    assert confirm(importer, job, plan=old).status_code == 409
    assert confirm(importer, job).status_code == 303
    jobs.go_on()
    assert Person.objects.get(email="new@example.ac.uk").first_name == "New"


def test_too_many_leavers_come_in_only_with_a_tick(importer: Client, library: Department) -> None:
    staff = [MembershipFactory.create(department=library).person for _ in range(11)]
    lines = [f",{one.email},{one.first_name},{one.last_name},LIB,,no" for one in staff]
    job = uploaded(importer, *lines)
    assert "11 of the 12 people who work here would be marked as left, and the most is 10" in page(
        importer, job
    )
    refused = confirm(importer, job)
    assert refused.status_code == 422
    assert "Tick this if they have really left" in refused.content.decode()
    jobs.go_on()
    assert Person.objects.active().count() == 12
    assert confirm(importer, job, leavers="on").status_code == 303
    jobs.go_on()
    assert Person.objects.active().count() == 1


def test_who_is_missing_from_a_complete_file_leaves(
    importer: Client, library: Department, admin: Person
) -> None:
    kept = MembershipFactory.create(department=library).person
    gone = MembershipFactory.create(department=library).person
    job = uploaded(importer, f",{kept.email},{kept.first_name},{kept.last_name},LIB,,", complete="on")
    assert gone.full_name in page(importer, job)
    confirm(importer, job)
    jobs.go_on()
    assert set(Person.objects.active()) == {admin, kept}
    job.refresh_from_db()
    assert (job.left, job.unchanged) == (1, 1)


def test_administrator_who_is_no_superuser_changes_none_and_stays(library: Department) -> None:
    above = PersonFactory.create(
        email="super@example.ac.uk", is_superuser=True, is_staff=True, staff_number="1"
    )
    clerk = MembershipFactory.create(person__is_staff=True, department=library).person
    clerk.user_permissions.add(Permission.objects.get(codename="add_hrimport"))
    client = sign_in(Client(), clerk)
    own = f",{clerk.email},{clerk.first_name},{clerk.last_name},LIB,,no"
    job = uploaded(client, "1,clerk2@example.ac.uk,New,Owner,LIB,,", own)
    shown = page(client, job)
    assert "Only a superuser may change “super@example.ac.uk”" in shown
    assert "you are importing, so you stay" in shown
    assert (job.refused, job.left, job.changed) == (1, 0, 0)
    above.refresh_from_db()
    assert above.email == "super@example.ac.uk"


def test_an_importer_takes_over_nobody_who_may_open_the_administration(library: Department) -> None:
    auditor = MembershipFactory.create(
        person__is_staff=True, person__staff_number="7", department=library
    ).person
    clerk = MembershipFactory.create(person__is_staff=True, department=library).person
    clerk.user_permissions.add(Permission.objects.get(codename="add_hrimport"))
    client = sign_in(Client(), clerk)
    names = f"{auditor.first_name},{auditor.last_name},LIB,,"
    job = uploaded(client, f"7,mine@example.ac.uk,{names}")
    assert "Only a superuser may change what" in page(client, job)
    assert (job.refused, job.changed) == (1, 0)
    job.delete()
    job = uploaded(client, f"8,{auditor.email},{names}")  # single sign-on goes by the staff number
    assert (job.refused, job.changed) == (1, 0)
    job.delete()
    job = uploaded(client, f"7,{auditor.email},{names}no")  # but HR may say that they have left
    assert (job.refused, job.left) == (0, 1)


@pytest.mark.parametrize("staff", [False, True], ids=["nobody special", "staff without the right"])
def test_import_pages_are_forbidden_to_others(importer: Client, library: Department, staff: bool) -> None:
    job = uploaded(importer, ",new@example.ac.uk,New,Starter,LIB,,")
    here = job.get_absolute_url()
    other = sign_in(Client(), PersonFactory.create(is_staff=staff))
    gets = [reverse(LIST), reverse(ADD), here, f"{here}progress/", f"{here}lines-to-correct.csv"]
    answers = [other.get(address).status_code for address in gets]
    answers += [
        other.post(f"{here}{act}/", {"plan": job.plan}).status_code for act in ("confirm", "take-back")
    ]
    answers.append(upload(other, HEADER).status_code)
    assert set(answers) == ({403} if staff else {302})
    job.refresh_from_db()
    assert (job.state, HrImport.objects.count()) == ("judged", 1)


@pytest.mark.parametrize("right", [True, False])
def test_desk_links_to_imports_with_permission(cast: Cast, right: bool) -> None:
    cast.coordinator.is_staff = True
    cast.coordinator.save()
    if right:
        cast.coordinator.user_permissions.add(Permission.objects.get(codename="add_hrimport"))
    desk = sign_in(Client(), cast.coordinator).get("/coordinate/").content.decode()
    assert (reverse(LIST) in desk) is right


def test_confirming_asks_who_is_there_when_the_sign_in_is_old(library: Department, admin: Person) -> None:
    client = sign_in(Client(), admin, minutes_ago=60)
    job = uploaded(client, ",new@example.ac.uk,New,Starter,LIB,,")
    assert confirm(client, job).status_code == 302
    job.refresh_from_db()
    assert job.state == "judged"


def test_departments_come_in_the_same_way(importer: Client, library: Department) -> None:
    lines = "code;name;parent_code\nLIB-1;Desk;LIB\nLIB;Libraries;\nX;;\n"
    assert upload(importer, lines, kind="departments").status_code == 303
    job = HrImport.objects.get()
    shown = page(importer, job)
    assert "1 new, 1 changed, 0 unchanged, 0 marked as left, 1 refused" in shown
    assert "Libraries: name" in shown
    assert Department.objects.count() == 1
    confirm(importer, job)
    jobs.go_on()
    library.refresh_from_db()
    assert (library.name, Department.objects.get(code="LIB-1").parent) == ("Libraries", library)
    job.refresh_from_db()
    assert (job.state, job.created, job.changed, job.done) == ("done", 1, 1, 2)


def test_history_costs_the_same_for_any_number(importer: Client, django_assert_max_num_queries: Any) -> None:
    kept = {"kind": "people", "size": 1, "digest": "x"}
    HrImport.objects.bulk_create(HrImport(file_name=f"{number}.csv", **kept) for number in range(30))
    with django_assert_max_num_queries(8):
        first = importer.get(reverse(LIST)).content.decode()
    assert (first.count("row-link"), "?page=1" in first) == (25, True)
    assert importer.get(f"{reverse(LIST)}?page=1").content.decode().count("row-link") == 5
    assert importer.get(f"{reverse(LIST)}?page=x").status_code == 200


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "1e9"])
def test_invalid_page_number_shows_the_first_page(importer: Client, number: str) -> None:
    assert importer.get(reverse(LIST), {"page": number}).status_code == 200
