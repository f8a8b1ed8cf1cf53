"""Downloads of one appraisal: PDF, CSV and JSON, and the JSON schema."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.display_names import disambiguate_on_page, forget_page
from accounts.models import Person
from accounts.safe_csv import CSV
from accounts.views.viewer import viewer
from appraisals.audit import note_downloaded
from appraisals.exports.pdf import pdf_of
from appraisals.exports.sheet import csv_of
from appraisals.exports.summary import SCHEMA, schema_url, summary_of
from appraisals.models import Appraisal
from appraisals.namesakes import people_of

NAME_LENGTH = 100

INDENT = {"indent": 2, "ensure_ascii": False}


@require_safe
def summary_pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """Send the appraisal summary as a one-page PDF."""
    appraisal = _appraisal(viewer(request), pk, "pdf")
    disambiguate_on_page(people_of(appraisal))
    return _file(appraisal, pdf_of(summary_of(appraisal)), "application/pdf", "pdf")


@require_safe
def summary_csv(request: HttpRequest, pk: str) -> HttpResponse:
    """Send the appraisal as CSV."""
    appraisal = _appraisal(viewer(request), pk, "csv")
    disambiguate_on_page(people_of(appraisal))
    return _file(appraisal, csv_of(summary_of(appraisal)), CSV, "csv")


@require_safe
def summary_json(request: HttpRequest, pk: str) -> HttpResponse:
    """Send the appraisal as JSON in the form of the published schema."""
    appraisal = _appraisal(viewer(request), pk, "json")
    forget_page()  # namesakes need no suffix here: emails stand beside the names
    written = JsonResponse(summary_of(appraisal), json_dumps_params=INDENT).content
    return _file(appraisal, written, "application/json", "json")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def schema(request: HttpRequest) -> HttpResponse:
    """Send the JSON schema; public, because it contains no personal data."""
    published = {**SCHEMA, "$id": schema_url()}
    return JsonResponse(published, json_dumps_params=INDENT, content_type="application/schema+json")


def _appraisal(person: Person, pk: str, form: str) -> Appraisal:
    """Return the viewer's own appraisal or one they appraise, and audit the download. Else raises Http404."""
    rows = Appraisal.objects.visible_to(person).select_related(
        "person__line_manager", "cycle", "department", "appraiser", "talk_by", "appraiser_signed_by"
    )
    appraisal = get_object_or_404(rows, pk=pk)
    note_downloaded(appraisal, person, form)
    return appraisal


def _file(appraisal: Appraisal, body: bytes, content_type: str, ending: str) -> HttpResponse:
    name = (
        slugify(f"appraisal {appraisal.cycle.name} {appraisal.person.plain_name}")[:NAME_LENGTH]
        or "appraisal"
    )
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{ending}")
    headers = {"Content-Disposition": str(disposition), "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=content_type, headers=headers)
