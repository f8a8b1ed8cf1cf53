"""Template tags for offers on department pages, whose app is below this one and cannot import it."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count

from departments.models import Department
from departments.pages.outline import Node
from shadowing.models import Offer
from shadowing.offers.filters import Directory
from shadowing.offers.pages.offer_cards import cards_of

register = template.Library()
SHOWN = 6


@register.simple_tag
def open_offer_counts(roots: list[Node]) -> dict[int, int]:
    """Return the number of open offers of each department shown, its teams included; one query."""
    counted = Offer.objects.listed().order_by().values("department").annotate(number=Count("pk"))
    own = {row["department"]: row["number"] for row in counted}
    totals: dict[int, int] = {}
    for root in roots:
        _add_up(root, own, totals)
    return totals


def _add_up(node: Node, own: dict[int, int], totals: dict[int, int]) -> int:
    totals.update({team.pk: own.get(team.pk, 0) for team in node.teams})
    below = sum(_add_up(unit, own, totals) for unit in node.units) + sum(
        totals[team.pk] for team in node.teams
    )
    totals[node.department.pk] = own.get(node.department.pk, 0) + below
    return totals[node.department.pk]


@register.filter
def of(counts: dict[int, int], department: Department) -> int:
    """Return the count of one department."""
    return counts.get(department.pk, 0)


@register.inclusion_tag("departments/offers.html")
def open_offers_of(department: Department) -> dict[str, Any]:
    """Return the newest open offers of a department and its teams, and how many there are."""
    directory = Directory()
    branch = directory.branch(department.code)
    offers = Offer.objects.listed().filter(department__in=branch)
    number = offers.count()
    cards = cards_of(offers.order_by("-opened_at", "-pk")[:SHOWN], directory) if number else []
    return {"department": department, "cards": cards, "number": number, "more": number > len(cards)}
