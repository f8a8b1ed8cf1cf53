"""One waiting item on a page of its own, between the items before and after it in the list it came from."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import WaitingItem
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.desk_filter import StuckFilter
from coordination.pages.desk_list import items_in, rows_after
from coordination.pages.figures import overdue_now
from coordination.pages.stuck import cards_of
from shadowing.offers.filters import Directory

DESK = "coordination:desk"


def item_context(
    request: HttpRequest, item: WaitingItem, scope: CoordinatorScope, directory: Directory
) -> dict[str, Any]:
    """Return the template context of the page of ``item``: its card, its neighbours, and the way back."""
    wanted = StuckFilter.of(request.GET, directory)
    kept = {"after": request.GET["after"]} if request.GET.get("after") else {}
    cards = cards_of([item], scope)
    here = wanted.address(reverse("coordination:desk-item", args=[item.pk]), **kept)

    def neighbour(*, backwards: bool) -> str:
        beyond = wanted.beyond(wanted.position_of(item), backwards=backwards)
        rows = rows_after(items_in(scope, wanted, directory), wanted, beyond, 1, backwards=backwards)
        found = next(iter(rows), None)
        address = reverse("coordination:desk-item", args=[found.pk]) if found is not None else ""
        return wanted.address(address, **kept) if address else ""

    return {
        "card": cards[0] if cards else None,
        "answered": item.closed_at is not None,
        "back_url": f"{wanted.address(reverse(DESK), **kept)}#item-{item.pk}",
        "before_url": neighbour(backwards=True),
        "next_url": neighbour(backwards=False),
        "here": here,
        "overdue_count": partial(overdue_now, scope),
    }
