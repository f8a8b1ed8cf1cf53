"""The list on the desk as CSV: the same items in the same order, on all its pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from accounts.safe_csv import BOM, lines
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.desk_filter import KINDS, StuckFilter
from coordination.pages.desk_list import all_rows
from coordination.pages.stuck import StuckCard, cards_of
from shadowing.offers.filters import Directory

COLUMNS = (
    "What",
    "Offer",
    "What is missing",
    "Person asked",
    "Email",
    "From",
    "To",
    "Since",
    "Due",
    "Days overdue",
    "Reminders sent",
    "Why it is here",
    "Address",
)


def waiting_file(scope: CoordinatorScope, wanted: StuckFilter, directory: Directory) -> bytes:
    """Return the items that the filter selects, one line each, in its order."""
    rows = (_line(card) for chunk in all_rows(scope, wanted, directory) for card in cards_of(chunk, scope))
    return BOM + lines([COLUMNS, *rows])


def _line(card: StuckCard) -> Iterator[object]:
    item = card.item
    yield from (card.title, card.about, KINDS.get(item.kind, item.kind))
    yield from (item.owner.full_name, item.owner.email)
    yield from (card.origin.name if card.origin else "", card.destination.name)
    yield timezone.localdate(item.since).isoformat()
    yield item.due_on.isoformat() if item.due_on else ""
    yield max((timezone.localdate() - item.due_on).days, 0) if item.due_on else ""
    yield from (item.reminders_sent, ", ".join(card.tags), f"{settings.SITE_URL}{card.url}")
