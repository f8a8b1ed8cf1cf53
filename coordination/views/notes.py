"""Notes to the organisers, for the coordinators of the scheme."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.pages.paging import page_of
from accounts.views.viewer import viewer
from shadowing.reflections.sharing import noted_for

SIZE = 20


@require_safe
def desk_notes(request: HttpRequest) -> HttpResponse:
    """List the notes, newest first, and audit that the viewer read them."""
    person = viewer(request)
    if not person.runs_schemes.exists():
        raise Http404
    audit.record_view("Read the notes to the organisers.", actor=person)
    page = page_of(request, noted_for(person), by="-sent_at", size=SIZE)
    context = {"section": "coordination:desk", "page": page}
    return render(request, "coordination/desk/notes.html", context)
