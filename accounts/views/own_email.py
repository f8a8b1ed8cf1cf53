"""Page of one's own email address, read-only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def own_email(request: HttpRequest) -> HttpResponse:
    """Show the staff list's address. It cannot be changed, so that no old address signs in."""
    return render(request, "account/email.html")
