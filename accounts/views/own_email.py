"""One's own address: shown, never changed here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def own_email(request: HttpRequest) -> HttpResponse:
    """The address the staff list holds. Nothing is written, so that no old address ever opens an account."""
    return render(request, "account/email.html")
