"""A host's own offers, and the actions on an offer."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.views.viewer import SeeOther, safe_next, viewer
from accounts.workflow import perform
from shadowing.enums import OfferStatus, RequestStatus
from shadowing.models import Offer, Request
from shadowing.offers.forms.offer_actions import WordsForm
from shadowing.offers.pages.hosted_offers import hosted_by
from shadowing.offers.workflow.offers import OFFERS

SHOWN = 100
ORDER = (
    OfferStatus.DRAFT,
    OfferStatus.AWAITING_CHECK,
    OfferStatus.OPEN,
    OfferStatus.PAUSED,
    OfferStatus.CLOSED,
)
AT_HOST = (
    RequestStatus.WITH_HOST,
    RequestStatus.WAITING_LIST,
    RequestStatus.DATES_PROPOSED,
    RequestStatus.WITH_HOST_MANAGER,
    RequestStatus.AGREED,
)
DISCARDED = (OfferStatus.DRAFT, "close_offer")
MESSAGES = {
    DISCARDED: "Your draft is deleted.",
    (OfferStatus.OPEN, "publish"): "Your offer is open. Everybody can find it and ask for a place.",
    (
        OfferStatus.AWAITING_CHECK,
        "publish",
    ): "Your offer goes to the coordinator, who checks it before it opens.",
    (OfferStatus.OPEN, "approve_offer"): "The offer is open now, and the host is told.",
    (OfferStatus.DRAFT, "send_back_offer"): "Sent back to the host with your words.",
    (OfferStatus.PAUSED, "pause"): "Paused. Nobody can ask for now; requests under way go on.",
    (OfferStatus.OPEN, "resume"): "Open again.",
    (OfferStatus.CLOSED, "close_offer"): "Closed. Nobody can ask any more; requests under way go on.",
}


@require_safe
def my_offers(request: HttpRequest) -> HttpResponse:
    """Show the offers the person hosts, with the requests that await their answer."""
    person = viewer(request)  # visible_to leaves out agreed visits that only other hosts of the offer receive
    asked = Request.objects.visible_to(person).filter(status__in=AT_HOST)
    asked = asked.select_related("shadow", "origin").order_by("created_at")
    hosted = hosted_by(person).prefetch_related(Prefetch("requests", asked, to_attr="asked"))
    offers = sorted(hosted[:SHOWN], key=lambda offer: ORDER.index(OfferStatus(offer.status)))
    return render(request, "shadowing/offers/offers_mine.html", {"offers": offers})


@require_POST
def offer_act(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Perform one transition of an offer."""
    person = viewer(request)
    if action not in OFFERS.transitions:
        raise Http404
    offer = get_object_or_404(Offer.objects.visible_to(person), pk=pk)
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    done = perform(offer, action, actor=person, words=words)
    messages.success(request, MESSAGES[OfferStatus(done.status), action])
    if (done.status, action) == DISCARDED:
        return SeeOther(reverse("shadowing:my-offers"))
    return SeeOther(safe_next(request, done.get_absolute_url()))
