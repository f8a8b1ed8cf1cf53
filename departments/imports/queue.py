"""The queue of waiting imports; the failure of one does not affect the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from accounts import batch
from departments.enums import IN_WORK
from departments.imports.parsing import BusyError, one_import_at_a_time
from departments.models import HrImport

IMPORT = batch.Job("files", "Work on a staff list could not go on", HrImport)
Work = Callable[[HrImport, float], None]


def process_queue(work: Work, *, until: float) -> int:
    """Call ``work`` for each waiting import, oldest first. Returns the number processed."""
    waiting = HrImport.objects.in_state(*IN_WORK).order_by("uploaded_at", "pk")
    keys = list(waiting.values_list("pk", flat=True))
    oldest, others = keys[:1], keys[1:]  # the oldest is always processed, however little time is left
    take = partial(_process, work, until)
    done = batch.run(IMPORT, oldest, take, atomic=False).done
    return done + batch.run(IMPORT, others, take, until=until, atomic=False).done


def _process(work: Work, until: float, pk: UUID) -> int:
    """Process one import, unless another import is running; then the next run continues."""
    try:
        with one_import_at_a_time():
            job = HrImport.objects.in_state(*IN_WORK).filter(pk=pk).first()
            if job is not None:
                work(job, until)
            return int(job is not None)
    except BusyError:
        return 0
