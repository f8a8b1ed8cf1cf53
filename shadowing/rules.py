"""The scheme's rules, asked about one person and one visit. Each answer is a sentence, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q, Sum
from django.utils import timezone

from accounts.days import day
from accounts.models import Person
from appraisals.models import Cycle
from departments.models import Department
from shadowing.enums import OfferStatus, PlacementStatus
from shadowing.models import Offer, Placement, Request, Session, Visit

Times = tuple[dt.datetime, dt.datetime]

AGAINST = "The rules speak against it. This is what {name} would read: “{sentence}”"
NOT_OPEN = {
    OfferStatus.DRAFT: "This offer is not open yet.",
    OfferStatus.AWAITING_CHECK: "This offer is not open yet.",
    OfferStatus.PAUSED: "This offer is paused at the moment. Look for another one, or come back later.",
    OfferStatus.CLOSED: "This offer is closed. Look for another one.",
}


def days_of(times: Iterable[Times]) -> tuple[dt.date, dt.date]:
    """First and last day, in the organisation's zone, of some visits."""
    times = list(times)
    first = min(timezone.localtime(start) for start, _ in times)
    last = max(timezone.localtime(end) for _, end in times)
    return first.date(), last.date()


def bounds_of_cycle(on: dt.date) -> tuple[dt.date, dt.date]:
    """The appraisal cycle ``on`` falls in; the academic year from August where there is none."""
    cycle = Cycle.objects.at(on)
    if cycle is not None:
        return cycle.starts_on, cycle.ends_on
    year = on.year if on.month >= 8 else on.year - 1
    return dt.date(year, 8, 1), dt.date(year + 1, 7, 31)


def half_days_used(person: Person, on: dt.date, *, besides: Placement | None = None) -> int:
    """Half-days of ``person``'s placements that count in the cycle of ``on``, without those of ``besides``.

    What was missed without excuse or called off too late counts as well; the day it would have been says in
    which cycle.
    """
    first, last = bounds_of_cycle(on)
    days = Q(stands=True) | Q(took_place=False) | Q(placement__status=PlacementStatus.CANCELLED)
    in_cycle = Visit.objects.filter(days, shadow=person, starts_at__date__range=(first, last))
    placements = Placement.objects.filter(counts=True, pk__in=in_cycle.values("placement"))
    if besides is not None:
        placements = placements.exclude(pk=besides.pk)
    return placements.aggregate(total=Sum("half_days"))["total"] or 0


def clash(
    person: Person,
    times: Iterable[Times],
    *,
    besides: Request | None = None,
    moving: Placement | None = None,
) -> str | None:
    """A sentence if ``person`` is already somewhere else then, as shadow or as host.

    A host may receive several people at once in one session: that of ``besides`` is left out, and so are the
    dates of the visit that is being moved.
    """
    overlapping = Q(pk__in=[])
    for start, end in times:
        overlapping |= Q(starts_at__lt=end, ends_at__gt=start)
    hosting = Q(placement__host=person)
    if besides is not None:
        hosting &= ~Q(placement__request__session=besides.session)
    visits = Visit.objects.filter(overlapping, Q(shadow=person) | hosting, stands=True)
    if moving is not None:
        visits = visits.exclude(placement=moving)
    visit = visits.order_by("starts_at").first()
    if visit is None:
        return None
    return f"{person.full_name} already has an agreed visit at that time ({day(visit.starts_at)})."


def refusals(request: Request) -> list[str]:
    """Every reason why ``request`` cannot be sent now; empty when it can."""
    return [
        *offer_refusals(request.offer, request.session),
        *_person_refusals(request),
        *_limits(request),
    ]


def entry_refusals(request: Request) -> list[str]:
    """Why the shadow cannot ask for this visit whatever the dates: said instead of showing the form."""
    return [
        *offer_refusals(request.offer),
        *_person_refusals(request),
        *_length_refusal(request),
    ]


def offer_refusals(offer: Offer, session: Session | None = None) -> Iterator[str]:
    """Why nobody can ask for ``offer`` (or this session of it) now."""
    today = timezone.localdate()
    if offer.status in NOT_OPEN:
        yield NOT_OPEN[OfferStatus(offer.status)]
    elif not offer.department.is_open:
        yield f"{offer.department.name} does not take part at the moment."
    elif not (offer.host.is_active or offer.co_hosts.active().exists()):
        yield f"{offer.host.full_name} has left, and nobody else hosts this visit at the moment."
    elif offer.deadline is not None and offer.deadline < today:
        yield f"The last day to apply was {day(offer.deadline)}."
    elif session is not None and not Session.objects.to_come().filter(pk=session.pk).exists():
        yield "This session is over or was called off. Choose another one."


def own_department(origin: Department, offer: Offer) -> bool:
    """Whether the offer is in the same department, teams of it included."""
    return origin.unit == offer.department.unit


def person_refusals(person: Person, origin: Department, offer: Offer) -> Iterator[str]:
    """Why ``person`` cannot ask for ``offer`` whatever the dates."""
    scheme = offer.scheme
    if person == offer.host or person in offer.co_hosts.all():
        yield "You host this visit yourself."
    elif not scheme.own_department_allowed and own_department(origin, offer):
        yield f"This visit is in your own department, {origin.unit.name}. The scheme is for visits to others."
    if scheme.probation_passed and person.probation_end and person.probation_end >= timezone.localdate():
        yield "Visits are open to you once your probation has ended."


def _person_refusals(request: Request) -> Iterator[str]:
    yield from person_refusals(request.shadow, request.origin, request.offer)
    others = Request.objects.filter(shadow=request.shadow).exclude(pk=request.pk)
    if others.live().filter(offer=request.offer).exists():
        yield "You have asked for this visit already."
    allowed = request.offer.scheme.live_requests
    if others.under_way().count() >= allowed:
        yield f"You have {allowed} requests under way already. Wait for an answer, or withdraw one."


def _limits(request: Request) -> Iterator[str]:
    if request.window_starts < timezone.localdate():
        yield "The first day you would like is in the past."
    yield from _length_refusal(request)
    yield from cap_refusal(request, request.window_starts)
    yield from _window_refusals(request)


def _length_refusal(request: Request) -> Iterator[str]:
    scheme = request.offer.scheme
    if not scheme.shortest_half_days <= request.half_days <= scheme.longest_half_days:
        yield (
            f"A visit takes {scheme.shortest_half_days} to {scheme.longest_half_days} half-days; "
            f"this one takes {request.half_days}."
        )


def cap_refusal(request: Request, on: dt.date) -> Iterator[str]:
    """A sentence if the visit would go over the cap of the cycle ``on`` falls in."""
    cap, used = request.offer.scheme.cap_half_days, half_days_used(request.shadow, on)
    if used + request.half_days > cap:
        yield (
            f"The scheme allows {cap} half-days a year; {used} are agreed already "
            f"and this visit takes {request.half_days}."
        )


def other_cycle_refusal(placement: Placement, on: dt.date) -> str | None:
    """A sentence if ``on`` takes ``placement`` into another cycle whose cap has no room for it."""
    first = placement.visits.filter(stands=True).order_by("starts_at").first()
    if first is None or bounds_of_cycle(timezone.localdate(first.starts_at)) == bounds_of_cycle(on):
        return None
    cap = placement.request.offer.scheme.cap_half_days
    used = half_days_used(placement.shadow, on, besides=placement)
    if used + placement.half_days <= cap:
        return None
    return (
        f"These dates lie in another year, for which {used} of {cap} half-days are agreed already; "
        f"this visit takes {placement.half_days}."
    )


def _window_refusals(request: Request) -> Iterator[str]:
    session = request.session
    first, last = days_of([(session.starts_at, session.ends_at)])
    if not (first <= request.window_starts and request.window_ends <= last):
        yield "The days you would like lie outside what this offer is open for."
    if not session.by_arrangement:
        sentence = clash(request.shadow, [(session.starts_at, session.ends_at)])
        if sentence:
            yield sentence
