"""The page of decisions that wait for the viewer, also as deputy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages.paging import page_of
from accounts.views.viewer import viewer
from home.pages.inbox import DECISIONS, awaiting, cards_of

SHOWN = 20


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Show a card for each decision, longest waiting first."""
    person = viewer(request)
    page = page_of(request, awaiting(person, DECISIONS), by="since", size=SHOWN)
    context = {
        "cards": cards_of(page.rows, person, back_to=reverse("home:approvals")),
        "page": page,
    }
    return render(request, "home/approvals.html", context)
