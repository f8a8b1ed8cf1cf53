"""Views for the visitor's thank-you and their follow-up answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.views.viewer import UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import perform, require_possible
from shadowing.models import Placement
from shadowing.reflections.forms.reflections import FollowUpForm, ThanksForm
from shadowing.reflections.pages.follow_up_pages import follow_up_context, thanks_context
from shadowing.reflections.workflow.follow_ups import open_question
from shadowing.reflections.workflow.thank_yous import require_not_thanked
from shadowing.rules.placements_to_see import visible_placement
from shadowing.rules.policies import can_follow_up

THANKED = "Your thank-you is on its way to {host}."
NOTED = "Thank you. It is noted."


@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, pk: str) -> HttpResponse:
    """Write, preview and send the thank-you, once."""
    person, placement = _visitor(request, pk)
    require_possible(placement, "say_thanks", person)
    require_not_thanked(placement)
    form = ThanksForm(request.POST if request.method == "POST" else None)
    act = request.POST.get("act") if form.is_bound and form.is_valid() else "write"
    if act == "send":
        perform(placement, "say_thanks", actor=person, thanks=form.cleaned_data["thanks"])
        messages.success(request, THANKED.format(host=placement.host.full_name))
        return SeeOther(placement.get_absolute_url())
    context = thanks_context(placement, form, preview=act == "preview")
    return render(
        request, "shadowing/reflections/thanks.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def later(request: HttpRequest, pk: str) -> HttpResponse:
    """Answer the follow-up question."""
    person, placement = _visitor(request, pk)
    require_possible(placement, "answer_later", person)
    question = open_question(placement)
    if question is None and request.method != "POST":
        return render(
            request, "shadowing/reflections/later.html", follow_up_context(placement, person, None, None)
        )
    first = {"follow_up": question.pk} if question else {}
    form = FollowUpForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.is_valid():
        context = follow_up_context(placement, person, form, question)
        return render(
            request, "shadowing/reflections/later.html", context, status=UNPROCESSABLE if form.errors else 200
        )
    perform(placement, "answer_later", actor=person, **form.cleaned_data)
    messages.success(request, NOTED)
    return SeeOther(placement.get_absolute_url())


def _visitor(request: HttpRequest, pk: str) -> tuple[Person, Placement]:
    person = viewer(request)
    placement: Placement = get_object_or_404(visible_placement(pk, person))
    if not can_follow_up(person, placement):
        raise PermissionDenied
    return person, placement
