"""Suggestions: a manager suggests a visit, a coordinator asks for an offer, and the recipient answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages.paging import page_of
from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError
from coordination.pages.coordinator_scope import scope_or_404
from coordination.pages.coordinators import branch_choices
from coordination.pages.suggestions import row_of, state_of, team_of, wanted_in
from departments.models import Department
from shadowing.models import Offer, Suggestion
from shadowing.offers.filters import Directory
from shadowing.offers.forms.suggestions import NotNowForm, SuggestOfferForm, SuggestVisitForm
from shadowing.offers.workflow.suggestions import decline, suggest_offer, suggest_visit

SECTION, LIST = "coordination:desk", "coordination:suggestions"
SIZE = 20
FORM = ["GET", "HEAD", "POST"]
SUGGESTED = "We tell {name} by mail, and it stands on their home page."
NOT_NOW = "Thank you. {name} is told that it does not suit now."


@require_http_methods(FORM)
def offer_suggest(request: HttpRequest, pk: str) -> HttpResponse:
    """Suggest a visit to somebody in the viewer's team."""
    person = viewer(request)
    offers = Offer.objects.visible_to(person).select_related("department", "host")
    offer = get_object_or_404(offers.defer("search", "key_words"), pk=pk)
    team = team_of(person)
    if not team:
        raise PermissionDenied
    form = SuggestVisitForm(request.POST if request.method == "POST" else None, team=team)
    if form.is_valid():
        try:
            suggest_visit(offer, form.person, by=person, words=form.cleaned_data["words"])
        except TransitionError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, SUGGESTED.format(name=form.person.full_name))
            return SeeOther(offer.get_absolute_url())
    context = {"form": form, "offer": offer, "back_url": offer.get_absolute_url()}
    return _page(
        request, "coordination/suggestions/suggest_visit.html", context, form, section="shadowing:offer-list"
    )


@require_safe
def suggestion(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a suggestion to either side."""
    person = viewer(request)
    found = get_object_or_404(Suggestion.objects.between(person).for_rows(), pk=pk)
    mine = found.person_id == person.pk
    context = {
        "suggestion": found,
        "mine": mine,
        "open": found.is_open,
        "state": state_of(found),
        "form": NotNowForm() if mine and found.is_open else None,
    }
    return _page(request, "coordination/suggestions/suggestion.html", context, section="home:home")


@require_http_methods(["POST"])
def suggestion_decline(request: HttpRequest, pk: str) -> HttpResponse:
    """Decline a suggestion."""
    person = viewer(request)
    found = get_object_or_404(Suggestion.objects.between(person).for_rows(), pk=pk)
    form = NotNowForm(request.POST)
    if not form.is_valid():
        context = {"suggestion": found, "mine": True, "open": True, "state": state_of(found), "form": form}
        return _page(request, "coordination/suggestions/suggestion.html", context, form, section="home:home")
    try:
        decline(found, by=person, words=form.cleaned_data["words"])
    except TransitionError as error:
        return too_late(request, error.sentence, "/", "Home")
    messages.success(request, NOT_NOW.format(name=found.by.full_name))
    return SeeOther(reverse("home:home"))


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """List the offers that coordinators asked for, newest first."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    page = page_of(request, wanted_in(scope, directory), by="-made_at", size=SIZE)
    context = {"rows": [row_of(one) for one in page.rows], "page": page, "back_url": reverse(SECTION)}
    return _page(request, "coordination/suggestions/list.html", context)


@require_http_methods(FORM)
def suggestion_create(request: HttpRequest) -> HttpResponse:
    """Ask a department for an offer."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    sent = request.POST if request.method == "POST" else None
    form = SuggestOfferForm(sent, departments=branch_choices(scope, directory))
    if form.is_valid():
        given = form.cleaned_data
        department = get_object_or_404(Department, code=given["department"])
        person, title = given["person"], given["title"]
        try:
            suggest_offer(department, person, title, by=scope.person, words=given["words"])
        except TransitionError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, SUGGESTED.format(name=person.full_name))
            return SeeOther(reverse(LIST))
    return _page(
        request,
        "coordination/suggestions/suggest_offer.html",
        {"form": form, "back_url": reverse(LIST)},
        form,
    )


def _page(
    request: HttpRequest,
    name: str,
    context: dict[str, Any],
    form: Form | None = None,
    *,
    section: str = SECTION,
) -> HttpResponse:
    status = UNPROCESSABLE if form is not None and form.is_bound else 200
    return render(request, name, {"section": section, **context}, status=status)
