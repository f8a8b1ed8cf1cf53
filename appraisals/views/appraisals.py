"""The list of one's own appraisals, and the page of one appraisal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.viewer import viewer
from appraisals.audit import note_opened
from appraisals.pages.appraisal_page import appraisal_context, appraisals_to_see
from appraisals.pages.my_appraisals import appraisal_list_context


@require_safe
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """Show the viewer's own appraisals, current cycle first, and the progress of those they appraise."""
    return render(request, "appraisals/list.html", appraisal_list_context(viewer(request)))


@require_safe
def appraisal_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one appraisal to the person or to their appraiser."""
    person = viewer(request)
    appraisal = get_object_or_404(appraisals_to_see(person), pk=pk)
    note_opened(appraisal, person)
    return render(request, "appraisals/detail.html", appraisal_context(appraisal, person))
