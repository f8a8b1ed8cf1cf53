"""Pages to create, edit and copy an offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError, perform
from departments.models import Department
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Scheme, Suggestion
from shadowing.offers.forms.offers import OfferForm
from shadowing.offers.workflow.sessions import CLOSED, save_offer
from shadowing.offers.workflow.suggestions import take_up_offer
from shadowing.rules.policies import can_create_offer, can_edit_offer, offer_departments

SECTION = "shadowing:my-offers"
FORBIDDEN = 403
STORED = (*OfferForm.Meta.fields, "scheme")
COPIED = (
    *(
        "scheme",
        "department",
        "host",
        "title",
        "will_see",
        "will_learn",
        "kind",
        "format",
        "site",
        "half_days",
    ),
    *("topics", "who_may_apply", "know_before", "will_not_attend"),
)


SENT_BEFORE = (
    "This form was sent before, and what you sent first stands. Your later changes were not taken: "
    "use “Edit” on this page to make them."
)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_create(request: HttpRequest) -> HttpResponse:
    """Create an offer, as a draft until it is opened."""
    person = viewer(request)
    form_id = _form_id(request)
    stored = Offer.objects.filter(pk=form_id).first() if form_id else None
    if stored is not None and stored.host_id == person.pk:
        return _sent_again(request, stored, person)
    draft = Offer(pk=uuid4() if stored or not form_id else form_id, host=person)
    if request.method == "POST":
        return _write(request, draft, person)
    departments = offer_departments(person)
    own = departments.filter(memberships__person=person).first() or departments.first()
    if own is None:
        return render(request, "shadowing/offers/offer_nowhere.html", {"section": SECTION}, status=FORBIDDEN)
    draft.department, draft.site_id = own, own.site_id
    _fill_in(draft, _wanted(request, person), departments)
    return _page(request, OfferForm(instance=draft, person=person))


@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Edit an offer; a closed one cannot be edited."""
    person = viewer(request)
    offers = Offer.objects.visible_to(person).select_related("scheme", "host", "department")
    offer = get_object_or_404(offers.defer("search", "key_words"), pk=pk)
    if not can_edit_offer(person, offer):
        raise PermissionDenied
    if offer.status == OfferStatus.CLOSED:
        raise TransitionError(CLOSED)
    return _write(request, offer, person)


@require_POST
def offer_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Copy an offer without its dates into a draft, and open the draft for editing."""
    person = viewer(request)
    offer = get_object_or_404(Offer.objects.visible_to(person).select_related("department"), pk=pk)
    if not (can_edit_offer(person, offer) and can_create_offer(person, offer.department)):
        raise PermissionDenied
    copy = Offer(**{name: getattr(offer, name) for name in COPIED})
    copy.scheme = Scheme.objects.serving(offer.department)
    save_offer(copy, [], co_hosts=offer.co_hosts.all(), fields=STORED, actor=person)
    messages.success(
        request, "This is a copy, as a draft. Give it dates, change what you like, then open it."
    )
    return SeeOther(f"{copy.get_absolute_url()}edit/")


def _sent_again(request: HttpRequest, stored: Offer, person: Person) -> HttpResponse:
    """Redirect to the offer that the first submission created.

    Warn if the second submission has changes, because they were not saved.
    """
    form = OfferForm(request.POST, instance=stored, person=person)
    if set(form.changed_data) & set(OfferForm.Meta.fields):
        messages.warning(request, SENT_BEFORE)
    return SeeOther(stored.get_absolute_url())


def _form_id(request: HttpRequest) -> UUID | None:
    """Return the id of the new offer from the form: a form sent twice creates one offer."""
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return None


def _write(request: HttpRequest, offer: Offer, person: Person) -> HttpResponse:
    if request.method != "POST":
        return _page(request, OfferForm(instance=offer, person=person))
    if "add_session" in request.POST:
        return _page(request, OfferForm(request.POST, instance=offer, person=person, keep=True))
    form = OfferForm(request.POST, instance=offer, person=person)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    hosts = form.cleaned_data["colleagues"]
    try:
        saved = save_offer(form.instance, form.slots(), co_hosts=hosts, fields=STORED, actor=person)
    except TransitionError as error:
        form.add_error(None, error.sentence)
        return _page(request, form, status=CONFLICT)
    wanted = _wanted(request, person)
    if wanted is not None:
        take_up_offer(wanted, saved, by=person)
    return _after_saving(request, saved, person)


def _wanted(request: HttpRequest, person: Person) -> Suggestion | None:
    """Return the open suggestion from which the form was opened, or None."""
    try:
        key = UUID(request.GET.get("suggestion", ""))
    except ValueError:
        return None
    return Suggestion.objects.open().filter(pk=key, person=person, offer=None).first()


def _fill_in(draft: Offer, wanted: Suggestion | None, departments: QuerySet[Department]) -> None:
    """Fill in title and department from the suggestion, if the person may offer visits there."""
    if wanted is not None:
        draft.title = wanted.title
        draft.department = departments.filter(pk=wanted.department_id).first() or draft.department


def _after_saving(request: HttpRequest, offer: Offer, person: Person) -> HttpResponse:
    message = "Your changes are saved."
    if offer.status == OfferStatus.DRAFT:
        message = "Saved as a draft. Only you and the coordinators see it until it is opened."
    if offer.status == OfferStatus.DRAFT and "open" in request.POST:
        try:
            offer = perform(offer, "publish", actor=person)
        except TransitionError as error:
            messages.error(request, f"Saved as a draft, not opened yet: {error.sentence}")
            return SeeOther(f"{offer.get_absolute_url()}edit/")
        message = "Your offer is open. Everybody can find it and ask for a place."
        if offer.status == OfferStatus.AWAITING_CHECK:
            message = "Saved. The coordinator checks it before everybody sees it."
    messages.success(request, message)
    return SeeOther(offer.get_absolute_url())


def _page(request: HttpRequest, form: OfferForm, status: int = 200) -> HttpResponse:
    offer = form.instance
    new = offer._state.adding  # noqa: SLF001  # Django's documented mark of a record not stored yet
    context: dict[str, Any] = {
        "section": SECTION,
        "form": form,
        "offer": offer,
        "new": new,
        "draft": offer.status == OfferStatus.DRAFT,
        "form_id": offer.pk if new else "",
    }
    return render(request, "shadowing/offers/offer_form.html", context, status=status)
