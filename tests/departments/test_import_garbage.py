"""Property tests of imports: no crash, no half-written line, nothing new on the second run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from departments.imports.departments import import_departments
from departments.imports.loops import find_loops, upper_first
from departments.imports.people import import_people
from departments.imports.report import FileRefusedError, Report
from departments.models import Department, Membership
from tests.departments.files import write_csv
from tests.factories import DepartmentFactory

LENIENT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# A file with two zero bytes in a row is refused as a whole (test_import_reader).
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(
    lambda text: "\x00\x00" not in text
)
emails = st.sampled_from(["a@x.org", "A@x.org ", "b@x.org", "c@x.org", "", "nobody"]) | anything
numbers = st.sampled_from(["", "1", "2", "3"])
dates = st.sampled_from(["", "2020-01-01", "31/12/2021", "2020-02-30", "0000-00-00"]) | anything
PEOPLE = (
    "email", "first_name", "last_name", "department_code", "line_manager_email", "staff_number", "start_date",
    "probation_end", "active", "site",
)  # fmt: skip
person_rows = st.tuples(
    emails, anything, anything, st.sampled_from(["LIB", "lib", "IT", "NOPE"]), emails, numbers, dates, dates,
    st.sampled_from(["", "yes", "no", "?"]), anything,
)  # fmt: skip
codes = st.sampled_from(["A", "b", "B", "C", "", "?"])
department_rows = st.tuples(
    codes, anything, st.sampled_from(["", "team", "division", "x"]), codes, anything, emails, anything
)


def counts(report: Report) -> int:
    return report.created + report.changed + report.unchanged + report.refused


def refused_as_empty(bring_in: Callable[[Path], Report], path: Path) -> None:
    with pytest.raises(FileRefusedError, match="nothing below it"):
        bring_in(path)


@pytest.mark.django_db
@LENIENT
@given(rows=st.lists(person_rows, max_size=8), strict=st.booleans())
def test_garbage_people_never_crash_and_never_come_in_half(rows: list[tuple[str, ...]], strict: bool) -> None:
    Membership.objects.all().delete()
    Person.objects.update(line_manager=None)
    Person.objects.all().delete()
    Department.objects.all().delete()
    for code in ("LIB", "IT"):
        DepartmentFactory.create(code=code)
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "hr.csv", PEOPLE, *rows)
        lines = sum(any(cell.strip() for cell in row) for row in rows)
        if not lines:
            refused_as_empty(import_people, path)
            return
        report = import_people(path, strict=strict)
        again = import_people(path, strict=strict)
    assert counts(report) == lines
    assert Person.objects.count() == (report.created if report.written else 0)
    assert Membership.objects.count() == Person.objects.count()
    if report.written:
        assert (again.created, again.changed, again.refused) == (0, 0, report.refused)
    managers = dict(Person.objects.exclude(line_manager=None).values_list("email", "line_manager__email"))
    assert not find_loops(managers)


@pytest.mark.django_db
@LENIENT
@given(rows=st.lists(department_rows, max_size=8))
def test_garbage_departments_never_crash_and_make_no_loops(rows: list[tuple[str, ...]]) -> None:
    Department.objects.update(parent=None)
    Department.objects.all().delete()
    header = ("code", "name", "kind", "parent_code", "summary", "contact_email", "site")
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "d.csv", header, *rows)
        if not any(cell.strip() for row in rows for cell in row):
            refused_as_empty(import_departments, path)
            return
        report = import_departments(path)
        again = import_departments(path)
    assert Department.objects.count() == report.created
    assert (again.created, again.changed) == (0, 0)
    assert all(len(department.line_upwards()) <= len(rows) for department in Department.objects.all())
    assert not find_loops(dict(Department.objects.exclude(parent=None).values_list("code", "parent__code")))


@pytest.mark.django_db
@LENIENT
@given(content=st.binary(max_size=300))
def test_garbage_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hr.csv"
        path.write_bytes(content)
        with pytest.raises(FileRefusedError) as refused:
            import_people(path)
    assert refused.value.sentence


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
def test_loops_are_found_and_the_rest_is_ordered(upper: dict[str, str]) -> None:
    loops = find_loops(upper)
    for loop in loops:
        assert [upper[key] for key in loop] == loop[1:] + loop[:1]
    for loop in loops:
        del upper[loop[0]]
    assert not find_loops(upper)
    order = upper_first("abcdef", upper)
    assert sorted(order) == list("abcdef")
    assert all(order.index(above) < order.index(below) for below, above in upper.items())
