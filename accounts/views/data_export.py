"""Data export page: explains what is held about the person, and sends the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.protection.data_export import export_zip, kinds
from accounts.protection.retention import rules
from accounts.sign_in.recent_sign_in import fresh_sign_in_required
from accounts.views.viewer import viewer

NAME = "held-about-me-{day:%Y-%m-%d}.zip"


@fresh_sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest) -> HttpResponse:
    """Explain the file (GET) or send it (POST), after a recent sign-in."""
    person = viewer(request)
    if request.method != "POST":
        context = {"kinds": kinds(), "rules": rules(), "section": "accounts:profile"}
        return render(request, "accounts/held.html", context)
    response = HttpResponse(export_zip(person), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{NAME.format(day=timezone.localdate())}"'
    response["Cache-Control"] = "private, no-store"
    return response
