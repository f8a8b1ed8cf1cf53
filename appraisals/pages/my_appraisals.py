"""The list of one's own appraisals, and a count of those that one is the appraiser of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Person, WaitingItem
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle
from appraisals.pages.progress import WhereNow, where_now
from appraisals.pages.sides import Sides

YEARS = 20


@dataclass(frozen=True)
class Team:
    """The number of appraisals that the viewer leads in this cycle, and how many have no conversation yet."""

    number: int
    not_talked: int


def appraisal_list_context(person: Person) -> dict[str, Any]:
    """Return the template context of the list."""
    cycle = Cycle.objects.at(timezone.localdate())
    rows = Appraisal.objects.filter(person=person).select_related(
        "person__line_manager", "appraiser", "cycle", "appraiser_signed_by"
    )
    mine = list(rows.order_by("-cycle__starts_on")[:YEARS])
    present = next((appraisal for appraisal in mine if appraisal.cycle == cycle), None)
    return {
        "cycle": cycle,
        "present": present,
        "where": _where(present, person) if present else None,
        "others": [appraisal for appraisal in mine if appraisal is not present],
        "team": _team(person, cycle),
        "section": "appraisals:list",
    }


def _where(appraisal: Appraisal, person: Person) -> WhereNow:
    objectives = list(appraisal.objectives.not_dropped())
    items = list(WaitingItem.objects.about(appraisal).open().select_related("owner"))
    return where_now(appraisal, Sides.of(appraisal, person), objectives, items)


def _team(person: Person, cycle: Cycle | None) -> Team | None:
    if cycle is None:
        return None
    theirs = Appraisal.objects.visible_to(person).filter(cycle=cycle, person__is_active=True)
    rows = theirs.exclude(person=person).exclude(status=AppraisalStatus.EXEMPT).order_by()
    counted = rows.aggregate(number=Count("pk"), not_talked=Count("pk", filter=Q(talk_on=None)))
    return Team(**counted) if counted["number"] else None
