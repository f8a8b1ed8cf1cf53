"""One's own appraisals, and the page of one appraisal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.viewer import viewer
from appraisals.audit import note_opened
from appraisals.pages.appraisal_page import appraisal_context, appraisals_to_see
from appraisals.pages.my_appraisals import mine_context


@require_safe
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """One's own appraisals, this cycle first, and how those stand that one appraises."""
    return render(request, "appraisals/list.html", mine_context(viewer(request)))


@require_safe
def appraisal_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """The page of one appraisal, for the person and for whoever appraises them."""
    person = viewer(request)
    appraisal = get_object_or_404(appraisals_to_see(person), pk=pk)
    note_opened(appraisal, person)
    return render(request, "appraisals/detail.html", appraisal_context(appraisal, person))
