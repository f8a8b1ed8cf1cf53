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
from shadowing.requests.pages.confirmations import confirmation_of
from shadowing.requests.pages.request_page import request_context
from shadowing.requests.views.request_form import RequestEditor, offer_to_ask_for
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
    editor = RequestEditor(request, person, offer_to_ask_for(person, pk))
    if editor.exclusion:
        return editor.refusal(status=403)
    if request.method == "POST":
        return _sent(request, editor)
    if editor.kept is not None:
        return redirect("shadowing:request-edit", pk=editor.kept.pk)
    return editor.refusal() if editor.refusals else editor.page()


@require_http_methods(["GET", "HEAD", "POST"])
def request_edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Change and send a draft, or a request that was sent back."""
    person = viewer(request)
    record = get_object_or_404(Request.objects.visible_record(pk, person).for_rows())
    if not can_change_request(person, record):
        raise PermissionDenied
    if request.method != "POST":
        require_possible(record, "submit", person)
    editor = RequestEditor(request, person, record.offer, kept=record)
    return _sent(request, editor) if request.method == "POST" else editor.page()


def _sent(request: HttpRequest, editor: RequestEditor) -> HttpResponse:
    """Redirect to the request, or show the form again with its errors."""
    if editor.earlier_request is not None:
        if editor.differs_from(editor.earlier_request):
            messages.warning(request, SENT_BEFORE)
        return SeeOther(editor.earlier_request.get_absolute_url())
    done = editor.write()
    if done is None:
        return editor.page(status=editor.status_code)
    messages.success(request, confirmation_of("submit", done) if editor.sending else KEPT)
    return SeeOther(done.get_absolute_url())


@require_safe
def request_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the page of one request."""
    person = viewer(request)
    found = Request.objects.visible_record(pk, person).for_rows()
    record = get_object_or_404(found.select_related("offer__site", "serves", "placement"))
    return render(request, "shadowing/requests/request_detail.html", request_context(record, person))
