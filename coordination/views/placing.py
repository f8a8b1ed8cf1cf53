"""A coordinator places somebody by hand: first the person and the visit, then the date and the objective."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError
from coordination.forms.placing import ASK, PlaceForm, WhoForm
from coordination.pages.coordinator_scope import CoordinatorScope, scope_of
from coordination.workflow.placing import PlacingInput, department_of, place
from shadowing.models import Offer, Request
from shadowing.models.offer import OfferQuerySet
from shadowing.offers import search
from shadowing.offers.filters import Directory
from shadowing.rules.rules import offer_refusals

SECTION = "coordination:desk"
SHOWN = 12
SALT = "shadowing.placing"
NOT_THEIRS = (
    "{name} works where somebody else coordinates. Ask the coordinators there, or those of the scheme."
)
HAS_LEFT = "{name} has left."
ONESELF = "Nobody places themselves. Ask for the place yourself, like everybody."
PLACED = "The request for {name} is sent. Who decides is asked, and {name} is told that you asked for it."


@require_http_methods(["GET", "HEAD", "POST"])
def desk_place(request: HttpRequest) -> HttpResponse:
    """Choose a person and find a visit for them; changes nothing."""
    scope = _scope(request)
    form = WhoForm(request.POST if request.method == "POST" else None)
    context = {"section": SECTION, "form": form, "back_url": reverse(SECTION)}
    if form.is_valid():
        person, sentence = form.cleaned_data["person"], ""
        sentence = _refusal(scope, person)
        if not sentence:
            found = _visits(_offers_for(scope, person).listed(), form.cleaned_data["visit"])
            return render(
                request,
                "coordination/desk/place_visits.html",
                {
                    **context,
                    "person": person,
                    "offers": found,
                    "token": signing.dumps(person.pk, salt=SALT),
                },
            )
        form.add_error("who", sentence)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "coordination/desk/place.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_place_offer(request: HttpRequest, pk: str, token: str) -> HttpResponse:
    """Choose the date and the objective, then send the request."""
    scope, person = _scope(request), _person(token)
    if not person.is_active:
        raise TransitionError(HAS_LEFT.format(name=person.full_name))
    if _refusal(scope, person):
        raise PermissionDenied
    offers = _offers_for(scope, person).exclude(opened_at=None)
    offer = get_object_or_404(offers.select_related("department__parent__parent", "scheme", "host"), pk=pk)
    for sentence in offer_refusals(offer):
        raise TransitionError(sentence)
    form = PlaceForm(request.POST if request.method == "POST" else None, offer=offer, person=person)
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        try:
            return _placed(request, form, person, scope.person)
        except TransitionError as error:
            form.add_error(None, error.sentence)
            status = CONFLICT
    context = {
        "section": SECTION,
        "form": form,
        "offer": offer,
        "person": person,
        "back_url": reverse("coordination:desk-place"),
    }
    return render(request, "coordination/desk/place_offer.html", context, status=status)


def _placed(request: HttpRequest, form: PlaceForm, person: Person, by: Person) -> HttpResponse:
    given = form.cleaned_data
    wanted = PlacingInput(
        form_id=given["form_id"],
        person=person,
        session=given["chosen"],
        objective=given["objective"],
        window=given["window"],
        learned="" if given["manager"] == ASK else given["manager"],
    )
    done: Request = place(wanted, by=by)
    messages.success(request, PLACED.format(name=person.full_name))
    return SeeOther(done.get_absolute_url())


def _scope(request: HttpRequest) -> CoordinatorScope:
    scope = scope_of(viewer(request), Directory())
    if scope is None:
        raise Http404
    return scope


def _person(token: str) -> Person:
    try:
        found: Person = get_object_or_404(Person, pk=signing.loads(token, salt=SALT))
    except signing.BadSignature as error:
        raise Http404 from error
    return found


def _refusal(scope: CoordinatorScope, person: Person) -> str:
    """Return why the viewer cannot place ``person``; empty when they can."""
    if person == scope.person:
        return ONESELF
    if not person.is_active:
        return HAS_LEFT.format(name=person.full_name)
    try:
        home = department_of(person)
    except TransitionError as error:
        return error.sentence
    theirs = scope.everywhere or home.pk in scope.branch | scope.served
    return "" if theirs else NOT_THEIRS.format(name=person.full_name)


def _offers_for(scope: CoordinatorScope, person: Person) -> OfferQuerySet:
    """Return the offers to which the viewer may send ``person``.

    These are all offers if the viewer coordinates the person's branch, else those of the viewer's schemes.
    """
    offers: OfferQuerySet = Offer.objects.all()
    return offers if department_of(person).pk in scope.branch else offers.filter(scheme__in=scope.schemes)


def _visits(offers: OfferQuerySet, words: str) -> list[Offer]:
    """Return open visits with a future place; with ``words``, the best matches."""
    found = search.best(offers, words, "").offers if words else offers.order_by("-opened_at", "-pk")[:SHOWN]
    by_pk = (
        Offer.objects.filter(pk__in=[offer.pk for offer in found])
        .select_related("department", "host")
        .defer("search", "key_words")
        .in_bulk()
    )
    return [by_pk[offer.pk] for offer in found if offer.pk in by_pk]
