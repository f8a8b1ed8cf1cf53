"""Offers that wait to be checked before they open, where somebody coordinates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.days import day, from_today
from coordination.pages.coordinator_scope import Remit
from departments.models import Department
from shadowing.enums import OfferStatus
from shadowing.models import Offer
from shadowing.models.offer import OfferQuerySet

FIRST = 3


@dataclass(frozen=True)
class ToCheck:
    """One offer as the list shows it; ``again`` once it had been sent back."""

    title: str
    url: str
    department: Department
    host: str
    since: str
    again: bool


@dataclass(frozen=True)
class Some:
    """The first of a list, and how many there are as far as they were counted."""

    rows: list[ToCheck]
    count: str
    more: bool


def to_check(remit: Remit) -> OfferQuerySet:
    """All of them, the longest waiting first."""
    offers = remit.offers().filter(status=OfferStatus.AWAITING_CHECK)
    return (
        offers.select_related("department", "host").defer("search", "key_words").order_by("changed_at", "pk")
    )


def rows_to_check(offers: Iterable[Offer]) -> list[ToCheck]:
    """What the list shows of ``offers``."""
    return [
        ToCheck(
            title=offer.title,
            url=offer.get_absolute_url(),
            department=offer.department,
            host=offer.host.full_name,
            since=f"Handed in on {day(offer.changed_at)} ({from_today(offer.changed_at.date())})",
            again=bool(offer.check_note),
        )
        for offer in offers
    ]


def first_to_check(remit: Remit) -> Some:
    """Those that wait longest: one query."""
    found = rows_to_check(to_check(remit)[: FIRST + 1])
    more = len(found) > FIRST
    return Some(found[:FIRST], counted(len(found[:FIRST]), more=more), more)


def counted(number: int, *, more: bool) -> str:
    """A number for a heading: "3", or "more than 20" where the rest was not counted."""
    return f"more than {number}" if more else str(number)
