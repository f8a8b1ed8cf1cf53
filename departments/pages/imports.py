"""The pages of HR imports: preview, result, and lines to correct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import slugify

from accounts.days import moment
from departments.enums import ENDED, IN_WORK, ImportKind, ImportState
from departments.imports.file_outline import FIELDS
from departments.imports.storage import MOST_FINDINGS
from departments.models import HrImport

SHOWN, A_PAGE = 100, 25
HEADER = ("where", "column", "what", "wrong", "remedy")
# kind of change: heading, label of the old value, label of the new value; the most important first
KINDS = {
    "left": ("Marked as left, because the file says so", "", ""),
    "missing": ("Marked as left, because the file does not name them", "", ""),
    "back": ("Work here again", "", ""),
    "renamed": ("New email, known by their staff number", "Email now", "New email"),
    "manager": ("Another line manager", "Line manager now", "New line manager"),
    "moved": ("Another place in the organisation", "Now", "New"),
    "new": ("New", "", "Department"),
    "details": ("Other details", "Now", "New"),
}
WAITING_OWN = "It is being read. This takes a few seconds for some hundred lines, a minute for very many."
WAITING_TURN = "Another import is running. This one waits and begins by itself when that has ended."
OWN_WORDS = {
    ImportState.UPLOADED: "The file is being read and compared with who is here. Nothing is written yet.",
    ImportState.CONFIRMED: "It begins in a moment.",
    ImportState.RUNNING: "It is coming in.",
}


def address(job: HrImport, page: str = "change") -> str:
    """Return the URL of a page of one import."""
    return reverse(f"admin:departments_hrimport_{page}", args=[job.pk])


@dataclass(frozen=True)
class Row:
    """One import in the list."""

    name: str
    url: str
    about: str
    state: str
    counts: str


def import_rows(jobs: QuerySet[HrImport], page: int) -> tuple[list[Row], bool]:
    """Return one page of the history, newest first, and whether there are more; takes one query."""
    found = list(jobs.for_rows()[page * A_PAGE : (page + 1) * A_PAGE + 1])  # type: ignore[attr-defined]  # ours
    return [_row(job) for job in found[:A_PAGE]], len(found) > A_PAGE


def _row(job: HrImport) -> Row:
    return Row(
        name=job.file_name,
        url=address(job),
        about=f"{job.get_kind_display()}, {importer_name(job)}, {moment(job.uploaded_at)}",
        state=ImportState(job.state).label,
        counts=counts_in_words(job) if job.state == ImportState.DONE else "",
    )


def importer_name(job: HrImport) -> str:
    """Return who imported the file, in words."""
    return job.uploaded_by.full_name if job.uploaded_by else "brought in by a command"


def counts_in_words(job: HrImport) -> str:
    """Return the counts as one sentence."""
    left = f", {job.left:,} marked as left" if job.left else ""
    return (
        f"{job.created:,} new, {job.changed:,} changed, {job.unchanged:,} unchanged, "
        f"{job.refused:,} refused{left}."
    )


@dataclass(frozen=True)
class Sample:
    """The first few changes of one kind."""

    title: str
    number: int
    was: str
    becomes: str
    rows: list[dict[str, str]]
    more: int


def samples_of(job: HrImport) -> list[Sample]:
    """Return the changes of the preview, by kind."""
    found = []
    for kind, (title, was, becomes) in KINDS.items():
        if number := job.numbers.get(kind, 0):
            rows = job.samples.get(kind, [])
            found.append(Sample(title, number, was, _becomes(job, kind, becomes), rows, number - len(rows)))
    return found


def _becomes(job: HrImport, kind: str, becomes: str) -> str:
    return "Part of" if kind == "new" and job.kind == ImportKind.DEPARTMENTS else becomes


def facts_of(job: HrImport) -> list[tuple[str, str]]:
    """Return who imported it, what, when, and the counts."""
    numbers = job.state in (ImportState.JUDGED, ImportState.RUNNING, ImportState.DONE)
    return [
        ("Holds", job.get_kind_display()),
        ("Size", _size(job.size)),
        ("Uploaded by", f"{importer_name(job)}, {moment(job.uploaded_at)}"),
        ("Confirmed by", job.confirmed_by.full_name if job.confirmed_by else ""),
        ("Who is missing", "has left" if job.complete else ""),
        ("Ended", moment(job.finished_at) if job.finished_at else ""),
        *(_numbers(job) if numbers else ()),
        ("Mark of the file (SHA-256)", job.digest),
    ]


def _numbers(job: HrImport) -> list[tuple[str, str]]:
    return [
        ("New", f"{job.created:,}"),
        ("Changed", f"{job.changed:,}"),
        ("Unchanged", f"{job.unchanged:,}"),
        ("Marked as left", f"{job.left:,}" if job.kind == ImportKind.PEOPLE else ""),
        ("Lines refused", f"{job.refused:,}"),
    ]


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, size // 1024):,} KB"


def progress_context(job: HrImport, *, busy: bool) -> dict[str, Any]:
    """Return the progress of an import. ``busy``: another import is running."""
    working = job.state in IN_WORK
    state = ImportState(job.state)
    waits = busy and state != ImportState.RUNNING
    return {
        "job": job,
        "working": working,
        "sentence": WAITING_TURN if waits else OWN_WORDS.get(state, ""),
        "far": f"{job.done:,} of {job.total:,} lines." if state == ImportState.RUNNING else "",
        "progress_url": address(job, "progress"),
        "page_url": address(job),
    }


def detail_context(job: HrImport) -> dict[str, Any]:
    """Return the template context of the page of one import."""
    return {
        "facts": facts_of(job),
        "samples": samples_of(job) if job.state == ImportState.JUDGED else [],
        "waits": job.state == ImportState.JUDGED,
        "ended": job.state in ENDED,
        "state": ImportState(job.state).label,
        "remarks": job.remarks,
        "refused": [found for found in job.findings if found["what"] == "refused"][:SHOWN],
        "notes": [found for found in job.findings if found["what"] == "note"][:SHOWN],
        "more_findings": job.findings_total > SHOWN,
        "findings_kept": min(job.findings_total, MOST_FINDINGS),
        "nothing": not (job.created or job.changed or job.left),
        "list_url": reverse("admin:departments_hrimport_changelist"),
        "add_url": reverse("admin:departments_hrimport_add"),
        "urls": {page: address(job, page) for page in ("columns", "confirm", "take_back", "findings")},
        "readings": readings_of(job) if job.state == ImportState.JUDGED else [],
        "dates": job.dates,
    }


def readings_of(job: HrImport) -> list[tuple[str, str]]:
    """Return the columns that are used, with their meaning, in the order of the file."""
    fields = FIELDS[job.kind]
    columns = job.outline.get("columns", [])
    return [(column["key"], fields.label(column["field"])) for column in columns if column["field"]]


def findings_rows(job: HrImport) -> list[tuple[str, ...]]:
    """Return the lines to correct as CSV rows; the last row counts those that were not stored."""
    rows = [HEADER, *(tuple(found[name] for name in HEADER) for found in job.findings)]
    left_out = job.findings_total - len(job.findings)
    return [*rows, ("", "", "", f"{left_out:,} more are not listed.", "")] if left_out > 0 else rows


def findings_name(job: HrImport) -> str:
    """Return the name of the CSV file."""
    return f"{slugify(job.file_name.rsplit('.', 1)[0]) or 'import'}-lines-to-correct.csv"
