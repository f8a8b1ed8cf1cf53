"""Failed background work, shown in plain words on the desk of the coordinators concerned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import batch
from accounts.days import moment
from accounts.models import FailedItem
from coordination.pages.coordinator_scope import OFFER, REQUEST, CoordinatorScope
from shadowing.models import Offer, Placement, Request

SHOWN = 10
PLACEMENT = Placement._meta.label_lower
OTHERWISE = "Something in the background did not work"
ONCE = "The site does not try it again by itself."
AGAIN = "The site tries again on {moment}."
SOON = "The site tries again in a few minutes."


@dataclass(frozen=True)
class FailedRow:
    """One failed item: what failed, for which visit or offer, since when, and what happens next."""

    sentence: str
    about: str
    url: str
    when: str
    next: str
    reference: str


def failed_items(scope: CoordinatorScope) -> list[FailedRow]:
    """Return the newest failed items of the scope.

    Items of no visit or offer go to people who run a scheme.
    """
    items = list(_items_in_scope(scope)[:SHOWN])
    about = _subjects(items)
    return [_row(item, about) for item in items]


def _items_in_scope(scope: CoordinatorScope) -> QuerySet[FailedItem]:
    present = FailedItem.objects.current()
    if scope.everywhere:
        return present
    branch, schemes = scope.branch, scope.schemes
    requests = Request.objects.filter(
        Q(origin__in=branch) | Q(offer__department__in=branch) | Q(offer__scheme__in=schemes)
    )
    asked = requests.filter(pk=OuterRef("subject_id"))
    agreed = requests.filter(placement=OuterRef("subject_id"))
    offered = scope.offers().filter(pk=OuterRef("subject_id"))
    mine = (
        Q(Exists(asked), subject_type=REQUEST)
        | Q(Exists(agreed), subject_type=PLACEMENT)
        | Q(Exists(offered), subject_type=OFFER)
    )
    if schemes:
        mine |= ~Q(subject_type__in=(REQUEST, PLACEMENT, OFFER))
    return present.filter(mine)


def _subjects(items: Iterable[FailedItem]) -> dict[UUID, Request | Placement | Offer]:
    """Return the visits and offers that the items are about, by key."""
    keys: dict[str, list[UUID | None]] = {REQUEST: [], PLACEMENT: [], OFFER: []}
    for item in items:
        keys.get(item.subject_type, []).append(item.subject_id)
    found: dict[UUID, Request | Placement | Offer] = {}
    if keys[REQUEST]:
        found.update(Request.objects.select_related("shadow", "offer__department").in_bulk(keys[REQUEST]))
    if keys[PLACEMENT]:
        rows = Placement.objects.select_related("shadow", "request__offer__department")
        found.update(rows.in_bulk(keys[PLACEMENT]))
    if keys[OFFER]:
        found.update(Offer.objects.select_related("department").in_bulk(keys[OFFER]))
    return found


def _row(item: FailedItem, about: dict[UUID, Request | Placement | Offer]) -> FailedRow:
    job = batch.jobs().get(item.job)
    subject = about.get(item.subject_id) if item.subject_id else None
    times = "once" if item.tries == 1 else f"{item.tries} times"
    return FailedRow(
        sentence=f"{job.sentence if job else OTHERWISE}.",
        about=_named(subject),
        url=subject.get_absolute_url() if subject is not None else "",
        when=f"It was tried {times}, last on {moment(item.last_at)}.",
        next=_next(item, job),
        reference=f"{item.job} {item.key}",
    )


def _next(item: FailedItem, job: batch.Job | None) -> str:
    if job is not None and job.once:
        return ONCE
    later = item.not_before > timezone.now()
    return AGAIN.format(moment=moment(item.not_before)) if later else SOON


def _named(subject: Request | Placement | Offer | None) -> str:
    if subject is None:
        return ""
    if isinstance(subject, Offer):
        return f"{subject.title}, {subject.department.name}"
    offer = subject.offer if isinstance(subject, Request) else subject.request.offer
    return f"{subject.shadow.full_name}’s visit to {offer.department.name}"
