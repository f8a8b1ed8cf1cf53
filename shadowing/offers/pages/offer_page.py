"""Context of an offer's page for the person who opens it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.days import day_range, when
from accounts.models import Person
from accounts.workflow import available_actions
from departments.models import Membership
from shadowing.enums import UNDER_WAY, OfferStatus, RequestStatus
from shadowing.models import Offer, Request, Session
from shadowing.models.offer import OfferQuerySet
from shadowing.offers.workflow.offers import OFFERS
from shadowing.rules.rules import offer_refusals, person_refusals

OTHERS = 3
NO_DATES = "No dates are to come at the moment."
NO_DEPARTMENT = "You have no place in a department here yet, so nobody could decide on a request of yours."
SENTENCES = {
    OfferStatus.DRAFT: "A draft. Only those who may change it see it.",
    OfferStatus.AWAITING_CHECK: "The coordinator checks it before everybody sees it.",
    OfferStatus.PAUSED: "Paused: nobody can ask until it is opened again. What was asked before goes on.",
    OfferStatus.CLOSED: "Closed: nobody can ask any more. A copy can be opened as a new offer.",
}


@dataclass(frozen=True)
class Slot:
    """One session as the page shows it."""

    pk: UUID
    when: str
    by_arrangement: bool
    places: str
    full: bool


@dataclass(frozen=True)
class Button:
    """An action the person may perform now."""

    action: str
    label: str


def for_page(offers: OfferQuerySet, person: Person) -> OfferQuerySet:
    """Load with the offers what the page needs: relations, co-hosts, and ``person``'s own requests."""
    mine = Request.objects.filter(shadow=person).order_by()
    of_this = mine.live().filter(offer=OuterRef("pk"))
    under_way = mine.under_way().values("shadow").annotate(number=Count("pk")).values("number")
    related = offers.select_related("department__parent__parent", "site", "host", "scheme")
    return (
        related.prefetch_related("co_hosts")
        .defer("search", "key_words")
        .annotate(
            my_request=Subquery(of_this.values("pk")[:1]),
            my_requests=Coalesce(Subquery(under_way, output_field=IntegerField()), 0),
        )
    )


def context_of(offer: Offer, person: Person) -> dict[str, Any]:
    """Return the context of the page; ``offer`` comes from ``for_page``."""
    slots = [_slot(session) for session in _sessions(offer)]
    my_request: object = getattr(offer, "my_request", None)
    refusal = "" if my_request else next(_refusals(offer, person, slots), "")
    editable = bool(getattr(offer, "editable", False))
    return {
        "section": "shadowing:offer-list",
        "offer": offer,
        "slots": slots,
        "my_request": my_request,
        "refusal": refusal,
        "can_ask": not refusal and not my_request,
        "all_full": bool(slots) and all(slot.full for slot in slots),
        "state_sentence": SENTENCES.get(OfferStatus(offer.status), ""),
        "others": _others(offer),
        "editable": editable,
        **(_for_editors(offer, person) if editable else {}),
    }


def _for_editors(offer: Offer, person: Person) -> dict[str, Any]:
    possible = available_actions(offer, person)
    table = OFFERS.transitions
    return {
        "buttons": [
            Button(action, table[action].label)
            for action in possible
            if action not in {"close_offer", "send_back_offer"}
        ],
        "can_close": "close_offer" in possible,
        "can_send_back": "send_back_offer" in possible,
        "can_edit": offer.status != OfferStatus.CLOSED,
        "hosts_it": person == offer.host or person in offer.co_hosts.all(),
    }


def _sessions(offer: Offer) -> list[Session]:
    asked = Q(requests__status__in=(*UNDER_WAY, RequestStatus.AGREED))
    queued = Q(requests__status=RequestStatus.WAITING_LIST)
    sessions = Session.objects.to_come().filter(offer=offer).order_by("starts_at")
    return list(
        sessions.annotate(asked=Count("requests", filter=asked), queued=Count("requests", filter=queued))
    )


def _slot(session: Session) -> Slot:
    starts, ends = session.starts_at, session.ends_at
    return Slot(
        pk=session.pk,
        when=day_range(starts, ends) if session.by_arrangement else when(starts, ends),
        by_arrangement=session.by_arrangement,
        places=_places(session),
        full=not session.free,
    )


def _places(session: Session) -> str:
    """ "2 places, 5 people have asked", or what full means."""
    asked, queued = getattr(session, "asked", 0), getattr(session, "queued", 0)
    if not session.free:
        taken = "The one place is taken" if session.places == 1 else f"All {session.places} places are taken"
        waiting = f"{people(queued)} on the waiting list" if queued else "you can join the waiting list"
        return f"{taken}; {waiting}."
    left = "" if session.free == session.places else f", {session.free} left"
    number = "1 place" if session.places == 1 else f"{session.places} places"
    said = f"{people(asked)} asked." if asked else "nobody has asked yet."
    return f"{number}{left}; {said}"


def people(number: int) -> str:
    """ "1 person has", "5 people have"."""
    return "1 person has" if number == 1 else f"{number} people have"


def _refusals(offer: Offer, person: Person, slots: list[Slot]) -> Iterator[str]:
    """Yield why ``person`` cannot request this offer; the page shows the first reason."""
    yield from offer_refusals(offer)
    if not slots:
        yield NO_DATES
    place = Membership.objects.filter(person=person).select_related("department__parent__parent").first()
    if place is None:
        yield NO_DEPARTMENT
        return
    yield from person_refusals(person, place.department, offer)
    allowed = offer.scheme.live_requests
    if getattr(offer, "my_requests", 0) >= allowed:
        yield f"You have {allowed} requests under way already. Wait for an answer, or withdraw one."


def _others(offer: Offer) -> OfferQuerySet:
    """Return a few other open offers of the same department."""
    same = Offer.objects.listed().filter(department=offer.department_id).exclude(pk=offer.pk)
    return same.only("title", "half_days", "kind")[:OTHERS]
