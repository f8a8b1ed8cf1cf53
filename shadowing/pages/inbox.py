"""What waits for a person, as cards: one table read once, its subjects loaded in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.days import day, day_range, half_days
from accounts.models import Person, WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from departments.models import Department
from shadowing.enums import RequestStatus, WaitingKind
from shadowing.models import Offer, Request

REQUEST, OFFER = Request._meta.label_lower, Offer._meta.label_lower
DECISIONS = (
    WaitingKind.MANAGER_DECISION,
    WaitingKind.HOST_ANSWER,
    WaitingKind.HOST_MANAGER_DECISION,
    WaitingKind.CHECK_OFFER,
)
TITLES: dict[str, str] = {
    WaitingKind.MANAGER_DECISION: "May {shadow} visit {destination}?",
    WaitingKind.HOST_ANSWER: "{shadow} would like to visit you",
    WaitingKind.HOST_MANAGER_DECISION: "May {host} host {shadow}?",
    WaitingKind.CONFIRM_DATES: "Confirm the dates for your visit to {destination}",
    WaitingKind.CHANGE_REQUEST: "Change your request to {destination} and send it again",
    WaitingKind.CHECK_OFFER: "Check an offer of {destination}",
    WaitingKind.CHANGE_OFFER: "Change your offer and send it again",
    WaitingKind.HELP: "Help: {shadow} waits for an answer about {destination}",
}


@dataclass(frozen=True)
class Card:
    """One thing that waits: what is asked, by when, since when, for whom, and the one place to go."""

    title: str
    url: str
    due: dt.date | None
    sentence: str
    origin: Department | None
    destination: Department | None


def awaiting(person: Person, kinds: Iterable[str] | None = None) -> WaitingItemQuerySet:
    """What waits for ``person``: their own, those they deputise for, and answers they owe as co-host."""
    co_hosted = Request.objects.filter(status=RequestStatus.WITH_HOST, offer__co_hosts=person)
    as_co_host = WaitingItem.objects.open().filter(
        kind=WaitingKind.HOST_ANSWER, subject_type=REQUEST, subject_id__in=co_hosted.values("pk")
    )
    mine = WaitingItem.objects.awaiting(person)
    either = mine.order_by().values("pk").union(as_co_host.order_by().values("pk"))
    items = WaitingItem.objects.filter(pk__in=either).select_related("owner")
    return items.filter(kind__in=list(kinds)) if kinds is not None else items


def cards_of(items: Sequence[WaitingItem], person: Person, *, back_to: str = "") -> list[Card]:
    """The cards of ``items`` in their order; two queries however many there are."""
    requests = Request.objects.for_rows().in_bulk(_subjects(items, REQUEST))
    offers = Offer.objects.for_cards().in_bulk(_subjects(items, OFFER))
    return [
        _card(item, person, subject, back_to)
        for item in items
        if (subject := requests.get(item.subject_id) or offers.get(item.subject_id)) is not None
    ]


def _subjects(items: Sequence[WaitingItem], subject_type: str) -> list[Any]:
    return [item.subject_id for item in items if item.subject_type == subject_type]


def _card(item: WaitingItem, person: Person, subject: Request | Offer, back_to: str) -> Card:
    offer = subject.offer if isinstance(subject, Request) else subject
    names = {"destination": offer.department.name, "host": offer.host.full_name, "shadow": ""}
    if isinstance(subject, Request):
        names["shadow"] = subject.shadow.full_name
    return Card(
        title=TITLES[item.kind].format(**names),
        url=_url(item, subject, back_to),
        due=item.due_on,
        sentence=" ".join(_sentences(item, person, subject)),
        origin=subject.origin if isinstance(subject, Request) else None,
        destination=offer.department if isinstance(subject, Request) else None,
    )


def _sentences(item: WaitingItem, person: Person, subject: Request | Offer) -> Iterable[str]:
    if isinstance(subject, Request):
        days = day_range(subject.window_starts, subject.window_ends)
        yield f"{subject.offer.title}: {days}, {half_days(subject.half_days)}."
    else:
        yield f"{subject.title}."
    yield f"Waiting since {day(item.since)}."
    if item.owner_id != person.pk:
        because = "you host with them" if item.kind == WaitingKind.HOST_ANSWER else "you are the deputy"
        yield f"For {item.owner.full_name}: {because}."


def _url(item: WaitingItem, subject: Request | Offer, back_to: str) -> str:
    if item.kind in (WaitingKind.MANAGER_DECISION, WaitingKind.HOST_MANAGER_DECISION):
        address = reverse("shadowing:request-decide", args=[subject.pk])
        return f"{address}?next={back_to}" if back_to else address
    if item.kind == WaitingKind.CHANGE_REQUEST:
        return reverse("shadowing:request-edit", args=[subject.pk])
    if item.kind == WaitingKind.CHANGE_OFFER:
        return reverse("shadowing:offer-edit", args=[subject.pk])
    return subject.get_absolute_url()
