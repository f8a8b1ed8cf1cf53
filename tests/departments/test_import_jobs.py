"""Background imports: killed, concurrent, paused, failed and expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from departments.imports import jobs, people
from departments.imports.parsing import LOCK
from departments.models import Department, HrImport, HrImportPiece
from schedule.due import run_due
from tests.departments.files import write_people
from tests.departments.importing import confirm, page, uploaded

pytestmark = pytest.mark.django_db
SEVEN = [f",p{number}@example.ac.uk,Pat,Example{number},LIB,," for number in range(7)]


class KilledError(BaseException):
    """As sudden as a kill."""


@pytest.fixture
def job(importer: Client, library: Department, monkeypatch: pytest.MonkeyPatch) -> HrImport:
    """Seven new people, confirmed, to come in by chunks of two."""
    monkeypatch.setattr(people, "CHUNK", 2)
    found = uploaded(importer, *SEVEN)
    confirm(importer, found)
    return found


def new_people() -> int:
    return len(Person.objects.filter(email__startswith="p"))


@contextmanager
def another_import_runs() -> Iterator[None]:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            yield
    finally:
        other.close()


def test_import_killed_in_its_middle_is_completed_by_the_next_run(
    job: HrImport, importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote, chunks = jobs._Progress.wrote, []  # the place where it is killed

    def killed_in_the_third(self: object, **counts: int) -> None:
        chunks.append(counts)
        wrote(self, **counts)  # type: ignore[arg-type]  # it is that one
        if len(chunks) == 3:
            raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(jobs._Progress, "wrote", killed_in_the_third)  # as above
        with pytest.raises(KilledError):
            jobs.go_on()
    assert new_people() == 4  # two chunks wholly, the third not at all
    assert "It is coming in. 4 of 7 lines." in page(importer, job)
    assert run_due()["files"] == 1  # the schedule goes on, broker or not
    job.refresh_from_db()
    assert (new_people(), job.state, job.created, job.unchanged, job.done) == (7, "done", 7, 0, 7)
    assert jobs.go_on() == 0
    assert not list(Path(gettempdir()).glob(f"hr-import-{job.pk}"))


def test_import_leaves_off_when_its_time_is_up_and_goes_on_later(job: HrImport) -> None:
    runs = 0
    while new_people() < 7:
        before = new_people()
        jobs.go_on(seconds=0.0001)
        assert new_people() > before  # however little time there is, it gets on
        runs += 1
    jobs.go_on()
    job.refresh_from_db()
    assert (runs > 1, job.state, job.created) == (True, "done", 7)


def test_of_two_imports_the_second_waits_and_says_so(job: HrImport, importer: Client, tmp_path: Path) -> None:
    with another_import_runs():
        assert jobs.go_on() == 0
        assert "Another import is running. This one waits" in page(importer, job)
        with pytest.raises(CommandError, match="Another import is running. Wait until it has ended"):
            call_command("import_people", str(write_people(tmp_path / "hr.csv", {})))
    assert jobs.go_on() == 1
    assert new_people() == 7


def test_import_that_ends_the_process_again_and_again_is_given_up(job: HrImport, importer: Client) -> None:
    HrImport.objects.update(tries=jobs.MOST_TRIES)
    assert jobs.go_on() == 1
    assert "had to stop working on this file several times" in page(importer, job)
    assert (new_people(), HrImportPiece.objects.exists()) == (0, False)


def test_failed_import_is_reported_and_does_not_stop_the_others(
    job: HrImport, importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "file_of", None)
    jobs.go_on()
    assert "went wrong on our side" in page(importer, job)
    assert jobs.go_on() == 0


def test_file_nobody_confirms_is_forgotten_after_a_day(importer: Client, library: Department) -> None:
    job = uploaded(importer, *SEVEN)
    HrImport.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=23))
    jobs.go_on()
    assert HrImportPiece.objects.exists()
    HrImport.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=25))
    jobs.go_on()
    assert not HrImportPiece.objects.exists()
    shown = page(importer, job)
    assert "Nobody confirmed it within 24 hours" in shown
    assert "Pat Example0" not in shown
    assert confirm(importer, job).status_code == 409


def test_file_that_is_not_wanted_is_forgotten_at_once(importer: Client, library: Department) -> None:
    job = uploaded(importer, *SEVEN)
    assert importer.post(f"{job.get_absolute_url()}take-back/").status_code == 303
    assert not HrImportPiece.objects.exists()
    assert importer.post(f"{job.get_absolute_url()}take-back/").status_code == 409
    assert "You decided not to bring it in" in page(importer, job)


def test_started_import_cannot_be_started_again(job: HrImport, importer: Client) -> None:
    assert confirm(importer, job).status_code == 409
    jobs.go_on()
    assert confirm(importer, job).status_code == 409
    assert new_people() == 7


def test_lines_to_correct_are_forgotten_after_three_months(job: HrImport) -> None:
    jobs.go_on()
    long_ago = timezone.now() - dt.timedelta(days=91)
    HrImport.objects.update(findings=[{"what": "refused"}], finished_at=long_ago)
    jobs.go_on()
    assert HrImport.objects.get().findings == []


def test_import_by_command_is_in_history(tmp_path: Path, library: Department) -> None:
    call_command("import_people", str(write_people(tmp_path / "staff.csv", {})))
    job = HrImport.objects.get()
    assert (job.file_name, job.state, job.created, job.uploaded_by) == ("staff.csv", "done", 1, None)
