"""The parts of ``tools.bench.imports`` that run with the product loaded."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from accounts.models import Person
from departments.enums import ImportKind, ImportState
from departments.imports import jobs
from departments.imports.people import CHUNK
from departments.imports.storage import store_file
from departments.models import Department, HrImport, Membership
from tools.paths import ROOT

UPLOADED_IN = 64 * 1024
PATIENCE = 120.0


def departments(number: str) -> int:
    """Make ``number`` departments and an administrator."""
    Department.objects.bulk_create(
        Department(code=f"D{count}", name=f"Department {count}", monogram="De")
        for count in range(int(number))
    )
    Person.objects.create_superuser("admin@example.ac.uk", "not-used-to-sign-in", first_name="Ada")
    return 0


def keep_file(path: str) -> int:
    """Store a file as an upload does."""
    with Path(path).open("rb") as file:
        pieces = iter(lambda: file.read(UPLOADED_IN), b"")
        store_file(pieces, name=path, kind=ImportKind.PEOPLE, by=Person.objects.get(is_superuser=True))
    return 0


def work(state: str) -> int:
    """Do the worker's part; return 1 when the import does not reach ``state``."""
    jobs.go_on()
    return int(HrImport.objects.get().state != ImportState(state))


def confirm(_: str) -> int:
    """Confirm the import, as an administrator does."""
    job = HrImport.objects.get()
    jobs.confirm(job, by=Person.objects.get(is_superuser=True), plan=job.plan, leavers_allowed=False)
    return 0


def kill(path: str) -> int:
    """Kill the command when a third of the people are in.

    Return 1 unless whole chunks, but not all, are there.
    """
    lines = Path(path).read_bytes().count(b"\n") - 1
    command = [sys.executable, "manage.py", "import_people", "--skip-checks", path]
    people = Person.objects.filter(is_superuser=False)
    process, until = subprocess.Popen(command, cwd=ROOT), time.monotonic() + PATIENCE
    while people.count() < lines / 3 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.wait(timeout=PATIENCE)
    there = people.count()
    print(f"          killed when {there:,} of {lines:,} were in")
    return int(there in (0, lines) or there % CHUNK != 0 or Membership.objects.count() != there)


def everybody(lines: str) -> int:
    """Return 1 unless everybody exists once, with a department and, except for leaders, a manager."""
    people = Person.objects.filter(is_superuser=False)
    led = people.exclude(line_manager=None).count()
    return int((people.count(), Membership.objects.count(), led) != (n := int(lines), n, n - -(-n // 20)))


PARTS: dict[str, Callable[[str], int]] = {
    "departments": departments,
    "keep": keep_file,
    "work": work,
    "confirm": confirm,
    "kill": kill,
    "all": everybody,
}

if __name__ == "__main__":
    sys.exit(PARTS[sys.argv[1]](sys.argv[2]))
