"""The export of a cycle: a row for each appraisal, made in chunks, kept for a week."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.workflow import TransitionError
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.exports.cycle import COLUMNS, HEADER
from appraisals.models import Appraisal, Cycle, CycleExport, ExportChunk
from appraisals.workflow import cycle_export
from appraisals.workflow.due import run_due
from tests.appraisals.filled import filled
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, CycleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(db: None) -> Cycle:
    return CycleFactory.create()


def made(cast: Cast, cycle: Cycle) -> CycleExport:
    begun = cycle_export.start(cycle, by=cast.coordinator)
    cycle_export.go_on()
    begun.refresh_from_db()
    return begun


def rows(export: CycleExport) -> list[dict[str, str]]:
    body = b"".join(cycle_export.export_chunks(export))
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def crowd(cast: Cast, cycle: Cycle, number: int) -> None:
    for _ in range(number):
        AppraisalFactory.create(person=member(cast.library), cycle=cycle)


def test_row_contains_counts_and_no_free_text(cast: Cast, cycle: Cycle) -> None:
    cast.shadow.staff_number = "S-1"
    cast.shadow.save()
    filled(AppraisalFactory.create(person=cast.shadow, cycle=cycle, department=cast.library), cast)
    (row,) = rows(made(cast, cycle))
    assert row == {
        "staff_number": "S-1",
        "email": "shadow@example.ac.uk",
        "name": "Sam Shadow",
        "department_code": "LIB",
        "department": "Library Services",
        "cycle": "This year",
        "status": "open",
        "exemption_reason": "",
        "appraiser_email": "manager@example.ac.uk",
        "conversation_on": timezone.localdate().isoformat(),
        "objectives": "1",
        "objectives_agreed": "1",
        "visits": "1",
        "visits_to_come": "1",
        "hosted": "1",
        "half_days": "2",
        "evidence_notes": "1",
        "acknowledged": "1",
        "signed_off_on": "",
    }
    assert "CANARY" not in str(rows(made(cast, cycle)))


def test_export_distinguishes_signed_off_exempt_and_unled(cast: Cast, cycle: Cycle) -> None:
    signed, later = timezone.now() - dt.timedelta(days=5), timezone.now() - dt.timedelta(days=3)
    done = filled(AppraisalFactory.create(person=cast.shadow, cycle=cycle), cast)
    Appraisal.objects.filter(pk=done.pk).update(
        status=AppraisalStatus.SIGNED_OFF,
        person_signed_at=later,
        appraiser_signed_at=signed,
        appraiser_signed_by=cast.manager,
    )
    AppraisalFactory.create(
        person=cast.stranger, cycle=cycle, status=AppraisalStatus.EXEMPT, exempt_reason=ExemptReason.LEFT
    )
    found = {row["email"]: row for row in rows(made(cast, cycle))}
    assert found[cast.shadow.email]["status"] == "signed_off"
    assert found[cast.shadow.email]["signed_off_on"] == timezone.localdate(later).isoformat()
    away = found[cast.stranger.email]
    assert (away["status"], away["exemption_reason"], away["appraiser_email"]) == ("exempt", "left", "")
    assert (away["objectives"], away["visits"], away["department_code"]) == ("0", "0", "")


def test_dictionary_describes_each_column_once() -> None:
    assert len(set(HEADER)) == len(HEADER) == len(COLUMNS)
    assert all(meaning and form for _, meaning, form in COLUMNS)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_name_that_looks_like_a_formula_is_escaped(cast: Cast, cycle: Cycle, name: str) -> None:
    cast.shadow.first_name = name
    cast.shadow.save()
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    (row,) = rows(made(cast, cycle))
    assert row["name"] == f"'{name.strip()} Shadow"


def test_export_in_chunks_has_each_row_once(
    cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(cast, cycle, 10)
    monkeypatch.setattr(cycle_export, "CHUNK", 3)
    begun = cycle_export.start(cycle, by=cast.coordinator)
    assert cycle_export.go_on(seconds=0) == 3
    begun.refresh_from_db()
    assert (begun.done, begun.total, begun.finished_at) == (3, 10, None)
    assert cycle_export.go_on() == 7
    begun.refresh_from_db()
    assert begun.finished_at is not None
    emails = [row["email"] for row in rows(begun)]
    assert sorted(emails) == sorted(Appraisal.objects.values_list("person__email", flat=True))
    assert begun.chunks.count() == 5


def test_schedule_alone_makes_the_export(cast: Cast, cycle: Cycle) -> None:
    crowd(cast, cycle, 2)
    begun = cycle_export.start(cycle, by=cast.coordinator)
    run_due()
    begun.refresh_from_db()
    assert len(rows(begun)) == 2


def test_other_cycles_stay_out(cast: Cast, cycle: Cycle) -> None:
    today = timezone.localdate()
    old = CycleFactory.create(
        name="Old", starts_on=today - dt.timedelta(days=500), ends_on=today - dt.timedelta(days=200)
    )
    AppraisalFactory.create(person=cast.shadow, cycle=old)
    AppraisalFactory.create(person=cast.host, cycle=cycle)
    assert [row["email"] for row in rows(made(cast, cycle))] == [cast.host.email]


def test_export_is_begun_once_and_only_of_something(cast: Cast, cycle: Cycle) -> None:
    with pytest.raises(TransitionError, match="nothing to export"):
        cycle_export.start(cycle, by=cast.coordinator)
    crowd(cast, cycle, 1)
    cycle_export.start(cycle, by=cast.coordinator)
    with pytest.raises(TransitionError, match="is being made at the moment"):
        cycle_export.start(cycle, by=cast.coordinator)
    with pytest.raises(TransitionError, match="still being made"):
        cycle_export.export_chunks(CycleExport.objects.get())
    cycle_export.go_on()
    cycle_export.start(cycle, by=cast.coordinator)
    assert CycleExport.objects.count() == 2


@pytest.mark.parametrize("who", ["shadow", "manager", "dept_coordinator"])
def test_only_coordinators_of_the_whole_organisation_export(cast: Cast, cycle: Cycle, who: str) -> None:
    with pytest.raises(PermissionDenied):
        cycle_export.start(cycle, by=cast.people()[who])


def test_export_is_deleted_by_the_clock_after_a_week(cast: Cast, cycle: Cycle) -> None:
    crowd(cast, cycle, 1)
    made(cast, cycle)
    with time_machine.travel(timezone.now() + dt.timedelta(days=6, hours=23)):
        run_due()
        assert CycleExport.objects.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, seconds=1)):
        run_due()
    assert not CycleExport.objects.exists()
    assert not ExportChunk.objects.exists()


def test_expired_unfinished_export_is_not_continued(cast: Cast, cycle: Cycle) -> None:
    crowd(cast, cycle, 1)
    cycle_export.start(cycle, by=cast.coordinator)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        assert cycle_export.go_on() == 0
    assert not CycleExport.objects.exists()


def test_queries_do_not_grow_with_the_rows_of_a_chunk(
    cast: Cast, cycle: Cycle, django_assert_max_num_queries: Any
) -> None:
    crowd(cast, cycle, 30)
    for appraisal in Appraisal.objects.all():
        filled(appraisal, cast)
    cycle_export.start(cycle, by=cast.coordinator)
    with django_assert_max_num_queries(25):
        cycle_export.go_on()
