"""Cards of the offers page, computed in Python because templates are slow for twenty cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.days import day_range, half_days, when
from shadowing.enums import OfferFormat, OfferKind
from shadowing.models import Offer, Session
from shadowing.offers.filters import Directory, Node

KINDS = {kind.value: kind.label for kind in OfferKind}
FORMATS = {form.value: form.label for form in OfferFormat}


@dataclass(frozen=True)
class Card:
    """One offer in a list, as text."""

    url: str
    title: str
    summary: str
    department: Node
    when: str
    places: str
    length: str
    place: str
    online: bool


@dataclass
class _Dates:
    """The next date that has a place, else the first one; ``free`` are its places, not those of all dates."""

    first: str = ""
    count: int = 0
    free: int = 0


def cards_of(offers: Iterable[Offer], directory: Directory) -> list[Card]:
    """Return the cards of ``offers``; their sessions are loaded in one query."""
    offers = list(offers)
    dates = _dates_of([offer.pk for offer in offers])
    return [_card(offer, dates.get(offer.pk, _Dates()), directory) for offer in offers]


def _dates_of(offers: list[UUID]) -> dict[UUID, _Dates]:
    found: dict[UUID, _Dates] = {}
    sessions = Session.objects.to_come().filter(offer__in=offers).order_by("starts_at")
    columns = ("offer_id", "by_arrangement", "starts_at", "ends_at", "places", "taken")
    for offer, by_arrangement, starts_at, ends_at, places, taken in sessions.values_list(*columns):
        dates = found.setdefault(offer, _Dates())
        dates.count += 1
        if dates.count == 1 or (not dates.free and places > taken):
            dates.free = max(0, places - taken)
            said = f"By arrangement, {day_range(starts_at, ends_at)}"
            dates.first = said if by_arrangement else when(starts_at, ends_at)
    return found


def _card(offer: Offer, dates: _Dates, directory: Directory) -> Card:
    site = directory.sites.get(offer.site_id or 0, "")
    summary = str(getattr(offer, "summary", "")).strip()
    shown = summary[:180].rsplit(" ", 1)[0] + "…" if len(summary) > 180 else summary
    return Card(
        url=offer.get_absolute_url(),
        title=offer.title,
        summary=shown,
        department=directory.departments[offer.department_id],
        when=_with_others(dates),
        places=places_left(dates.free),
        length=f"{half_days(offer.half_days).capitalize()}, {KINDS[offer.kind].lower()}",
        place=f"{FORMATS[offer.format]}{', ' if site else ''}{site}",
        online=offer.format == OfferFormat.REMOTE,
    )


def _with_others(dates: _Dates) -> str:
    others = dates.count - 1
    if others <= 0:
        return dates.first
    return f"{dates.first}, and {others} more date{'s' if others > 1 else ''}"


def places_left(free: int) -> str:
    """Return how many places are left, in words."""
    if free <= 0:
        return "Full, with a waiting list"
    return "1 place left" if free == 1 else f"{free} places left"
