"""Appraisal years, for coordinators of the whole organisation: numbers and states, no free text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.constraints import sentence_or_raise
from accounts.enums import AuditKind
from accounts.free_text import one_line
from accounts.models import Person
from accounts.safe_csv import BOM, CSV, lines
from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError, perform
from appraisals.enums import AppraisalStatus
from appraisals.exports.cycle import COLUMNS
from appraisals.models import Appraisal, Cycle, CycleExport
from appraisals.policies import can_run_cycles
from appraisals.workflow import cycle_export as exporting
from appraisals.workflow import opening
from coordination.forms.cycles import CycleForm, ExemptForm, IncludeForm, OpenForm
from coordination.pages.cycles import address, cycle_context, cycle_rows, people_found, progress_of, state_of
from messaging.outbox import nudge_task

SECTION = "coordination:desk"
KEPT = "{cycle} is kept."
OPENING = "The appraisals of {cycle} are being opened. You can leave this page: it goes on by itself."
EXPORTING = "The export is being made. You can leave this page: it goes on by itself."
EXEMPTED = "{name} has no appraisal in {cycle} now."
INCLUDED = "{name} has an appraisal in {cycle} again."
LAID_DOWN, CHANGED = "Laid down a cycle.", "Changed the name or the days of a cycle."
FETCHED = "Downloaded the appraisals of a cycle, without words."
EXEMPT, INCLUDE = "coordination/cycles/exempt.html", "coordination/cycles/include.html"
GO_ON = "appraisals.tasks.go_on"
FORM = ["GET", "HEAD", "POST"]


@require_safe
def cycles(request: HttpRequest) -> HttpResponse:
    """List all cycles, newest first."""
    _coordinator(request)
    return _page(request, "coordination/cycles/list.html", {"rows": cycle_rows()})


@require_http_methods(FORM)
def cycle_form(request: HttpRequest, first_day: str = "") -> HttpResponse:
    """Create a cycle, or change its name and days."""
    person = _coordinator(request)
    cycle = _cycle(first_day) if first_day else None
    before = address(cycle) if cycle else reverse("coordination:cycles")
    title = f"Change {cycle}" if cycle else "A new cycle"
    form = CycleForm(request.POST if request.method == "POST" else None, cycle=cycle)
    if form.is_valid() and _saved(form, by=person, what=CHANGED if cycle else LAID_DOWN):
        messages.success(request, KEPT.format(cycle=form.cycle))
        return SeeOther(address(form.cycle))
    return _page(
        request, "coordination/cycles/form.html", {"form": form, "title": title, "back_url": before}, form
    )


@require_safe
def cycle(request: HttpRequest, first_day: str) -> HttpResponse:
    """Show one cycle in numbers, and the actions on it."""
    _coordinator(request)
    return _page(request, "coordination/cycles/detail.html", cycle_context(_cycle(first_day)))


@require_safe
def cycle_progress(request: HttpRequest, first_day: str) -> HttpResponse:
    """Show the progress of running jobs; reload the page when all are done."""
    _coordinator(request)
    found = _cycle(first_day)
    works = progress_of(found)
    context = {"works": works, "cycle": found, "progress_url": address(found, "cycle-progress")}
    response = render(request, "coordination/cycles/progress.html", context)
    if not works:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(FORM)
def cycle_open(request: HttpRequest, first_day: str) -> HttpResponse:
    """Open the appraisals of a cycle for everybody."""
    person, found = _coordinator(request), _cycle(first_day)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(
            request,
            "coordination/cycles/open.html",
            {"form": form, "cycle": found, "back_url": address(found)},
            form,
        )
    try:
        opening.start(found, by=person, **form.cleaned_data)
    except TransitionError as error:
        return _too_late(request, error, found)
    transaction.on_commit(lambda: nudge_task(GO_ON))
    messages.success(request, OPENING.format(cycle=found))
    return SeeOther(address(found))


@require_safe
def cycle_people(request: HttpRequest, first_day: str) -> HttpResponse:
    """Find people, to exempt them or to include them again."""
    person, found = _coordinator(request), _cycle(first_day)
    words = one_line(request.GET.get("q", ""))
    context = {
        "cycle": found,
        "back_url": address(found),
        "words": words,
        "people": people_found(found, words, person),
    }
    return _page(request, "coordination/cycles/people.html", context)


@require_http_methods(FORM)
def cycle_person(request: HttpRequest, first_day: str, pk: str) -> HttpResponse:
    """Exempt one person, or include them again."""
    person, found = _coordinator(request), _cycle(first_day)
    appraisals = Appraisal.objects.select_related("person", "cycle")
    appraisal = get_object_or_404(appraisals, pk=pk, cycle=found)
    exempt = appraisal.status == AppraisalStatus.EXEMPT
    form_class = IncludeForm if exempt else ExemptForm
    form = form_class(request.POST if request.method == "POST" else None)
    back = address(found, "cycle-people")
    if not form.is_valid():
        context = {"form": form, "record": appraisal, "state": state_of(appraisal), "back_url": back}
        return _page(request, INCLUDE if exempt else EXEMPT, context, form)
    try:
        perform(appraisal, "include" if exempt else "exempt", actor=person, **form.cleaned_data)
    except TransitionError as error:
        return _too_late(request, error, found)
    said = INCLUDED if exempt else EXEMPTED
    messages.success(request, said.format(name=appraisal.person.full_name, cycle=found))
    return SeeOther(back)


@require_POST
def cycle_export(request: HttpRequest, first_day: str) -> HttpResponse:
    """Begin an export of the cycle."""
    person, found = _coordinator(request), _cycle(first_day)
    try:
        exporting.start(found, by=person)
    except TransitionError as error:
        return _too_late(request, error, found)
    transaction.on_commit(lambda: nudge_task(GO_ON))
    messages.success(request, EXPORTING)
    return SeeOther(address(found))


@require_safe
def cycle_file(request: HttpRequest, pk: str) -> HttpResponse | StreamingHttpResponse:
    """Stream one finished export."""
    person = _coordinator(request)
    export = get_object_or_404(CycleExport.objects.kept().select_related("cycle"), pk=pk)
    name = slugify(f"appraisals {export.cycle.name}")
    try:
        response = StreamingHttpResponse(exporting.export_chunks(export), content_type=CSV)
    except TransitionError as error:
        return _too_late(request, error, export.cycle)
    audit.note(AuditKind.EXPORTED, FETCHED, actor=person, subject=export.cycle)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def cycle_columns(request: HttpRequest) -> HttpResponse:
    """Explain the columns of an export."""
    _coordinator(request)
    return _page(
        request,
        "coordination/cycles/columns.html",
        {"columns": COLUMNS, "back_url": reverse("coordination:cycles")},
    )


@require_safe
def cycle_columns_file(request: HttpRequest) -> HttpResponse:
    """Send the explanation of the columns as CSV."""
    _coordinator(request)
    response = HttpResponse(BOM + lines([("column", "meaning", "form"), *COLUMNS]), content_type=CSV)
    response["Content-Disposition"] = 'attachment; filename="appraisal-export-columns.csv"'
    return response


def _coordinator(request: HttpRequest) -> Person:
    """Return the viewer. Raises Http404 unless they run the cycles."""
    person = viewer(request)
    if not can_run_cycles(person):
        raise Http404
    return person


def _cycle(first_day: str) -> Cycle:
    """Return the cycle that begins on ``first_day``. Raises Http404 when there is none."""
    try:
        return get_object_or_404(Cycle, starts_on=dt.date.fromisoformat(first_day))
    except ValueError as error:
        raise Http404 from error


def _saved(form: CycleForm, *, by: Person, what: str) -> bool:
    """Save the cycle. Returns False, with the error in the form, when it conflicts with another cycle."""
    try:
        with transaction.atomic():
            form.cycle.save()
            audit.note(AuditKind.CHANGED, what, actor=by, subject=form.cycle)
    except IntegrityError as error:
        form.add_error(None, sentence_or_raise(error))
        return False
    return True


def _page(request: HttpRequest, name: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
    status = UNPROCESSABLE if form is not None and form.is_bound else 200
    return render(request, name, {"section": SECTION, **context}, status=status)


def _too_late(request: HttpRequest, error: TransitionError, cycle: Cycle) -> HttpResponse:
    return too_late(request, error.sentence, address(cycle), f"Back to {cycle}")
