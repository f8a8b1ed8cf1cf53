"""The team page of a manager: who talked about shadowing, asked, visited and hosted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.viewer import viewer
from home.pages.team import team_page


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Show the viewer's reports, and those of managers whose deputy they are."""
    context = {"team": team_page(viewer(request), request.GET), "section": "home:team"}
    return render(request, "home/team.html", context)
