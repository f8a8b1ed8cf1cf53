"""The POST address that performs every action on an appraisal."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, press_again, too_late, viewer
from accounts.workflow import TransitionError, available_actions, perform, require_possible
from appraisals.forms.action_forms import ActionForm
from appraisals.forms.registry import FORMS
from appraisals.models import Appraisal
from appraisals.pages.action_panels import act_context
from appraisals.pages.appraisal_page import appraisals_to_see
from appraisals.pages.confirmations import FRAGMENTS, confirmation_for
from appraisals.workflow.signed_content import ChangedError


def appraisal_act(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Perform ``action`` with the posted form, then redirect to its part of the page."""
    person = viewer(request)
    appraisal = get_object_or_404(appraisals_to_see(person), pk=pk)
    if action not in FORMS:
        raise Http404
    if request.method != "POST":
        return press_again(request, appraisal.get_absolute_url())
    form = FORMS[action](request.POST, appraisal=appraisal)
    try:
        require_possible(appraisal, action, person)
        if not form.is_valid():
            return render(
                request, "appraisals/act.html", act_context(action, form, person), status=UNPROCESSABLE
            )
        done = _do(action, form, person)
    except TransitionError as error:
        return _refused(request, action, form, person, error)
    messages.success(request, confirmation_for(action, done, person))
    return SeeOther(f"{done.get_absolute_url()}#{FRAGMENTS[action]}")


def _do(action: str, form: ActionForm, person: Person) -> Appraisal:
    """Perform the action under a lock. A form that is sent twice (double click, back button) counts once."""
    with transaction.atomic():
        rows = Appraisal.objects.select_for_update(of=("self",), no_key=True).select_related(
            "cycle", "person"
        )
        form.appraisal = rows.get(pk=form.appraisal.pk)
        if form.is_repeated(person):
            return form.appraisal
        return perform(form.appraisal, action, actor=person, **form.inputs())


def _refused(
    request: HttpRequest, action: str, form: ActionForm, person: Person, error: TransitionError
) -> HttpResponse:
    """Answer a refusal.

    Show the form again if other input can help, else the error page with what was typed.
    """
    fresh = get_object_or_404(appraisals_to_see(person), pk=form.appraisal.pk)
    again = form.asks_something and not isinstance(error, ChangedError)
    if again and action in available_actions(fresh, person):
        form.add_error(None, error.sentence)
        return render(request, "appraisals/act.html", act_context(action, form, person), status=CONFLICT)
    return too_late(request, error.sentence, fresh.get_absolute_url(), typed=form.typed())
