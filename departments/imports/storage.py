"""Storage of imports: the file until it is imported, then who imported what and the counts."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import note
from accounts.enums import AuditKind, How
from accounts.models import Person
from departments.enums import IN_WORK, WAITING, ImportKind, ImportState
from departments.imports.columns import Chosen
from departments.imports.layout import Recall
from departments.imports.report import Finding, Report
from departments.models import HrImport, HrImportPiece

MOST_FINDINGS = 5_000  # stored as text; further findings are only counted
FILE_KEPT = dt.timedelta(hours=24)
FINDINGS_KEPT = dt.timedelta(days=90)
PIECE = 1024 * 1024
READ_AT_ONCE = 256 * 1024  # bytes: about two thousand lines
ZIPPED = b"PK"
MOST_RECALLED = 20
NO_LINES: dict[str, Any] = {"samples": {}, "outline": {}, "dates": []}
EXPIRED = "Nobody confirmed it within 24 hours, so the file was deleted."
BROUGHT_IN = "{kind} from a file: {created:,} new, {changed:,} changed, {left:,} marked as left."


@transaction.atomic
def store_file(
    chunks: Iterable[bytes],
    *,
    name: str,
    kind: ImportKind,
    by: Person,
    complete: bool = False,
    most_leavers: int = 0,
) -> HrImport:
    """Store an uploaded file in pieces, so that it is never in memory as a whole."""
    job = HrImport(
        kind=kind,
        uploaded_by=by,
        file_name=name[-200:],
        size=0,
        complete=complete,
        most_leavers=most_leavers,
    )
    job.save(force_insert=True)
    digest, size = hashlib.sha256(), 0
    for number, piece in enumerate(_pieces(chunks)):
        digest.update(piece)
        size += len(piece)
        HrImportPiece.objects.create(hr_import=job, number=number, body=zlib.compress(piece))
    job.digest, job.size = digest.hexdigest(), size
    job.save(update_fields=["digest", "size"])
    note(AuditKind.IMPORTED, f"Uploaded a file of {job.kind}.", actor=by, subject=job)
    return job


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= PIECE:
            yield bytes(gathered[:PIECE])
            del gathered[:PIECE]
    if gathered:
        yield bytes(gathered)


@contextmanager
def file_of(job: HrImport) -> Iterator[Path]:
    """Write the file where only this process can read it, and delete it afterwards.

    A file left by a killed process is replaced.
    """
    path = Path(tempfile.gettempdir()) / f"hr-import-{job.pk}"
    path.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            numbers = list(job.pieces.order_by("number").values_list("number", flat=True))
            for number in numbers:
                file.write(zlib.decompress(bytes(job.pieces.get(number=number).body)))
        yield path
    finally:
        path.unlink(missing_ok=True)


def stored_report(report: Report) -> dict[str, Any]:
    """Return what an import stores of a report."""
    findings = [
        *({"what": "refused", **_words(found)} for found in sorted(report.refusals, key=_where)),
        *({"what": "note", **_words(found)} for found in sorted(report.notes, key=_where)),
    ]
    return {
        "remarks": report.remarks,
        "findings": findings[:MOST_FINDINGS],
        "findings_total": len(findings) + report.unnamed,
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "left": report.left,
        "refused": report.refused,
        "total": report.imported,
        "chosen": report.chosen,
    }


def _where(finding: Finding) -> tuple[int, int]:
    return finding.where.first, finding.where.last


def _words(finding: Finding) -> dict[str, str]:
    words = {"column": finding.column, "wrong": finding.wrong, "remedy": finding.remedy}
    return {"where": str(finding.where), **words}


@transaction.atomic
def note_command(kind: ImportKind, path: Path, report: Report, *, chosen: bool = False) -> None:
    """Record an import by a command; ``chosen``: its options said how the file is read."""
    now = timezone.now()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    job = HrImport.objects.create(
        kind=kind,
        state=ImportState.DONE,
        file_name=path.name[-200:],
        size=path.stat().st_size,
        digest=digest,
        started_at=now,
        finished_at=now,
        numbers=report.changes.numbers,
        done=report.imported,
        header_mark=report.outline["mark"] if chosen else "",
        **stored_report(report),
    )
    note_done(job)


def recall_for(kind: str) -> Recall:
    """Return a function that finds earlier choices for files with the same header, latest first."""

    def recall(marks: list[str]) -> dict[str, Chosen]:
        jobs = HrImport.objects.filter(kind=kind, header_mark__in=marks).order_by("-uploaded_at", "-pk")
        found: dict[str, Chosen] = {}
        for mark, chosen in jobs.values_list("header_mark", "chosen")[:MOST_RECALLED]:
            found.setdefault(mark, Chosen.from_json(chosen))
        return found

    return recall


def is_small_text(job: HrImport) -> bool:
    """Whether a file is small enough to be read within the request: some thousand lines, no workbook."""
    first = job.pieces.order_by("number").first()
    return first is not None and job.size <= READ_AT_ONCE and zlib.decompress(bytes(first.body))[:2] != ZIPPED


def note_done(job: HrImport) -> None:
    """Write an audit entry about the finished import."""
    what = BROUGHT_IN.format(
        kind=job.get_kind_display(), created=job.created, changed=job.changed, left=job.left
    )
    by = job.confirmed_by
    note(AuditKind.IMPORTED, what, actor=by, how=How.PAGE if by else How.SYSTEM, subject=job)


def is_there_work() -> bool:
    """Whether an import waits for processing, or something must be deleted."""
    now = timezone.now()
    return HrImport.objects.filter(Q(state__in=IN_WORK) | _unconfirmed(now) | _old_faults(now)).exists()


def _unconfirmed(now: dt.datetime) -> Q:
    return Q(state__in=WAITING, uploaded_at__lte=now - FILE_KEPT)


def _old_faults(now: dt.datetime) -> Q:
    return Q(finished_at__lte=now - FINDINGS_KEPT) & ~Q(findings=[])


def forget_old() -> int:
    """End imports that nobody confirmed within a day, delete their files, and delete old findings.

    An import that is running is not touched. Returns the number of imports ended.
    """
    now = timezone.now()
    waited = HrImport.objects.filter(_unconfirmed(now))
    with transaction.atomic():
        expired = list(waited.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
        if expired:
            forget_files(expired)
            ended = {"state": ImportState.STOPPED, "sentence": EXPIRED, "finished_at": now, **NO_LINES}
            HrImport.objects.filter(pk__in=expired).update(**ended)
    HrImport.objects.filter(_old_faults(now)).update(findings=[])
    return len(expired)


def forget_files(jobs: Iterable[object]) -> None:
    """Delete the content of the files."""
    HrImportPiece.objects.filter(hr_import__in=list(jobs)).delete()
