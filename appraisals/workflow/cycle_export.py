"""Export the appraisals of a cycle in chunks; an interrupted export is resumed, and kept for a week.

Rows are read in key order. Appraisals that are opened during the export may be missing from it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit, batch
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.safe_csv import BOM, lines
from accounts.workflow import TransitionError
from appraisals.exports.cycle import HEADER, rows_of
from appraisals.models import Appraisal, Cycle, CycleExport, ExportChunk
from appraisals.policies import can_run_cycles

log = structlog.get_logger(__name__)

CHUNK = 1000
EXPORT = batch.Job("rows_exported", "An export of a cycle did not come to its end", CycleExport)
ROW = batch.Job("row_exported", "An appraisal is missing from an export of its cycle", Appraisal, once=True)
KEPT = dt.timedelta(days=7)
BEGUN = "Began an export of the appraisals of a cycle."
IS_RUNNING = "An export of {cycle} is being made at the moment; it goes on by itself."
NOTHING = "No appraisal has been opened in {cycle} yet, so there is nothing to export."
NOT_READY = "This export is still being made. Come back in a moment."


def start(cycle: Cycle, *, by: Person) -> CycleExport:
    """Begin an export; the schedule then makes it chunk by chunk.

    Raises PermissionDenied, or TransitionError when one is running or there is nothing to export.
    """
    if not can_run_cycles(by):
        raise PermissionDenied
    with transaction.atomic():
        locked = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        if locked.exports.filter(finished_at=None).exists():
            raise TransitionError(IS_RUNNING.format(cycle=locked))
        total = locked.appraisals.count()
        if not total:
            raise TransitionError(NOTHING.format(cycle=locked))
        expires = timezone.now() + KEPT
        audit.note(AuditKind.EXPORTED, BEGUN, actor=by, subject=locked)
        export = CycleExport.objects.create(cycle=locked, started_by=by, total=total, expires_at=expires)
        ExportChunk.objects.create(export=export, number=0, body=BOM + lines([HEADER]))
        return export


def go_on(*, seconds: float = float("inf")) -> int:
    """Make the next chunks for at most ``seconds`` seconds. Returns the number of rows written.

    Exports that were kept for a week are deleted first.
    """
    if not CycleExport.objects.filter(Q(finished_at=None) | Q(expires_at__lte=timezone.now())).exists():
        return 0
    delete_expired()
    until = time.monotonic() + seconds

    def go_on_with(pk: Any) -> int:
        written = 0
        while (number := _chunk(pk)) is not None:
            written += number
            if time.monotonic() > until:
                break
        return written

    unfinished = CycleExport.objects.kept().filter(finished_at=None).order_by("started_at", "pk")
    return batch.run(EXPORT, list(unfinished.values_list("pk", flat=True)), go_on_with, atomic=False).done


def delete_expired() -> int:
    """Delete the exports that were kept for a week. Returns their number."""
    expired = CycleExport.objects.filter(expires_at__lte=timezone.now())
    return expired.delete()[1].get(CycleExport._meta.label, 0)


def export_chunks(export: CycleExport) -> Iterator[bytes]:
    """Yield the file chunk by chunk, so that it is never whole in memory.

    Raises TransitionError while the export is still being made.
    """
    if export.finished_at is None:
        raise TransitionError(NOT_READY)
    numbers = list(export.chunks.order_by("number").values_list("number", flat=True))
    return (bytes(export.chunks.get(number=number).body) for number in numbers)


@transaction.atomic
def _chunk(pk: Any) -> int | None:
    """Make one chunk, unless another run has locked the export.

    Returns its rows, None when nothing is left.
    """
    locked = CycleExport.objects.kept().filter(pk=pk, finished_at=None)
    export = locked.select_for_update(skip_locked=True, no_key=True).first()
    if export is None:
        return None
    appraisals = _appraisals_after(export)
    if appraisals:
        number = export.chunks.order_by("-number").values_list("number", flat=True)[0] + 1
        rows: list[Any] = []
        batch.run_in_bulk(ROW, appraisals, lambda some: rows.extend([*rows_of(list(some))]))
        ExportChunk.objects.create(export=export, number=number, body=lines(rows))
        export.reached = appraisals[-1].pk
        export.done += len(appraisals)
        export.total = max(export.total, export.done)  # appraisals were opened after the export began
    else:
        export.finished_at = timezone.now()
        export.total = export.done
        log.info("cycle_exported", cycle=export.cycle_id, rows=export.done)
    export.save()
    return len(appraisals)


def _appraisals_after(export: CycleExport) -> list[Appraisal]:
    rows = Appraisal.objects.filter(cycle=export.cycle_id).select_related(
        "person__line_manager", "cycle", "department", "appraiser"
    )
    if export.reached is not None:
        rows = rows.filter(pk__gt=export.reached)
    return list(rows.order_by("pk")[:CHUNK])
