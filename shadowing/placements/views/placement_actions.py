"""The POST-only URL for every action on an agreed visit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, press_again, safe_next, too_late, viewer
from accounts.workflow import TransitionError, available_actions, perform, require_possible
from shadowing.models import Placement
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.forms.registry import VISIT_FORMS
from shadowing.placements.pages.placement_confirmations import confirmation_of_visit
from shadowing.placements.workflow.placements import PLACEMENTS
from shadowing.rules.placements_to_see import visible_placement

OK = 200


def placement_act(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Perform ``action`` with the form's input, then redirect to where the person came from."""
    person = viewer(request)
    placement = get_object_or_404(visible_placement(pk, person))
    if action not in VISIT_FORMS or action not in PLACEMENTS.transitions:
        raise Http404
    if request.method != "POST":
        return press_again(request, placement.get_absolute_url())
    try:
        require_possible(placement, action, person)
    except TransitionError as error:
        return too_late(request, error.sentence, placement.get_absolute_url())
    form = VISIT_FORMS[action](request.POST, record=placement, person=person)
    if not form.is_valid():
        return form_page(request, action, form, status=UNPROCESSABLE)
    try:
        done = perform(placement, action, actor=person, **form.inputs())
    except TransitionError as error:
        return _refused(request, action, form, error)
    if confirmation := confirmation_of_visit(action, done):
        messages.success(request, confirmation)
    return SeeOther(safe_next(request, done.get_absolute_url()))


def form_page(request: HttpRequest, action: str, form: VisitForm, *, status: int) -> HttpResponse:
    """Render the form of one action on its own page, with the input and its errors."""
    context = {
        "placement": form.record,
        "form": form,
        "body": form.body,
        "sentence": form.sentence,
        "action": reverse("shadowing:placement-act", args=[form.record.pk, action]),
        "action_label": PLACEMENTS.transitions[action].label,
        "section": "home:home",
    }
    return render(request, "shadowing/placements/placement_act.html", context, status=status)


def _refused(request: HttpRequest, action: str, form: VisitForm, error: TransitionError) -> HttpResponse:
    """Show the form again if other input could help, else the page that it is too late."""
    person: Person = form.person
    fresh: Placement = visible_placement(form.record.pk, person).get()
    if action not in available_actions(fresh, person):
        return too_late(request, error.sentence, fresh.get_absolute_url())
    form.add_error(None, error.sentence)
    return form_page(request, action, form, status=CONFLICT)
