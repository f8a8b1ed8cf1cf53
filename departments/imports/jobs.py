"""Imports from the admin page: read and checked, confirmed by a person, then written, in the background.

Celery is triggered at once; without a broker the schedule does the same. Only one import runs at a time: it
holds an advisory lock of the database, which is free again when its process is killed. An import that has
begun is never undone and is safe to repeat, because each chunk and its count are one transaction and a second
run finds the written lines unchanged.
"""

from __future__ import annotations

import time
from pathlib import Path

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from accounts import batch
from accounts.models import Person
from accounts.workflow import TransitionError
from departments.enums import WAITING, ImportKind, ImportState
from departments.imports.columns import Chosen
from departments.imports.departments import bring_in_departments
from departments.imports.file_outline import FIELDS, needs_column_choice, outline_of
from departments.imports.layout import no_recall
from departments.imports.options import ImportListener, ImportOptions
from departments.imports.parsing import BusyError, one_import_at_a_time
from departments.imports.people import bring_in_people, knows_department
from departments.imports.queue import process_queue
from departments.imports.reader import open_list
from departments.imports.report import FileRefusedError, Report
from departments.imports.storage import (
    NO_LINES,
    file_of,
    forget_files,
    forget_old,
    is_there_work,
    note_done,
    recall_for,
    stored_report,
)
from departments.models import HrImport

log = structlog.get_logger(__name__)

MOST_TRIES = 3
BROKEN = batch.Job("file_broken", "A staff list was not brought in to its end", HrImport, once=True)
BRING_IN = {ImportKind.PEOPLE: bring_in_people, ImportKind.DEPARTMENTS: bring_in_departments}
CHANGED_SINCE = (
    "People or departments were changed since you looked, so nothing was written. "
    "This is what would happen now: look again, then confirm."
)
TOO_MANY = "Tick that they have really left, or bring in a whole file."
NOT_NOW = "This import no longer waits to be confirmed: {state}."
BROKE = "Something went wrong on our side. What came in until then stays; upload the file again to go on."
STUCK = "The server had to stop working on this file several times. Split it, or ask whoever runs the site."
TAKEN_BACK = "You decided not to bring it in."


class PausedError(Exception):
    """Raised when the time of this run is up; the next run continues."""


class ChangedSinceError(Exception):
    """Raised when the changes are no longer those that were confirmed."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def confirm(job: HrImport, *, by: Person, plan: str, leavers_allowed: bool) -> None:
    """Confirm the import that the preview showed.

    Raises TransitionError if it is in another state, the plan has changed, or too many people would leave and
    that was not ticked.
    """
    with transaction.atomic():
        locked = _waiting(job, ImportState.JUDGED)
        if locked.plan != plan:
            raise TransitionError(CHANGED_SINCE)
        if locked.leavers_too_many and not leavers_allowed:
            raise TransitionError(f"{locked.leavers_too_many} {TOO_MANY}")
        _save(
            locked,
            state=ImportState.CONFIRMED,
            confirmed_by=by,
            leavers_allowed=leavers_allowed,
            sentence="",
            tries=0,
        )


def choose(job: HrImport, chosen: Chosen) -> None:
    """Read the file again with the columns that a person chose. Raises TransitionError in another state.

    Without columns only the sheet or the header line was chosen, and the columns are asked for again.
    """
    with transaction.atomic():
        locked = _waiting(job, *WAITING)
        mark = locked.outline.get("mark", "") if chosen.columns else ""
        values = {"chosen": chosen.as_json(), "header_mark": mark, "sentence": "", "plan": "", "tries": 0}
        _save(locked, state=ImportState.UPLOADED, **values)


def take_back(job: HrImport) -> None:
    """Discard the import and delete its file. Raises TransitionError if it has begun or ended."""
    with transaction.atomic():
        _end(_waiting(job, *WAITING), ImportState.STOPPED, TAKEN_BACK)


def _waiting(job: HrImport, *states: ImportState) -> HrImport:
    locked = HrImport.objects.select_for_update(no_key=True).get(pk=job.pk)
    if locked.state not in states:
        state = ImportState(locked.state).label
        raise TransitionError(NOT_NOW.format(state=state[0].lower() + state[1:]))
    return locked


def read_at_once(job: HrImport) -> None:
    """Read and check a small file within the request, unless another import is running."""
    try:
        with one_import_at_a_time():
            _work(job, until=time.monotonic())
    except BusyError:
        log.info("hr_import_waits", hr_import=str(job.pk))


def go_on(*, seconds: float = float("inf")) -> int:
    """Process waiting imports for at most ``seconds`` seconds. Returns the number of imports processed.

    Does nothing while another import runs (a command included); the next run continues.
    """
    if not is_there_work():
        return 0
    forget_old()
    return process_queue(_work, until=time.monotonic() + seconds)


def _work(job: HrImport, until: float) -> None:
    """Do the next step of one import, and store any failure. Database errors are left to the next run."""
    if job.tries >= MOST_TRIES:
        _end(job, ImportState.FAILED, STUCK)
        return
    _save(job, tries=job.tries + 1)
    try:
        _step(job, until)
    except FileRefusedError as error:
        _refuse(job, error.sentence)
    except ChangedSinceError as error:
        _show(job, error.report, CHANGED_SINCE)
    except PausedError:
        _save(job, tries=0)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # noqa: BLE001  # a failure of one import must not stop the others
        batch.record_failure(BROKEN, job.pk, error)
        _end(job, ImportState.FAILED, BROKE)


def _refuse(job: HrImport, sentence: str) -> None:
    """Refuse the file; if a person chose how to read it, ask for another choice instead."""
    if job.state == ImportState.UPLOADED and job.outline:
        _save(job, state=ImportState.CHOOSING, sentence=sentence, chosen={}, header_mark="", tries=0)
    else:
        _end(job, ImportState.REFUSED, sentence)


def _asked_for_columns(job: HrImport, path: Path) -> bool:
    """Whether a person must choose the columns first; then the import is put into that state."""
    if job.state != ImportState.UPLOADED or job.chosen.get("columns"):
        return False
    chosen = Chosen.from_json(job.chosen)
    recall = no_recall if job.chosen else recall_for(job.kind)
    _, layout = open_list(path, FIELDS[job.kind], chosen, recall=recall, is_department=knows_department())
    if not needs_column_choice(layout, job.kind) and not job.chosen:
        return False
    _save(job, state=ImportState.CHOOSING, outline=outline_of(layout), chosen={}, tries=0)
    return True


def _step(job: HrImport, until: float) -> None:
    judging = job.state == ImportState.UPLOADED
    decided = job.leavers_allowed or job.state == ImportState.RUNNING
    options = ImportOptions(
        dry_run=judging,
        complete=job.complete,
        most_leavers=None if decided else job.most_leavers,
        by=job.uploaded_by,
        chosen=Chosen.from_json(job.chosen),
        recall=recall_for(job.kind),
    )
    listener = ImportListener() if judging else _Progress(job, until)
    with file_of(job) as path:
        if judging and _asked_for_columns(job, path):
            return
        report = BRING_IN[ImportKind(job.kind)](path, options, listener)
    if judging:
        _show(job, report)
    elif report.written:
        _finish(job, report)


class _Progress(ImportListener):
    """Record the progress of an import within the transactions that write it."""

    def __init__(self, job: HrImport, until: float) -> None:
        self.job, self.until, self.got_on = job, until, False

    def planned(self, report: Report) -> None:
        """Start the import.

        Raise ChangedSinceError if the changes are not the confirmed ones. Resume a started one.
        """
        if self.job.state == ImportState.RUNNING:
            _save(self.job, done=0, total=report.imported, refused=report.refused)
            return
        if report.stopped or _plan_fingerprint(report) != self.job.plan:
            raise ChangedSinceError(report)
        _save(
            self.job,
            state=ImportState.RUNNING,
            started_at=timezone.now(),
            created=0,
            changed=0,
            left=0,
            done=0,
            total=report.imported,
        )

    def next_chunk(self) -> None:
        """Raise PausedError when the time is up, but not before this run has written something."""
        if self.got_on and time.monotonic() > self.until:
            raise PausedError

    def wrote(self, *, created: int = 0, changed: int = 0, left: int = 0, lines: int = 0) -> None:
        """Count what was written, in the same transaction."""
        self.got_on = self.got_on or bool(created or changed or left)
        HrImport.objects.filter(pk=self.job.pk).update(
            created=F("created") + created,
            changed=F("changed") + changed,
            left=F("left") + left,
            done=F("done") + lines,
        )


def _plan_fingerprint(report: Report) -> str:
    """Return the fingerprint of the plan: the changes, and the number of refused lines."""
    return f"{report.changes.mark[:48]}-{report.refused}"


def _show(job: HrImport, report: Report, sentence: str = "") -> None:
    """Store the changes for the preview, and wait for a confirmation."""
    _save(
        job,
        state=ImportState.JUDGED,
        sentence=sentence,
        plan=_plan_fingerprint(report),
        numbers=report.changes.numbers,
        samples=report.changes.samples,
        outline=report.outline,
        dates=report.dates,
        leavers_too_many=report.stopped,
        leavers_allowed=False,
        tries=0,
        done=0,
        **stored_report(report),
    )


def _finish(job: HrImport, report: Report) -> None:
    """Store the final counts. Lines that earlier runs wrote were unchanged in this one, so sums are used."""
    with transaction.atomic():
        job.refresh_from_db(fields=["created", "changed", "left"])
        stored = stored_report(report)
        kept = {name: stored[name] for name in ("remarks", "findings", "findings_total", "refused", "total")}
        unchanged = max(0, report.imported - job.created - job.changed)
        _save(job, **kept, unchanged=unchanged, done=report.imported)
        _end(job, ImportState.DONE)
        note_done(job)
    log.info("hr_import_done", hr_import=str(job.pk), created=job.created, changed=job.changed)


def _end(job: HrImport, state: ImportState, sentence: str = "") -> None:
    """End the import and delete its file and names, except for the lines to correct."""
    with transaction.atomic():
        forget_files([job.pk])
        _save(job, state=state, sentence=sentence, finished_at=timezone.now(), **NO_LINES)


def _save(job: HrImport, **values: object) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    with transaction.atomic():
        job.save(update_fields=list(values))
