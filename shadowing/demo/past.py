"""Visits written down as records, mostly of the past: nobody can ask the workflow for a day gone by."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from appraisals.models import Appraisal
from shadowing.deciders import Asked
from shadowing.demo import sentences
from shadowing.demo.days import Days, Times, at
from shadowing.enums import Capacity, DecisionRole, Outcome, PlacementStatus, RequestStatus
from shadowing.models import Decision, Offer, Placement, Request, Session, Visit


@dataclass(frozen=True, slots=True)
class Journey:
    """Who went where, when, and what became of it."""

    shadow: Person
    offer: Offer
    session: Session
    times: Times
    status: PlacementStatus = PlacementStatus.COMPLETE
    appraisal: Appraisal | None = None


@dataclass
class Records:
    """The rows of some journeys, to be stored together."""

    requests: list[Request]
    decisions: list[Decision]
    placements: list[Placement]
    visits: list[Visit]
    history: list[HistoryEntry]

    def store(self) -> None:
        """Write all of them."""
        Request.objects.bulk_create(self.requests)
        Decision.objects.bulk_create(self.decisions)
        Placement.objects.bulk_create(self.placements)
        Visit.objects.bulk_create(self.visits)
        HistoryEntry.objects.bulk_create(self.history)
        self._date_back()

    def _date_back(self) -> None:
        """The database layer stamps what is created with this moment; it was when they were asked for."""
        Request.objects.filter(pk__in=[row.pk for row in self.requests]).update(
            created_at=F("submitted_at"), changed_at=F("submitted_at")
        )
        Placement.objects.filter(pk__in=[row.pk for row in self.placements]).update(created_at=_asked_at())


def _asked_at() -> Subquery:
    return Subquery(Request.objects.filter(pk=OuterRef("request")).values("submitted_at"))


def record(journeys: Iterable[Journey], days: Days, rng: random.Random) -> Records:
    """Turn journeys into rows."""
    records = Records([], [], [], [], [])
    latest = at(days.back(5), "12:00")
    for journey in journeys:
        asked_at = min(journey.times[0], latest) - dt.timedelta(days=rng.randint(24, 45))
        request = _request(journey, asked_at, rng)
        placement = _placement(journey, request)
        records.requests.append(request)
        records.decisions += _decisions(journey, request, asked_at)
        records.placements.append(placement)
        records.visits.append(_visit(journey, placement))
        records.history += _history(journey, request, asked_at)
    return records


def _request(journey: Journey, asked_at: dt.datetime, rng: random.Random) -> Request:
    """The request ends with the visit; until then, and while it is reflected on, it counts as agreed."""
    start, end = journey.times
    over = journey.status in (PlacementStatus.COMPLETE, PlacementStatus.NO_SHOW)
    unit = journey.offer.department.unit.code
    return Request(
        shadow=journey.shadow,
        origin=journey.shadow.membership.department,
        offer=journey.offer,
        session=journey.session,
        objectives=[rng.choice(sentences.OBJECTIVES[unit])],
        want_to_see=rng.choice(sentences.WANT_TO_SEE),
        window_starts=start.date(),
        window_ends=end.date(),
        half_days=journey.offer.half_days,
        agreement_accepted_at=asked_at,
        submitted_at=asked_at,
        status=RequestStatus.CLOSED if over else RequestStatus.AGREED,
        agreed_starts=start.date(),
        agreed_ends=end.date(),
        holds_place=True,
        version=4,
    )


def _decisions(journey: Journey, request: Request, asked_at: dt.datetime) -> Iterator[Decision]:
    """The line manager agreed after two days, the host two days later."""
    shadow, host = journey.shadow, journey.offer.host
    manager = shadow.line_manager
    later = dt.timedelta(days=2)
    if manager is not None:
        why = f"You are the line manager of {shadow.full_name}."
        capacity = Capacity.LINE_MANAGER
        yield _agreed(request, Asked(manager, why, capacity), asked_at, asked_at + later)
    asked = Asked(host, "You host this visit.", Capacity.HOST)
    yield _agreed(request, asked, asked_at + later, asked_at + 2 * later)


def _agreed(request: Request, asked: Asked, asked_at: dt.datetime, at: dt.datetime) -> Decision:
    hosts = asked.capacity == Capacity.HOST
    return Decision(
        request=request,
        role=DecisionRole.HOST if hosts else DecisionRole.LINE_MANAGER,
        asked=asked.person,
        asked_as=asked.capacity,
        why_asked=asked.why[:200],
        asked_at=asked_at,
        outcome=Outcome.AGREED,
        answered_by=asked.person,
        answered_at=at,
        how=How.PAGE,
    )


def _placement(journey: Journey, request: Request) -> Placement:
    host = journey.offer.host
    return Placement(
        request=request,
        shadow=journey.shadow,
        host=host,
        origin=request.origin,
        destination=journey.offer.department,
        appraisal=journey.appraisal,
        half_days=request.half_days,
        place=f"{journey.offer.site or ''}",
        agenda="\n".join(sentences.AGENDA),
        contact=f"{host.full_name}, {host.email}",
        status=journey.status,
    )


def _visit(journey: Journey, placement: Placement) -> Visit:
    start, end = journey.times
    stands = journey.status != PlacementStatus.NO_SHOW
    return Visit(placement=placement, shadow=journey.shadow, starts_at=start, ends_at=end, stands=stands)


def _history(journey: Journey, request: Request, asked_at: dt.datetime) -> Iterator[HistoryEntry]:
    """What the workflow would have noted at the time."""
    shadow, manager, host = journey.shadow, journey.shadow.line_manager, journey.offer.host
    state = RequestStatus
    day = dt.timedelta(days=1)
    yield _entry(request, shadow, "submit", state.DRAFT, state.WITH_MANAGER, asked_at)
    if manager is not None:
        yield _entry(request, manager, "approve", state.WITH_MANAGER, state.WITH_HOST, asked_at + 2 * day)
    yield _entry(request, host, "agree", state.WITH_HOST, state.AGREED, asked_at + 4 * day)
    if request.status == state.CLOSED:
        yield _entry(request, None, "close", state.AGREED, state.CLOSED, journey.times[1] + day)


def _entry(
    request: Request, actor: Person | None, action: str, source: str, target: str, at: dt.datetime
) -> HistoryEntry:
    return HistoryEntry(
        subject_type=Request._meta.label_lower,
        subject_id=request.pk,
        actor=actor,
        how=How.SYSTEM if actor is None else How.PAGE,
        action=action,
        from_state=source,
        to_state=target,
        at=at,
    )
