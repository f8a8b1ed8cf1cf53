"""Views to request a place, change a request and see its state."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.viewer import SeeOther, viewer
from accounts.workflow import require_possible
from shadowing.models import Request
from shadowing.requests.pages.confirmations import said_after
from shadowing.requests.pages.request_page import request_context
from shadowing.requests.views.request_form import Asking, offer_to_ask_for
from shadowing.rules.policies import can_change_request

KEPT = "Kept as a draft. Nobody else sees it until you send it."
SENT_BEFORE = (
    "This form was sent before, and what you sent first stands. Your later changes were not taken: tell who "
    "decides, or withdraw this request and ask anew."
)


@require_http_methods(["GET", "HEAD", "POST"])
def request_create(request: HttpRequest, pk: str) -> HttpResponse:
    """Request a place of an offer."""
    person = viewer(request)
    asking = Asking(request, person, offer_to_ask_for(person, pk))
    if asking.barred:
        return asking.refusal(status=403)
    if request.method == "POST":
        return _sent(request, asking)
    if asking.kept is not None:
        return redirect("shadowing:request-edit", pk=asking.kept.pk)
    return asking.refusal() if asking.refusals else asking.page()


@require_http_methods(["GET", "HEAD", "POST"])
def request_edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Change and send a draft, or a request that was sent back."""
    person = viewer(request)
    record = get_object_or_404(Request.objects.visible_to(person).for_rows(), pk=pk)
    if not can_change_request(person, record):
        raise PermissionDenied
    if request.method != "POST":
        require_possible(record, "submit", person)
    asking = Asking(request, person, record.offer, kept=record)
    return _sent(request, asking) if request.method == "POST" else asking.page()


def _sent(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Redirect to the request, or show the form again with its errors."""
    if asking.already is not None:
        if asking.changed_since(asking.already):
            messages.warning(request, SENT_BEFORE)
        return SeeOther(asking.already.get_absolute_url())
    done = asking.write()
    if done is None:
        return asking.page(status=asking.code)
    messages.success(request, said_after("submit", done) if asking.sending else KEPT)
    return SeeOther(done.get_absolute_url())


@require_safe
def request_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the page of one request."""
    person = viewer(request)
    found = Request.objects.visible_to(person).for_rows().select_related("offer__site", "serves", "placement")
    record = get_object_or_404(found, pk=pk)
    return render(request, "shadowing/requests/request_detail.html", request_context(record, person))
