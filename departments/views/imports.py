"""HR imports in the admin: upload a file, choose columns, preview, confirm, and look at past imports."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import note
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.safe_csv import BOM, CSV, lines
from accounts.sign_in.recent_sign_in import require_fresh_sign_in
from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError
from departments.enums import IN_WORK, WAITING, ImportState
from departments.forms.imports import ColumnsForm, ConfirmForm, UploadForm
from departments.imports import jobs
from departments.imports.parsing import import_is_running
from departments.imports.storage import is_small_text, store_file
from departments.models import HrImport
from departments.pages.import_columns import columns_context
from departments.pages.imports import (
    address,
    detail_context,
    findings_name,
    findings_rows,
    import_rows,
    progress_context,
)
from departments.policies import can_import
from messaging.outbox import nudge_task

TOO_LARGE = 413
GO_ON = "departments.tasks.run_imports"
MOST_PAGES = 1000


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """List the imports, newest first."""
    _importer(request)
    number = request.GET.get("page", "0")[:9]  # Python refuses to convert a number of thousands of digits
    page = min(int(number), MOST_PAGES) if number.isascii() and number.isdecimal() else 0
    rows, more = import_rows(HrImport.objects.all(), page)
    here = reverse("admin:departments_hrimport_changelist")
    context = {
        "rows": rows,
        "next_url": f"{here}?page={page + 1}" if more else "",
        "first_url": here if page else "",
        "add_url": reverse("admin:departments_hrimport_add"),
    }
    return render(request, "departments/imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Receive a file. Nothing is written to the records until the preview was confirmed."""
    person = _importer(request)
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    posted, files = request.POST, request.FILES
    form = UploadForm(posted, files, too_large=getattr(request, "upload_too_large", False))
    if not form.is_valid():
        return _upload_page(request, form, status=TOO_LARGE if form.too_large else UNPROCESSABLE)
    job = _store(form, person)
    transaction.on_commit(lambda: nudge_task(GO_ON))
    return SeeOther(address(job))


def _store(form: UploadForm, person: Person) -> HrImport:
    """Save the file as an import; small text files are read at once."""
    given = form.cleaned_data
    file = given["file"]
    people = given["kind"] == "people"
    job = store_file(
        file.chunks(),
        name=file.name,
        kind=given["kind"],
        by=person,
        complete=given["complete"] and people,
        most_leavers=given["most_leavers"],
    )
    if is_small_text(job):
        jobs.read_at_once(job)
    return job


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "list_url": reverse("admin:departments_hrimport_changelist")}
    return render(request, "departments/imports/upload.html", context, status=status)


@require_safe
def detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one import: its preview, its progress or its result."""
    _importer(request)
    job = _job(pk)
    if job.state == ImportState.CHOOSING:
        return SeeOther(address(job, "columns"))
    form = ConfirmForm(job) if job.state == ImportState.JUDGED else None
    return _detail_page(request, job, form)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: str) -> HttpResponse:
    """Choose the sheet, the header line, and the meaning of each column."""
    _importer(request)
    job = _job(pk)
    if job.state not in WAITING or not job.outline:
        return SeeOther(address(job))
    if request.method != "POST":
        return _columns_page(request, job, ColumnsForm(job))
    form = ColumnsForm(job, request.POST)
    if not form.is_valid():
        return _columns_page(request, job, form, status=UNPROCESSABLE)
    try:
        jobs.choose(job, form.chosen)
    except TransitionError as error:
        return _too_late(request, error, job)
    job.refresh_from_db()
    if is_small_text(job):
        jobs.read_at_once(job)
    transaction.on_commit(lambda: nudge_task(GO_ON))
    return SeeOther(address(job))


def _columns_page(request: HttpRequest, job: HrImport, form: ColumnsForm, status: int = 200) -> HttpResponse:
    return render(request, "departments/imports/columns.html", columns_context(job, form), status=status)


@require_safe
def progress(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the progress (polled by the page); reload the page when the work is done."""
    _importer(request)
    job = _job(pk)
    response = render(request, "departments/imports/progress.html", _progress(job))
    if job.state not in IN_WORK:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def confirm(request: HttpRequest, pk: str) -> HttpResponse:
    """Confirm the changes that the preview showed."""
    person, job = _importer(request), _job(pk)
    require_fresh_sign_in(request)
    form = ConfirmForm(job, request.POST)
    if job.state == ImportState.JUDGED and not form.is_valid():
        return _detail_page(request, job, form, status=UNPROCESSABLE)
    plan, allowed = request.POST.get("plan", ""), "leavers" in request.POST
    try:
        jobs.confirm(job, by=person, plan=plan, leavers_allowed=allowed)
    except TransitionError as error:
        return _too_late(request, error, job)
    transaction.on_commit(lambda: nudge_task(GO_ON))
    return SeeOther(address(job))


@require_POST
def take_back(request: HttpRequest, pk: str) -> HttpResponse:
    """Discard the import."""
    _importer(request)
    job = _job(pk)
    try:
        jobs.take_back(job)
    except TransitionError as error:
        return _too_late(request, error, job)
    return SeeOther(address(job))


@require_safe
def findings(request: HttpRequest, pk: str) -> HttpResponse:
    """Send the lines to correct as CSV."""
    person, job = _importer(request), _job(pk)
    note(AuditKind.EXPORTED, "Fetched the lines to correct.", actor=person, how=How.ADMIN, subject=job)
    response = HttpResponse(BOM + lines(findings_rows(job)), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{findings_name(job)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _importer(request: HttpRequest) -> Person:
    """Return the viewer. Raises PermissionDenied unless they may import HR files."""
    person = viewer(request)
    if not can_import(person):
        raise PermissionDenied
    return person


def _job(pk: str) -> HrImport:
    return get_object_or_404(HrImport.objects.select_related("uploaded_by", "confirmed_by"), pk=pk)


def _progress(job: HrImport) -> dict[str, Any]:
    return progress_context(job, busy=job.state in IN_WORK and import_is_running())


def _detail_page(
    request: HttpRequest, job: HrImport, form: ConfirmForm | None, status: int = 200
) -> HttpResponse:
    context = {**_progress(job), **detail_context(job), "form": form}
    return render(request, "departments/imports/detail.html", context, status=status)


def _too_late(request: HttpRequest, error: TransitionError, job: HrImport) -> HttpResponse:
    return too_late(request, error.sentence, address(job), f"Back to {job}")
