"""A coordinator acts for somebody who told them what they want; each action has a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError, perform, require_possible
from coordination.forms.acting_for import add_how_question, inputs_of
from shadowing.models import Placement, Request
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.forms.registry import VISIT_FORMS
from shadowing.requests.forms.registry import form_for
from shadowing.rules.acting_for import ROLE_NAMES, STEPS, Part, can_act_for_side, part_of, title_of
from shadowing.rules.action_forms import ActionForm
from shadowing.rules.placements_to_see import visible_placement

SECTION = "coordination:desk"
DONE = "Noted for {name}, who is told by mail what you noted and how you know."


@require_safe
def request_for(request: HttpRequest, pk: str, side: str) -> HttpResponse:
    """Show the actions that can be taken for one side of a request."""
    return _choice(request, _request(request, pk), side)


@require_safe
def visit_for(request: HttpRequest, pk: str, side: str) -> HttpResponse:
    """Show the actions that can be taken for one side of a visit."""
    return _choice(request, _visit(request, pk), side)


@require_http_methods(["GET", "HEAD", "POST"])
def request_for_step(request: HttpRequest, pk: str, side: str, action: str) -> HttpResponse:
    """Show and process the form of one action on a request."""
    return _step(request, _request(request, pk), side, action)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_for_step(request: HttpRequest, pk: str, side: str, action: str) -> HttpResponse:
    """Show and process the form of one action in a visit."""
    return _step(request, _visit(request, pk), side, action)


def _request(request: HttpRequest, pk: str) -> Request:
    found: Request = get_object_or_404(Request.objects.visible_record(pk, viewer(request)).for_rows())
    return found


def _visit(request: HttpRequest, pk: str) -> Placement:
    found: Placement = get_object_or_404(visible_placement(pk, viewer(request)))
    return found


def _part(record: Request | Placement, side: str, actor: Person) -> Part:
    """Return the side that the actor acts for.

    Raises Http404 when there is no such side, and PermissionDenied when the actor may not act for it.
    """
    part = part_of(record, side, actor) if side in ROLE_NAMES else None
    if part is None:
        raise Http404
    if not can_act_for_side(record, side, actor, part.person):
        raise PermissionDenied
    return part


def _choice(request: HttpRequest, record: Request | Placement, side: str) -> HttpResponse:
    part = _part(record, side, viewer(request))
    return render(request, "coordination/desk/act_for.html", _context(record, part))


def _step(request: HttpRequest, record: Request | Placement, side: str, action: str) -> HttpResponse:
    actor = viewer(request)
    part = _part(record, side, actor)
    if action not in STEPS[side]:
        raise Http404
    try:
        require_possible(record, action, actor, on_behalf_of=part.person)
    except TransitionError as error:
        return too_late(request, error.sentence, record.get_absolute_url())
    form = _form(request, record, action, part.person)
    if not form.is_valid():
        return _form_page(request, form, part, action)
    try:
        done = perform(record, action, actor=actor, on_behalf_of=part.person, **inputs_of(form))
    except TransitionError as error:
        form.add_error(None, error.sentence)
        return _form_page(request, form, part, action, status=CONFLICT)
    messages.success(request, DONE.format(name=part.person.full_name))
    return SeeOther(done.get_absolute_url())


def _form(
    request: HttpRequest, record: Request | Placement, action: str, person: Person
) -> ActionForm | VisitForm:
    posted = request.POST if request.method == "POST" else None
    if isinstance(record, Placement):
        return add_how_question(VISIT_FORMS[action](posted, record=record, person=person))
    return add_how_question(form_for(action)(posted, record=record))


def _context(record: Request | Placement, part: Part) -> dict[str, Any]:
    asked = record.request if isinstance(record, Placement) else record
    return {
        "section": SECTION,
        "record": asked,
        "offer": asked.offer,
        "part": part,
        "back_url": record.get_absolute_url(),
        "back_label": "The visit" if isinstance(record, Placement) else "The request",
        "visits": [] if isinstance(record, Placement) else list(asked.proposed_visits.all()),
    }


def _form_page(
    request: HttpRequest, form: ActionForm | VisitForm, part: Part, action: str, *, status: int = 0
) -> HttpResponse:
    context = {
        **_context(form.record, part),
        "form": form,
        "step": title_of(form.record, action),
        "body": form.body if action != "cancel" else "components/form.html",
        "action": request.path,
    }
    answered = UNPROCESSABLE if form.is_bound else 200
    return render(request, "coordination/desk/act_for_step.html", context, status=status or answered)
