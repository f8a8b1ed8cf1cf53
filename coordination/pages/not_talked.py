"""The people who have no conversation about shadowing in the open cycle, by manager, without any text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.days import day
from accounts.free_text import one_line
from accounts.models import Person
from appraisals.models import Appraisal, Cycle
from appraisals.models.appraisal import AppraisalQuerySet
from appraisals.policies import appraiser_of
from appraisals.workflow.talk_nudges import PAUSE, last_nudges, not_talked
from shadowing.offers.filters import INDENT, Directory, render_options

SIZE = 50
MOST_COUNTED = 1000
MOST_NAMED = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class NotTalkedRow:
    """One person without a conversation; ``why_not`` says why their manager cannot be reminded now."""

    key: uuid.UUID
    name: str
    department: str
    manager: str
    reminded: str
    why_not: str


def not_talked_context(viewer: Person, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the template context of the page; the number of queries does not depend on its length."""
    cycle, directory = Cycle.objects.at(timezone.localdate()), Directory()
    known = {node.code for node in directory.departments.values()}
    q, department = one_line(query.get("q", ""))[:200], query.get("department", "")
    kept = {"q": q, "department": department if department in known else ""}
    kept = {name: value for name, value in kept.items() if value}
    outline = [(node.code, INDENT * depth + node.name) for depth, node in directory.outline]
    context: dict[str, Any] = {
        "cycle": cycle,
        "words": q,
        "departments": render_options([("", "Any"), *outline], kept.get("department", "")),
        "narrowed": bool(kept),
        "pause": PAUSE.days,
        "ticked": query.get("tick") == "page",
    }
    return context | (_page(cycle, directory, viewer, query, kept) if cycle else {})


def _page(
    cycle: Cycle, directory: Directory, viewer: Person, query: Mapping[str, str], kept: dict[str, str]
) -> dict[str, Any]:
    address, after = reverse("coordination:not-talked"), query.get("after", "")
    found = _narrowed(not_talked(cycle), directory, kept)
    beyond = _beyond(after)
    ordered = found.order_by(F("appraiser").asc(nulls_last=True), "pk")
    related = ordered.select_related("person__line_manager", "appraiser", "department")
    rows = list((related.filter(beyond) if beyond is not None else related)[: SIZE + 1])
    more, rows = len(rows) > SIZE, rows[:SIZE]
    number = found.order_by()[:MOST_COUNTED].count()
    tick = {} if query.get("tick") == "page" else {"tick": "page"}
    here = kept | ({"after": after} if beyond is not None else {})
    return {
        "rows": _rows(rows, viewer),
        "count": f"{MOST_COUNTED:,} or more" if number >= MOST_COUNTED else f"{number:,}",
        "next_url": _address(address, {**kept, "after": _position(rows[-1])}) if more else "",
        "first_url": _address(address, kept) if beyond is not None else "",
        "here": _address(address, here),
        "tick_url": _address(address, here | tick),
    }


def _narrowed(found: AppraisalQuerySet, directory: Directory, kept: Mapping[str, str]) -> AppraisalQuerySet:
    if "department" in kept:
        found = found.filter(department__in=directory.branch(kept["department"]))
    if "q" in kept:
        named = Person.objects.named(kept["q"]).order_by("pk").values_list("pk", flat=True)
        people = list(named[:MOST_NAMED])
        found = found.filter(Q(person__in=people) | Q(appraiser__in=people))
    return found


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _position(appraisal: Appraisal) -> str:
    return f"{appraisal.appraiser_id or ''}_{appraisal.pk}"


def _beyond(text: str) -> Q | None:
    """Return the filter for what comes after a position; None if it is no position."""
    manager, _, key = text.partition("_")
    try:
        pk = uuid.UUID(key)
    except ValueError:
        return None
    if not manager:
        return Q(appraiser__isnull=True, pk__gt=pk)
    if not manager.isascii() or not manager.isdigit() or int(manager[:40]) > LARGEST_ID:
        return None
    at = int(manager)
    return Q(appraiser__gt=at) | Q(appraiser=at, pk__gt=pk) | Q(appraiser__isnull=True)


def _rows(appraisals: Sequence[Appraisal], viewer: Person) -> list[NotTalkedRow]:
    managers = {appraisal.pk: appraiser_of(appraisal) for appraisal in appraisals}
    last = last_nudges(manager.pk for manager in managers.values() if manager)
    rows = []
    for appraisal in appraisals:
        manager = managers[appraisal.pk]
        at = last.get(manager.pk) if manager else None
        rows.append(
            NotTalkedRow(
                key=appraisal.pk,
                name=appraisal.person.full_name,
                department=appraisal.department.name if appraisal.department else "",
                manager=manager.full_name if manager else "",
                reminded=day(at) if at else "",
                why_not=_why_not(appraisal, manager, viewer),
            )
        )
    return rows


def _why_not(appraisal: Appraisal, manager: Person | None, viewer: Person) -> str:
    if appraisal.person_id == viewer.pk:
        return "This is you."
    if manager is None or not manager.is_active:
        return "Nobody appraises them at the moment."
    return "You are their manager." if manager == viewer else ""
