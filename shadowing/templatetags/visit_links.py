"""Template tag for links to visits, on pages of lower apps that do not know visits."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import template

from accounts.models import Person
from appraisals.pages.activities import ActivityRow
from shadowing.models import Placement

register = template.Library()


@register.simple_tag
def openable_visits(person: Person, rows: Sequence[ActivityRow]) -> set[UUID]:
    """Return the ids of those visits behind ``rows`` whose page ``person`` may open."""
    sources = [row.activity.source for row in rows]
    if not sources:
        return set()
    visible = Placement.objects.visible_to(person).filter(pk__in=sources)
    return set(visible.order_by().values_list("pk", flat=True))
