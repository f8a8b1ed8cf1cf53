"""Checks of the scheme's rules for one person and one visit; each returns sentences for the user."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.days import day
from accounts.models import Person
from appraisals.models import Cycle
from departments.models import Department
from shadowing.enums import OfferStatus, PlacementStatus
from shadowing.models import Offer, Placement, Request, Session, Visit
from shadowing.rules.durations import (
    approved_minutes,
    asked_minutes,
    counted_half_days,
    counted_if_agreed,
    fits_approved,
    half_days_of,
    minutes_in,
    minutes_of,
    placement_approved_minutes,
)

Times = tuple[dt.datetime, dt.datetime]

AGAINST = "The rules speak against it. This is what {name} would read: “{sentence}”"
CAP = "The scheme allows {cap} half-days a year; {used} are agreed already and this visit takes {takes}."
ASKED_ALREADY = "You have asked for this visit already."
LONGEST = "A visit takes {longest} half-days at most; these dates take {takes}."
OTHER_YEAR = (
    "These dates lie in another year, for which {used} of {cap} half-days are agreed already; "
    "this visit takes {takes}."
)
NOT_OPEN = {
    OfferStatus.DRAFT: "This offer is not open yet.",
    OfferStatus.AWAITING_CHECK: "This offer is not open yet.",
    OfferStatus.PAUSED: "This offer is paused at the moment. Look for another one, or come back later.",
    OfferStatus.CLOSED: "This offer is closed. Look for another one.",
}


def days_of(times: Iterable[Times]) -> tuple[dt.date, dt.date]:
    """Return the first and last day, in the organisation's zone, of some dates."""
    times = list(times)
    first = min(timezone.localtime(start) for start, _ in times)
    last = max(timezone.localtime(end) for _, end in times)
    return first.date(), last.date()


def days_begun(times: Iterable[Times]) -> tuple[dt.date, dt.date]:
    """Return the first and last day of some dates, where an overnight date counts by its first day.

    A longer stay counts until its last day.
    """
    times = list(times)
    lasts = [end if end - start >= dt.timedelta(days=1) else start for start, end in times]
    return days_of([*zip((start for start, _ in times), lasts, strict=True)])


def bounds_of_cycle(on: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the appraisal cycle of ``on``; without one, August to July."""
    cycle = Cycle.objects.at(on)
    if cycle is not None:
        return cycle.starts_on, cycle.ends_on
    year = on.year if on.month >= 8 else on.year - 1
    return dt.date(year, 8, 1), dt.date(year + 1, 7, 31)


def half_days_used(person: Person, on: dt.date, *, besides: Placement | None = None) -> int:
    """Return the half-days of ``person`` that count against the cap in the cycle of ``on``.

    Placements missed without excuse or cancelled too late count as well, in the cycle of their planned day.
    ``besides`` is a placement to leave out.
    """
    first, last = bounds_of_cycle(on)
    days = Q(stands=True) | Q(took_place=False) | Q(placement__status=PlacementStatus.CANCELLED)
    visits = Visit.objects.filter(days, shadow=person, starts_at__date__range=(first, last))
    if besides is not None:
        visits = visits.exclude(placement=besides)
    of = [f"placement__{name}" for name in ("pk", "half_days", "approved_minutes", "agreed_minutes")]
    rows = visits.filter(placement__counts=True).order_by().values_list("minutes", *of)
    lengths: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for minutes, *placement in rows:
        lengths[tuple(placement)].append(minutes)
    return sum(half_days_counted(found, *rest) for (_, *rest), found in lengths.items())


def half_days_counted(lengths: Iterable[int], half_days: int, approved: int, agreed: int) -> int:
    """Return the half-days that dates of these minutes use; for placements without minutes, ``half_days``."""
    return counted_half_days(lengths, approved) if agreed else half_days


def clash(
    person: Person,
    times: Iterable[Times],
    *,
    besides: Request | None = None,
    moving: Placement | None = None,
) -> str | None:
    """Return a sentence if ``person`` has another visit at these times, as shadow or as host; else None.

    A host may receive several people at once in one session, so the session of ``besides`` is left out; so
    are the dates of ``moving``, the placement that is being moved.
    """
    overlapping = Q(pk__in=[])
    for start, end in times:
        overlapping |= Q(starts_at__lt=end, ends_at__gt=start)
    hosting = Q(host=person)
    if besides is not None:
        hosting &= ~Q(session=besides.session)
    visits = Visit.objects.filter(overlapping, Q(shadow=person) | hosting, stands=True)
    if moving is not None:
        visits = visits.exclude(placement=moving)
    visit = visits.order_by("starts_at").first()
    if visit is None:
        return None
    return f"{person.full_name} already has an agreed visit at that time ({day(visit.starts_at)})."


def refusals(request: Request) -> list[str]:
    """Return every reason why ``request`` cannot be sent now; empty if it can."""
    return [
        *offer_refusals(request.offer, request.session),
        *_person_refusals(request),
        *_limits(request),
    ]


def entry_refusals(request: Request) -> list[str]:
    """Return why the shadow cannot ask for this visit on any date; shown in place of the form."""
    return [
        *offer_refusals(request.offer),
        *_person_refusals(request),
        *_length_refusal(request),
    ]


def offer_refusals(offer: Offer, session: Session | None = None) -> Iterator[str]:
    """Yield why nobody can request ``offer`` (or this session of it) now."""
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
    """Return whether the offer is in the department of ``origin``, its teams included."""
    return origin.unit == offer.department.unit


def person_refusals(person: Person, origin: Department, offer: Offer) -> Iterator[str]:
    """Yield why ``person`` cannot request ``offer`` on any date."""
    scheme = offer.scheme
    if person == offer.host or person in offer.co_hosts.all():
        yield "You host this visit yourself."
    elif not scheme.own_department_allowed and own_department(origin, offer):
        yield f"This visit is in your own department, {origin.unit.name}. The scheme is for visits to others."
    if scheme.probation_passed and person.probation_end and person.probation_end >= timezone.localdate():
        yield "Visits are open to you once your probation has ended."


def asked_already(request: Request) -> bool:
    """Return whether another request of this person for this offer was sent and is live."""
    others = Request.objects.filter(shadow=request.shadow, offer=request.offer).exclude(pk=request.pk)
    return others.sent().live().exists()


def _person_refusals(request: Request) -> Iterator[str]:
    yield from person_refusals(request.shadow, request.origin, request.offer)
    others = Request.objects.filter(shadow=request.shadow).exclude(pk=request.pk)
    if asked_already(request):
        yield ASKED_ALREADY
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
    takes = half_days_of(asked_minutes(request))
    if not scheme.shortest_half_days <= takes <= scheme.longest_half_days:
        yield (
            f"A visit takes {scheme.shortest_half_days} to {scheme.longest_half_days} half-days; "
            f"this one takes {takes}."
        )


def cap_refusal(request: Request, on: dt.date) -> Iterator[str]:
    """Yield a sentence if the request would exceed the cap of the cycle of ``on``."""
    yield from _over_cap(request, {on: half_days_of(asked_minutes(request))})


def dates_refusal(request: Request, times: Sequence[Times]) -> str | None:
    """Return a sentence if these dates would exceed the cap of a cycle or the longest visit; else None."""
    takes, longest = counted_if_agreed(request, times), request.offer.scheme.longest_half_days
    if takes > longest and not fits_approved(request, times):
        return LONGEST.format(longest=longest, takes=takes)
    approved = max(approved_minutes(request), minutes_in(times))
    return next(_over_cap(request, _by_cycle(times, approved)), None)


def _by_cycle(times: Iterable[Times], approved: int) -> dict[dt.date, int]:
    """Return the half-days of ``times`` in each cycle, by the first day of the cycle."""
    lengths: dict[dt.date, list[int]] = defaultdict(list)
    first, last = dt.date.max, dt.date.min
    for start, end in sorted(times):
        day = timezone.localdate(start)
        if not first <= day <= last:
            first, last = bounds_of_cycle(day)
        lengths[first].append(minutes_of(start, end))
    return {first: counted_half_days(found, approved) for first, found in lengths.items()}


def _over_cap(request: Request, takes: Mapping[dt.date, int]) -> Iterator[str]:
    cap = request.offer.scheme.cap_half_days
    for on, number in takes.items():
        used = half_days_used(request.shadow, on)
        if used + number > cap:
            yield CAP.format(cap=cap, used=used, takes=number)


def move_refusal(
    placement: Placement, kept: Sequence[Times], left: Sequence[Times], times: Sequence[Times]
) -> str | None:
    """Return a sentence if replacing ``left`` by ``times`` exceeds the longest visit or a cap; else None.

    ``kept`` are the dates that stay.
    """
    scheme, after = placement.request.offer.scheme, [*kept, *times]
    was = placement_approved_minutes(placement)
    approved = max(was, minutes_in(after))
    takes = counted_half_days((minutes_of(*time) for time in after), approved)
    if takes > scheme.longest_half_days and minutes_in(after) > was:
        return LONGEST.format(longest=scheme.longest_half_days, takes=takes)
    before = _by_cycle([*kept, *left], was)
    for on, number in _by_cycle(after, approved).items():
        used = half_days_used(placement.shadow, on, besides=placement)
        if number > before.get(on, 0) and used + number > scheme.cap_half_days:
            sentence = CAP if on in before else OTHER_YEAR
            return sentence.format(cap=scheme.cap_half_days, used=used, takes=number)
    return None


def _window_refusals(request: Request) -> Iterator[str]:
    session = request.session
    first, last = days_of([(session.starts_at, session.ends_at)])
    if not (first <= request.window_starts and request.window_ends <= last):
        yield "The days you would like lie outside what this offer is open for."
    if not session.by_arrangement:
        sentence = clash(request.shadow, [(session.starts_at, session.ends_at)])
        if sentence:
            yield sentence
