"""Coordinators see, name, end and replace the coordinators of branches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError
from coordination.forms.coordinators import HandOverForm, NameCoordinatorForm
from coordination.pages.coordinator_scope import CoordinatorScope, scope_or_404
from coordination.pages.coordinators import (
    GRANTS,
    NOT_GRANTED,
    branch_choices,
    coordinated,
    departments_in_scope,
    ending,
    reference_of,
    uncovered,
)
from coordination.workflow.coordinators import end_coordinator, hand_over_branch, name_coordinator
from departments.models import Coordinator, Department
from shadowing.offers.filters import Directory
from shadowing.rules.coordinator_policies import can_end_coordinator

SECTION, LIST = "coordination:desk", "coordination:coordinators"
LIST_PAGE = "coordination/coordinators/list.html"
FORM = ["GET", "HEAD", "POST"]
NAMED = "{name} coordinates {department} now. We tell them by mail."
ENDED = "{name} no longer coordinates {department}. We tell them by mail."
ENDED_MEANWHILE = "They do not coordinate it any more: that is done already."
HANDED = "{successor} has taken over {department} from {name}. We tell both by mail."


@require_safe
def coordinators(request: HttpRequest) -> HttpResponse:
    """List the branches in the viewer's scope with their coordinators."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    context = {
        "rows": coordinated(scope, directory),
        "uncovered": uncovered(scope, directory),
        "grants": GRANTS,
        "not_granted": NOT_GRANTED,
    }
    return _page(request, LIST_PAGE, context)


@require_http_methods(FORM)
def coordinator_create(request: HttpRequest) -> HttpResponse:
    """Name a coordinator for a branch."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    form = NameCoordinatorForm(
        request.POST if request.method == "POST" else None,
        departments=branch_choices(scope, directory),
        initial={"department": request.GET.get("department", "")},
    )
    if form.is_valid():
        department = get_object_or_404(Department, code=form.cleaned_data["department"])
        person = form.cleaned_data["person"]
        try:
            name_coordinator(department, person, by=scope.person)
        except TransitionError as error:
            form.add_error(None, error.sentence)
        else:
            return _done(request, NAMED.format(name=person.full_name, department=department.name))
    return _page(
        request,
        "coordination/coordinators/create.html",
        {"form": form, "grants": GRANTS, "not_granted": NOT_GRANTED},
        form,
    )


@require_http_methods(FORM)
def coordinator_end(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """End a coordinator, after a page that says what happens to their waiting items."""
    scope, entry = _entry(request, code, reference)
    person, department = entry.person, entry.department
    if request.method == "POST":
        try:
            end_coordinator(department, person, by=scope.person)
        except TransitionError as error:
            return too_late(request, error.sentence, reverse(LIST), "Back to the coordinators")
        return _done(request, ENDED.format(name=person.full_name, department=department.name))
    return _page(
        request,
        "coordination/coordinators/end.html",
        {"entry": entry, "sentences": ending(department, person)},
    )


@require_http_methods(FORM)
def coordinator_hand_over(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """Hand a branch over to a successor."""
    scope, entry = _entry(request, code, reference)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        successor = form.cleaned_data["person"]
        try:
            hand_over_branch(entry.department, entry.person, successor, by=scope.person)
        except TransitionError as error:
            form.add_error(None, error.sentence)
        else:
            names = {"name": entry.person.full_name, "department": entry.department.name}
            return _done(request, HANDED.format(successor=successor.full_name, **names))
    context = {"form": form, "entry": entry, "grants": GRANTS, "not_granted": NOT_GRANTED}
    return _page(request, "coordination/coordinators/hand_over.html", context, form)


def _entry(request: HttpRequest, code: str, reference: str) -> tuple[CoordinatorScope, Coordinator]:
    """Return the scope and one coordinator in it.

    Raises Http404 outside the viewer's scope, PermissionDenied when the viewer may not end this coordinator,
    and TransitionError when a posted form finds that the coordinator was ended already.
    """
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    department = get_object_or_404(Department, code=code, pk__in=departments_in_scope(scope, directory))
    for entry in department.coordinators.select_related("person", "department__parent"):
        if reference_of(entry) == reference:
            if not can_end_coordinator(scope.person, entry.department, entry.person):
                raise PermissionDenied
            return scope, entry
    if request.method == "POST":
        raise TransitionError(ENDED_MEANWHILE)
    raise Http404


def _page(request: HttpRequest, name: str, context: dict[str, Any], form: Form | None = None) -> HttpResponse:
    status = UNPROCESSABLE if form is not None and form.is_bound else 200
    shared = {"section": SECTION, "back_url": reverse(LIST if name != LIST_PAGE else SECTION)}
    return render(request, name, {**shared, **context}, status=status)


def _done(request: HttpRequest, said: str) -> HttpResponse:
    """Redirect to the list, or home when the viewer no longer coordinates anything."""
    messages.success(request, said)
    person = viewer(request)
    keeps = person.coordinates.exists() or person.runs_schemes.exists()
    return SeeOther(reverse(LIST if keeps else "home:home"))
