"""A line that the database refuses fails alone, whatever the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from accounts.models import FailedItem, Person
from departments.imports.people import import_people
from tests.departments.files import write_people
from tests.factories import DepartmentFactory
from tests.shadowing.bad_items import FUNCTION

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "sentence", "recorded"),
    [
        ("raise_exception", "something is wrong on our side", ["Line 3"]),
        ("unique_violation", "clashes with a change made at this moment", []),
    ],
)
def test_line_refused_by_the_database_fails_alone(
    tmp_path: Path, code: str, sentence: str, recorded: list[str]
) -> None:
    DepartmentFactory.create(code="LIB", name="Library Services")
    planted = FUNCTION.replace("'a planted fault'", f"'a planted fault' USING ERRCODE = '{code}'")
    with connection.cursor() as cursor:
        condition = "r->>'email' = 'p1@example.ac.uk'"
        cursor.execute(planted.format(name="planted_line", condition=condition, table="accounts_person"))
    write_people(tmp_path / "hr.csv", {}, {}, {})
    report = import_people(tmp_path / "hr.csv")
    (refusal,) = report.refusals
    assert str(refusal).startswith("Line 3, email: ")
    assert sentence in str(refusal)
    assert (report.created, report.refused) == (2, 1)
    assert {person.email for person in Person.objects.all()} == {"p0@example.ac.uk", "p2@example.ac.uk"}
    assert list(FailedItem.objects.values_list("key", flat=True)) == recorded
