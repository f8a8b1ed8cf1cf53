"""The POST-only URL for every action on a request."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, press_again, safe_next, too_late, viewer
from accounts.workflow import TransitionError, available_actions, perform, require_possible
from shadowing.enums import RequestStatus
from shadowing.models import Request
from shadowing.requests.forms.registry import form_for
from shadowing.requests.pages.confirmations import confirmation_of
from shadowing.requests.workflow.requests import REQUESTS
from shadowing.rules.action_forms import ActionForm


def request_act(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Perform ``action`` with the form's input, then redirect to where the person came from."""
    person = viewer(request)
    record = get_object_or_404(Request.objects.visible_record(pk, person).for_rows())
    if action not in REQUESTS.transitions:
        raise Http404
    if request.method != "POST":
        return press_again(request, record.get_absolute_url())
    try:
        require_possible(record, action, person)
    except TransitionError as error:
        return too_late(request, error.sentence, record.get_absolute_url())
    form = form_for(action)(request.POST, record=record)
    if not form.is_valid():
        return form_page(request, action, form, status=CONFLICT if form.outdated else UNPROCESSABLE)
    try:
        done = perform(record, action, actor=person, **form.inputs())
    except TransitionError as error:
        return refused(request, action, form, person, error)
    messages.success(request, confirmation_of(action, done))
    if done.status == RequestStatus.DRAFT:  # it was thrown away
        return SeeOther(reverse("home:my-requests"))
    return SeeOther(safe_next(request, done.get_absolute_url()))


def form_page(request: HttpRequest, action: str, form: ActionForm, *, status: int) -> HttpResponse:
    """Render the form of one action on its own page, with the input and its errors."""
    context = {
        "record": form.record,
        "form": form,
        "body": form.body,
        "action": request.path,
        "action_label": REQUESTS.transitions[action].label,
        "section": "home:home",
    }
    return render(request, "shadowing/requests/request_act.html", context, status=status)


def refused(
    request: HttpRequest, action: str, form: ActionForm, person: Person, error: TransitionError
) -> HttpResponse:
    """Show the form again if other input could help, else the page that it is too late."""
    fresh = Request.objects.for_rows().filter(pk=form.record.pk).first()
    if fresh is None:
        return too_late(request, error.sentence, reverse("home:my-requests"))
    if action not in available_actions(fresh, person):
        return too_late(request, error.sentence, fresh.get_absolute_url())
    form = form_for(action)(request.POST, record=fresh)
    if error.sentence not in form.non_field_errors():
        form.add_error(None, error.sentence)
    return form_page(request, action, form, status=CONFLICT)
