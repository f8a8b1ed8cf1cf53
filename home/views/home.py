"""The front page (waiting items, own requests, visits made and received), and the list of own requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.days import when
from accounts.models import Person
from accounts.pages.paging import page_of
from accounts.views.viewer import viewer
from home.pages.announcements import announcements_for
from home.pages.inbox import awaiting, cards_of
from shadowing.enums import LIVE, PlacementStatus, RequestStatus
from shadowing.models import Participation, Placement, Request, Visit
from shadowing.rules.progress import ProgressStrip, crossing_of, open_items, request_progress

CARDS, ROWS, SHOWN = 6, 5, 20
COMING = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE, PlacementStatus.TO_REFLECT)
# An agreed request is left out, because its visit is shown.
LIVE_NOT_AGREED = tuple(state for state in LIVE if state != RequestStatus.AGREED)


@dataclass(frozen=True)
class RequestRow:
    """One request of the viewer, with its progress."""

    record: Request
    whereabouts: ProgressStrip
    crossing: str


@dataclass(frozen=True)
class VisitRow:
    """One agreed placement, its next date in words, and the number of further dates."""

    placement: Placement
    when: str
    more: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the front page.

    All its lists are limited, so that its cost does not grow with a person's records.
    """
    person = viewer(request)
    items = list(awaiting(person).order_by("since", "pk")[: CARDS + 1])
    mine = list(_my_requests(person).filter(status__in=LIVE_NOT_AGREED)[: ROWS + 1])
    visits = visit_rows(person)
    context = {
        "announcements": announcements_for(person, timezone.localdate()),
        "cards": cards_of(items[:CARDS], person),
        "more_cards": len(items) > CARDS,
        "requests": request_rows(mine[:ROWS]),
        "more_requests": len(mine) > ROWS,
        "as_shadow": [row for row in visits if row.placement.shadow_id == person.pk][:ROWS],
        "as_host": [row for row in visits if row.placement.shadow_id != person.pk][:ROWS],
        "first_name": person.get_short_name(),
    }
    context["is_new"] = not (items or mine or visits)
    return render(request, "home/home.html", context)


@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    """Show all requests of the viewer, newest first."""
    page = page_of(request, _my_requests(viewer(request)), by="-created_at", size=SHOWN)
    context = {"requests": request_rows(page.rows), "page": page, "section": "home:home"}
    return render(request, "home/home_requests.html", context)


def _my_requests(person: Person) -> QuerySet[Request]:
    return (
        Request.objects.for_rows()
        .select_related("placement")
        .filter(shadow=person)
        .order_by("-created_at", "-pk")
    )


def request_rows(requests: Sequence[Request]) -> list[RequestRow]:
    """Return a row with its progress strip for each request; takes one query."""
    items = open_items(requests)
    return [
        RequestRow(record, request_progress(record, items.get(record.pk)), crossing_of(record))
        for record in requests
    ]


def visit_rows(person: Person) -> list[VisitRow]:
    """Return the visits of ``person`` as shadow or host, next date first.

    Keys are found first and records loaded by key: in a single joined query the database would read every
    placement.
    """
    dates = {date.pop("pk"): date for date in _upcoming(person)}
    placements = Placement.objects.for_rows().prefetch_related(None).select_related("destination")
    found = placements.select_related("request__offer__scheme").in_bulk(list(dates))
    return [
        VisitRow(
            placement=found[pk],
            when=when(date["starts_at"], date["ends_at"]),
            more=max(0, (date["ahead"] or 0) - 1),
        )
        for pk, date in dates.items()
    ]


def _upcoming(person: Person) -> list[dict[str, Any]]:
    """Return the unfinished placements of ``person`` in any role, with their next (or last) date."""
    mine = Participation.objects.active().filter(person=person, placement__status__in=COMING)
    dates = Visit.objects.filter(placement=OuterRef("pk"), stands=True)
    ahead = dates.filter(ends_at__gte=timezone.now())
    first, last = ahead.order_by("starts_at"), dates.order_by("-starts_at")
    rows = Placement.objects.filter(pk__in=mine.order_by().values("placement")).annotate(
        next_at=Subquery(first.values("starts_at")[:1]),
        starts_at=Coalesce("next_at", Subquery(last.values("starts_at")[:1])),
        ends_at=Coalesce(Subquery(first.values("ends_at")[:1]), Subquery(last.values("ends_at")[:1])),
        ahead=Subquery(ahead.order_by().values("placement").annotate(n=Count("pk")).values("n")),
    )
    in_order = rows.order_by(F("next_at").asc(nulls_last=True), "pk")
    return [dict(row) for row in in_order.values("pk", "starts_at", "ends_at", "ahead")[: 4 * ROWS]]
