"""Uploads of unusable files: each is refused with one sentence, and nothing is stored."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Person
from config import uploads
from departments.imports import jobs
from departments.models import Department, HrImport, HrImportPiece
from tests.departments.importing import HEADER, page, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "given", "status", "words"),
    [
        ("", {}, 422, "The file is empty"),
        (HEADER, {"whole": ""}, 422, "broke off on its way"),
        (HEADER, {"file": ""}, 422, "Choose a file"),
        (HEADER, {"most_leavers": "500"}, 422, "less than or equal to 100"),
    ],
    ids=["empty", "cut off", "none", "share"],
)
def test_upload_that_is_no_good_is_refused_in_the_form(
    importer: Client, content: str, given: dict[str, str], status: int, words: str
) -> None:
    answer = upload(importer, content, **given)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not HrImport.objects.exists()


def test_upload_that_is_too_large_is_not_kept_anywhere(
    importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 1000)
    answer = upload(importer, HEADER + "\n" * 2000)
    assert answer.status_code == 413
    assert "larger than 50 MB" in answer.content.decode()
    assert not HrImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER.encode(), "nothing below it"),
        (b"\x89PNG\r\n\x1a\n", "It is a picture"),
        (b"PK\x03\x04broken", "cannot be read"),
        (b"\x00\x00\x00\x01" * 99, "It is no text"),
        (f"{HEADER}\n1,a@example.ac.uk,Ä,B,LIB,,\n".encode() + b"2,\xfa", "Line 3 is not written in UTF-8"),
        (
            ",".join(["email", "first_name", "last_name", "department_code", *"x" * 10_000]).encode(),
            "10004 columns",
        ),
        (b"email;first_name\n", "missing: last_name, department_code"),
    ],
    ids=["header", "picture", "half a workbook", "bytes", "two encodings", "columns", "needed"],
)
def test_file_that_cannot_be_used_says_why_and_is_forgotten(
    importer: Client, library: Department, content: bytes, words: str
) -> None:
    assert upload(importer, content).status_code == 303
    jobs.go_on()  # workbooks are read in the background
    job = HrImport.objects.get()
    assert (job.state, words in page(importer, job)) == ("refused", True)
    assert not HrImportPiece.objects.exists()
    assert Person.objects.count() == 1


def test_names_of_columns_may_be_anything(importer: Client, library: Department) -> None:
    strange = f"a\x00\x1b[31m,{'x' * 1_000_000}"
    upload(importer, f"{strange},email,first_name,last_name,department_code\n1,2,a@example.ac.uk,A,B,LIB\n1")
    jobs.go_on()  # it is a large file
    job = HrImport.objects.get()
    assert (job.state, job.created, job.refused) == ("judged", 1, 1)
    assert job.remarks == [f"Columns not known here, which were ignored: a[31m, {'x' * 60}."]
