"""Past visits created directly as records, because the workflow accepts no dates in the past."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Subquery

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from demo import sentences
from demo.demo_days import Days, at
from demo.follow_ups import Afterwards
from demo.journeys import Journey
from demo.reflection_texts import BRING
from demo.reflections import Writer
from shadowing.enums import Capacity, DecisionRole, Outcome, PlacementStatus, RequestStatus, Side
from shadowing.models import Acceptance, Agreement, Decision, Placement, Request, Visit
from shadowing.rules.approvers import Approver


@dataclass
class Records:
    """Rows of several visits, stored together."""

    afterwards: Afterwards
    requests: list[Request] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)

    def store(self) -> None:
        """Store all rows."""
        Request.objects.bulk_create(self.requests)
        Decision.objects.bulk_create(self.decisions)
        Placement.objects.bulk_create(self.placements)
        Visit.objects.bulk_create(self.visits)
        Acceptance.objects.bulk_create(self.acceptances)
        self.afterwards.store()
        HistoryEntry.objects.bulk_create(self.history)
        self._date_back()

    def _date_back(self) -> None:
        """Set creation dates to when the request was made; bulk creation uses the present moment."""
        Request.objects.filter(pk__in=[row.pk for row in self.requests]).update(
            created_at=F("submitted_at"), changed_at=F("submitted_at")
        )
        Placement.objects.filter(pk__in=[row.pk for row in self.placements]).update(created_at=_asked_at())


def _asked_at() -> Subquery:
    return Subquery(Request.objects.filter(pk=OuterRef("request")).values("submitted_at"))


def record(journeys: Iterable[Journey], days: Days, rng: random.Random) -> Records:
    """Return the rows of ``journeys``."""
    records, agreements = Records(Afterwards(days, rng, Writer(rng))), _agreements()
    latest = at(days.back(5), "12:00")
    for journey in journeys:
        asked_at = min(journey.begins, latest) - dt.timedelta(days=rng.randint(24, 45))
        agreement = agreements[journey.offer.scheme_id]
        request = _request(journey, asked_at, rng, agreement)
        placement = _placement(journey, request)
        visits = _visits(journey, placement)
        records.requests.append(request)
        records.decisions += _decisions(journey, request, asked_at)
        records.placements.append(placement)
        records.visits += visits
        records.acceptances += _acceptances(placement, asked_at)
        records.history += _history(journey, request, asked_at)
        records.afterwards.add(journey, placement, request, visits)
    return records


def _agreements() -> dict[int, Agreement]:
    """Return the current agreement of each scheme."""
    return {agreement.scheme_id: agreement for agreement in Agreement.objects.order_by("number")}


def _acceptances(placement: Placement, asked_at: dt.datetime) -> Iterator[Acceptance]:
    """Yield the acceptances: the shadow's with the request, the host's four days later."""
    sides = ((Side.SHADOW, placement.shadow, 0), (Side.HOST, placement.host, 4))
    for side, person, days in sides:
        moment = asked_at + dt.timedelta(days=days)
        yield Acceptance(
            placement=placement, agreement=placement.agreement, side=side, person=person, at=moment
        )


def _request(journey: Journey, asked_at: dt.datetime, rng: random.Random, agreement: Agreement) -> Request:
    """Return the request: closed if the visit is over, else agreed."""
    start, end = journey.begins, journey.ends
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
        serves=journey.serves,
        half_days=journey.offer.half_days,
        agreement_accepted_at=asked_at,
        agreement=agreement,
        submitted_at=asked_at,
        status=RequestStatus.CLOSED if journey.is_over else RequestStatus.AGREED,
        agreed_starts=start.date(),
        agreed_ends=end.date(),
        holds_place=journey.status != PlacementStatus.NO_SHOW,
        version=4,
    )


def _decisions(journey: Journey, request: Request, asked_at: dt.datetime) -> Iterator[Decision]:
    """Yield the decisions: the line manager's after two days, the host's two days later."""
    shadow, host = journey.shadow, journey.offer.host
    manager = shadow.line_manager
    later = dt.timedelta(days=2)
    if manager is not None:
        asked = Approver(manager, Capacity.LINE_MANAGER, about=shadow)
        yield _agreed(request, asked, asked_at, asked_at + later)
    asked = Approver(host, Capacity.HOST)
    yield _agreed(request, asked, asked_at + later, asked_at + 2 * later)


def _agreed(request: Request, asked: Approver, asked_at: dt.datetime, at: dt.datetime) -> Decision:
    hosts = asked.capacity == Capacity.HOST
    return Decision(
        request=request,
        role=DecisionRole.HOST if hosts else DecisionRole.LINE_MANAGER,
        asked=asked.person,
        asked_as=asked.capacity,
        asked_about=asked.about,
        why_asked=asked.why,
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
        bring=BRING,
        agreement=request.agreement,
        status=journey.status,
    )


def _visits(journey: Journey, placement: Placement) -> list[Visit]:
    stands = journey.status != PlacementStatus.NO_SHOW
    return [
        Visit(placement=placement, shadow=journey.shadow, starts_at=start, ends_at=end, stands=stands)
        for start, end in journey.visits
    ]


def _history(journey: Journey, request: Request, asked_at: dt.datetime) -> Iterator[HistoryEntry]:
    """Yield the history entries the workflow would have written."""
    shadow, manager, host = journey.shadow, journey.shadow.line_manager, journey.offer.host
    state = RequestStatus
    day = dt.timedelta(days=1)
    yield _entry(request, shadow, "submit", state.DRAFT, state.WITH_MANAGER, asked_at)
    if manager is not None:
        yield _entry(request, manager, "approve", state.WITH_MANAGER, state.WITH_HOST, asked_at + 2 * day)
    yield _entry(request, host, "agree", state.WITH_HOST, state.AGREED, asked_at + 4 * day)
    if request.status == state.CLOSED:
        yield _entry(request, None, "close", state.AGREED, state.CLOSED, journey.ends)


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
