"""P14: personal data can be exported, is erased on request, and expires.

People with a canary in every field get records of every kind, and leave. Their exports must hold every
canary. After their erasure none may be left in the database or the log, and the same after the retention
periods. The control erases the person's row only.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from accounts.enums import How
from accounts.models import Person
from accounts.protection import erasure, retention
from accounts.protection.data_export import export_zip
from tools.drills.canaries import CANARY, exported_columns, left_in_database, stamp
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.lifecycle import complete_visit_and_leave, make_four_people
from tools.drills.report import Result
from tools.drills.scenery import scenery

YEARS = 10


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Collect everything that is logged meanwhile, at INFO and above."""
    logged, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(logged)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield logged
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@contextmanager
def years_later() -> Iterator[None]:
    """Move the clock many years on."""
    then = timezone.now() + dt.timedelta(days=365 * YEARS)
    with mock.patch("django.utils.timezone.now", return_value=then):
        yield


@contextmanager
def names_only() -> Iterator[None]:
    """The control: only the person's row is erased."""
    last = erasure.parts()[-1:]
    with mock.patch.object(erasure, "parts", return_value=last):
        yield


def downloaded(people: list[Person]) -> tuple[str, str]:
    """Return the exports of all people joined: the JSON file and the readable page."""
    data, page = "", ""
    for person in people:
        with zipfile.ZipFile(io.BytesIO(export_zip(person))) as file:
            data += json.dumps(json.loads(file.read("held.json")), ensure_ascii=False)
            page += file.read("index.html").decode()
    return data, page


def groups(number: int) -> tuple[list[list[Person]], dict[str, str], list[str]]:
    """Make ``number`` groups of four people who have left.

    Returns the groups, the column of each canary, and what refused an erasure while a visit was still to
    come.
    """
    scene = scenery()
    made = [make_four_people(scene) for _ in range(number)]
    refused = [" ".join(erasure.refusals(shadow)) for shadow, *_ in made]
    for people in made:
        complete_visit_and_leave(people)
    return made, stamp(), refused


def erased(number: int, result: Result) -> None:
    """Export the data of people, check it, erase them, and look for what is left."""
    made, planted, refused = groups(number)
    people = [person for four_of_them in made for person in four_of_them]
    result.expect(
        all("still to come" in reason for reason in refused), "A visit to come does not stop an erasure."
    )
    data, page = downloaded(people)
    wanted = {word: column for word, column in planted.items() if column in exported_columns()}
    for name, file in (("held.json", data), ("index.html", page)):
        missing = sorted({column for word, column in wanted.items() if word not in file})
        result.expect(not missing, f"{name} lacks {', '.join(missing)}.")
    with listening() as logged:
        for person in people:
            erasure.erase(Person.objects.get(pk=person.pk), by=None, how=How.SYSTEM)
    left = left_in_database()
    result.owed, result.once = len(planted), len(wanted)
    result.numbers["canaries"] = (
        f"{len(planted)} in {len(set(planted.values()))} columns of {len(people)} people"
    )
    result.expect(not left, f"After the erasure canaries are left in {left}.")
    result.expect(CANARY not in logged.getvalue().lower(), "A canary was logged.")


def expired(number: int, result: Result) -> None:
    """Let the retention periods pass, check that a trial run changes nothing, and look for what is left."""
    groups(number)
    with listening() as logged, years_later(), override_settings(RETENTION={}):
        before = left_in_database()
        planned = retention.planned()
        result.expect(left_in_database() == before, "A trial run changed data.")
        result.expect(sum(planned.values()) > 0, "A trial run found no expired data.")
        for _ in range(3):
            retention.apply()
    left = left_in_database()
    result.expect(not left, f"Years later canaries are left in {left}.")
    result.expect(CANARY not in logged.getvalue().lower(), "A canary was logged.")


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 20 people erased, 20 whose data expired."""
    number = scale.of(5, 1) if guarded else 1
    result = Result(done=f"{number * 4} people erased, {number * 4} whose data expired")
    with nullcontext() if guarded else names_only():
        erased(number, result)
    if guarded:
        expired(number, result)
    return result


if __name__ == "__main__":
    print_result(act)
