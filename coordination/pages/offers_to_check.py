"""Offers in a coordinator's scope that wait to be checked before they open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.days import day, from_today
from coordination.pages.coordinator_scope import CoordinatorScope
from departments.models import Department
from shadowing.enums import OfferStatus
from shadowing.models import Offer
from shadowing.models.offer import OfferQuerySet

FIRST = 3


@dataclass(frozen=True)
class OfferToCheck:
    """One offer in the list; ``again`` is true when it had been sent back before."""

    title: str
    url: str
    department: Department
    host: str
    since: str
    again: bool


@dataclass(frozen=True)
class OffersPreview:
    """The first rows of a list, and the number of rows as text."""

    rows: list[OfferToCheck]
    count: str
    more: bool


def to_check(scope: CoordinatorScope) -> OfferQuerySet:
    """Return all offers to check, longest waiting first."""
    offers = scope.offers().filter(status=OfferStatus.AWAITING_CHECK)
    return (
        offers.select_related("department", "host").defer("search", "key_words").order_by("changed_at", "pk")
    )


def rows_to_check(offers: Iterable[Offer]) -> list[OfferToCheck]:
    """Return the list rows of ``offers``."""
    return [
        OfferToCheck(
            title=offer.title,
            url=offer.get_absolute_url(),
            department=offer.department,
            host=offer.host.full_name,
            since=f"Handed in on {day(offer.changed_at)} ({from_today(offer.changed_at.date())})",
            again=bool(offer.check_note),
        )
        for offer in offers
    ]


def first_to_check(scope: CoordinatorScope) -> OffersPreview:
    """Return the offers that wait longest; takes one query."""
    found = rows_to_check(to_check(scope)[: FIRST + 1])
    more = len(found) > FIRST
    return OffersPreview(found[:FIRST], counted(len(found[:FIRST]), more=more), more)


def counted(number: int, *, more: bool) -> str:
    """Return a number for a heading: "3", or "more than 20" where the rest was not counted."""
    return f"more than {number}" if more else str(number)
