"""Which visits somebody may open: pages of a lower app name visits without knowing of them."""

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
    """Those of the visits behind ``rows`` whose page ``person`` may see."""
    sources = [row.activity.source for row in rows]
    if not sources:
        return set()
    visible = Placement.objects.visible_to(person).filter(pk__in=sources)
    return set(visible.order_by().values_list("pk", flat=True))
