"""Helpers that import HR files as an administrator, by the page or directly."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from departments.enums import ImportKind
from departments.imports import jobs
from departments.imports.storage import store_file
from departments.models import HrImport

LIST, ADD = "admin:departments_hrimport_changelist", "admin:departments_hrimport_add"
OWN_COLUMNS = (
    "Staff list of the Library;;;;\nForename;Sirname;Work Email;Something with a rather long name;Hire date\n"
    "Ann;Archer;ann@example.ac.uk;Library Services;03/12/2024\nBob;Baker;bob@example.ac.uk;LIB;x\n"
)
HEADER = "staff_number,email,first_name,last_name,department_code,line_manager_email,active"


def upload(client: Client, content: str | bytes, name: str = "hr.csv", **given: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    form = {"kind": "people", "most_leavers": "5", "file": SimpleUploadedFile(name, body), "whole": "yes"}
    return client.post(reverse(ADD), {**form, **given})


def uploaded(client: Client, *lines: str, **given: Any) -> HrImport:
    answer = upload(client, "\n".join([HEADER, *lines]), **given)
    assert answer.status_code == 303, answer.content.decode()
    return HrImport.objects.get()


def page(client: Client, job: HrImport) -> str:
    return " ".join(client.get(job.get_absolute_url()).content.decode().split())


def confirm(client: Client, job: HrImport, **given: str) -> Any:
    return client.post(f"{job.get_absolute_url()}confirm/", {"plan": job.plan, **given})


def kept(by: Person, *lines: str, name: str = "hr.csv") -> HrImport:
    """A file that was uploaded and not read yet."""
    content = "\n".join([HEADER, *lines]).encode()
    return store_file([content], name=name, kind=ImportKind.PEOPLE, by=by)


def furnished(by: Person) -> list[str]:
    """The pages of imports: one that came in, one that waits with much to say, one that is being read."""
    done = kept(by, "1,ann@example.ac.uk,Ann,Archer,LIB,,yes")
    jobs.go_on()
    done.refresh_from_db()
    jobs.confirm(done, by=by, plan=done.plan, leavers_allowed=False)
    jobs.go_on()
    changes = [
        "1,ann.smith@example.ac.uk,Ann,Smith,ITS,host@example.ac.uk,no",
        "2,bob@example.ac.uk,Bob,Baker,NOPE,,yes",
        "3,cy@example.ac.uk,Cy,Cook,LIB,bob@example.ac.uk,yes",
    ]
    waits = kept(by, *changes, name="a-rather-long-name-of-a-file-that-an-hr-system-gives-2026-11-22.csv")
    jobs.go_on()
    asks = store_file([OWN_COLUMNS.encode()], name="own-columns.csv", kind=ImportKind.PEOPLE, by=by)
    jobs.go_on()
    read = kept(by, *changes)
    all_of_them = (done, waits, read)
    columns = [f"{job.get_absolute_url()}columns/" for job in (asks, waits)]
    return [reverse(LIST), reverse(ADD), *columns, *(job.get_absolute_url() for job in all_of_them)]
