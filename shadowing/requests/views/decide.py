"""The page on which the line manager or the host's manager decides on a request."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, safe_next, too_late, viewer
from accounts.workflow import TransitionError, perform, require_possible
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Request
from shadowing.requests.forms.deciding import ANSWERS, DecisionForm
from shadowing.requests.pages.confirmations import confirmation_of
from shadowing.requests.pages.decision_context import POLICIES, ROLE_OF_STATE, decision_page_context

MEANWHILE = "The request changed while you were deciding, so nothing was decided. Please look at it again."


@require_http_methods(["GET", "HEAD", "POST"])
def request_decide(request: HttpRequest, pk: str) -> HttpResponse:
    """Show what the approver needs to decide, and record the decision."""
    person = viewer(request)
    record = get_object_or_404(Request.objects.visible_record(pk, person).for_rows())
    try:
        decision = pending_decision(record, person)
    except TransitionError as error:
        return too_late(request, error.sentence, record.get_absolute_url())
    posted = request.POST if request.method == "POST" else None
    came_from = {"next": request.GET.get("next", "")}
    form = DecisionForm(posted, record=record, role=DecisionRole(decision.role), initial=came_from)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(
            request,
            "shadowing/requests/decide.html",
            decision_page_context(decision, person, form),
            status=status,
        )
    return _decide(request, decision, form, person)


def pending_decision(record: Request, person: Person) -> Decision:
    """Return the decision ``person`` can take now.

    Raises PermissionDenied, or TransitionError when it is too late.
    """
    role = ROLE_OF_STATE.get(record.status) or _former_role(record, person)
    require_possible(record, ANSWERS[role].choices[0][0], person)
    decision = Decision.objects.latest_for(record, role)
    if decision is None:
        raise PermissionDenied
    decision.request = record
    return decision


def _former_role(record: Request, person: Person) -> DecisionRole:
    """Return the role in which ``person`` was asked, once nobody is asked any more."""
    return next((role for role, may in POLICIES.items() if may(person, record)), DecisionRole.LINE_MANAGER)


def _decide(request: HttpRequest, decision: Decision, form: DecisionForm, person: Person) -> HttpResponse:
    action = form.cleaned_data["answer"]
    if request.POST.get("seen", str(form.record.version)) != str(form.record.version):
        return too_late(request, MEANWHILE, form.record.get_absolute_url())
    try:
        done = perform(form.record, action, actor=person, **form.inputs())
    except TransitionError as error:
        fresh = Request.objects.for_rows().get(pk=form.record.pk)
        if fresh.version != form.record.version:
            return too_late(request, error.sentence, fresh.get_absolute_url())
        form.add_error(None, error.sentence)
        return render(
            request,
            "shadowing/requests/decide.html",
            decision_page_context(decision, person, form),
            status=CONFLICT,
        )
    messages.success(request, confirmation_of(action, done))
    return SeeOther(safe_next(request, done.get_absolute_url()))
