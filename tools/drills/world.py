"""The small organisation of one random walk (P8), and snapshots of its records before and after a step."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from accounts.models import Delegation, Person, WaitingItem
from appraisals.models import Appraisal, Cycle
from departments.models import Coordinator
from messaging.models import Message
from shadowing.enums import DecideByEmail, HostManagerPart, Side
from shadowing.models import (
    Decision,
    Offer,
    Placement,
    ProposedVisit,
    ReflectionQuestion,
    Request,
    Session,
    Visit,
)
from tools.drills.scenery import Scenery, at, scenery

HAVING_A_STATE: tuple[type[Any], ...] = (Request, Placement, Offer)
Shown = tuple[Any, Any, str]  # start, end and place of a date in a calendar
Feeds = dict[int, tuple[str, dict[str, Shown]]]  # by person: the versions of its rows, and its dates


@dataclass
class World:
    """The people and sessions of one walk."""

    scene: Scenery
    managers: list[Person]
    deputy: Person
    shadows: list[Person]
    hosts: list[Person]
    co_host: Person
    coordinator: Person
    helpers: dict[int, Person]  # the coordinator of each department, by its key
    sessions: list[Session]
    feeds: Feeds = field(default_factory=dict)

    @property
    def meeting(self) -> tuple[Session, Session]:
        """Two overlapping sessions; the host of the second is a co-host of the first."""
        return self.sessions[0], self.sessions[3]


def world(rng: random.Random) -> World:
    """Make a world: who hosts which session is fixed, some of the scheme's rules are drawn."""
    scene = scenery()
    manager, other, host_manager, coordinator, deputy, first, second = scene.people(7)
    host, other_host, co_host = scene.people(3, at=scene.away)
    shadows = scene.people(4)
    Person.objects.filter(pk__in=[shadows[3].pk]).update(line_manager=other)
    Person.objects.filter(pk__in=[shadows[0].pk, shadows[1].pk, shadows[2].pk]).update(line_manager=manager)
    Person.objects.filter(pk__in=[host.pk, other_host.pk]).update(line_manager=host_manager)
    helpers = {scene.home.pk: first, scene.away.pk: second}
    for department, person in helpers.items():
        Coordinator.objects.create(department_id=department, person=person)
    scheme = scene.scheme
    scheme.coordinators.add(coordinator)
    scheme.host_manager_part = rng.choice(HostManagerPart.values)
    scheme.decide_by_email = rng.choice(DecideByEmail.values)
    scheme.cap_half_days = scheme.live_requests = 40
    scheme.save()
    _appraisals([*shadows[:2], host])
    for side in (Side.SHADOW, Side.HOST):
        ReflectionQuestion.objects.create(
            scheme=scheme, side=side, key="taught", text="What did it teach you?"
        )
    return World(
        scene,
        managers=[manager, other],
        deputy=deputy,
        shadows=list(Person.objects.filter(pk__in=[who.pk for who in shadows]).order_by("pk")),
        hosts=[host, other_host],
        co_host=co_host,
        coordinator=coordinator,
        helpers=helpers,
        sessions=_sessions(scene, host, other_host, co_host),
    )


def _appraisals(people: list[Person]) -> None:
    """Give these people an appraisal in the year of the walk."""
    today = timezone.localdate()
    starts, ends = today - dt.timedelta(days=30), today + dt.timedelta(days=300)
    cycle = Cycle.objects.at(today) or Cycle.objects.create(
        name="The year of the walk", starts_on=starts, ends_on=ends
    )
    for person in people:
        Appraisal.objects.create(person=person, cycle=cycle, filled_at=timezone.now())


def _sessions(scene: Scenery, host: Person, other: Person, co_host: Person) -> list[Session]:
    """Make three dated sessions and two windows that overlap, so that people can be double-booked."""
    offers = scene.offers([host, host, host, co_host, other])
    for offer in offers[:3]:
        offer.co_hosts.add(co_host)
    times = [(at(30), at(30, 3)), (at(30, 1), at(30, 4)), (at(10, -10), at(75)), (at(30, 2), at(30, 5))]
    times.append((at(10, -10), at(60)))
    return [
        Session.objects.create(
            offer=offer,
            starts_at=start,
            ends_at=end,
            places=places,
            by_arrangement=end - start > dt.timedelta(days=1),
        )
        for offer, (start, end), places in zip(offers, times, (1, 1, 2, 2, 1), strict=True)
    ]


def deputies(manager: Person | int, shadow: int) -> list[int]:
    """Return the deputies of ``manager`` today, except the shadow."""
    found = Delegation.objects.filter(manager=manager, starts_on__lte=timezone.localdate())
    found = found.exclude(ends_on__lt=timezone.localdate()).filter(deputy__is_active=True)
    return [pk for pk in found.values_list("deputy", flat=True) if pk != shadow]


@dataclass(frozen=True)
class Mail:
    """What the checks read of one mail."""

    pk: int
    key: str
    template: str
    recipient: int | None
    dated: dt.datetime
    calendar: str


@dataclass
class Snapshot:
    """The state of all records at one moment, with the records, so that no check reads them again."""

    at: dt.datetime
    people: dict[int, Person]
    sessions: list[Session]
    requests: dict[UUID, Request]
    placements: dict[UUID, Placement]  # with their dates, participations and suggested dates
    mails: list[Mail]
    states: dict[tuple[str, UUID], tuple[str, int]] = field(default_factory=dict)
    pending: dict[UUID, list[Decision]] = field(default_factory=dict)
    proposed: set[UUID] = field(default_factory=set)
    items: list[WaitingItem] = field(default_factory=list)

    @property
    def visits(self) -> list[Visit]:
        """All dates of all visits."""
        return [visit for placement in self.placements.values() for visit in placement.visits.all()]

    @property
    def fallen(self) -> set[int]:
        """The dates that were cancelled or moved."""
        return {visit.pk for visit in self.visits if not visit.stands and visit.took_place is None}


def snapshot(world: World) -> Snapshot:
    """Record the state of all records of this world."""
    people = Person.objects.in_bulk()
    offers = {offer.pk: offer for offer in rows_of(world, Offer).select_related("scheme")}
    sessions = {session.pk: session for session in Session.objects.filter(offer__in=list(offers))}
    requests = {request.pk: request for request in Request.objects.filter(offer__in=list(offers))}
    for offer in offers.values():
        offer.host = people[offer.host_id]
    for request in requests.values():
        request.offer, request.session = offers[request.offer_id], sessions[request.session_id]
        request.shadow = people[request.shadow_id]
    placements = _placements(requests, people)
    taken = Snapshot(timezone.now(), people, list(sessions.values()), requests, placements, all_mails())
    for model, records in ((Request, requests), (Placement, placements), (Offer, offers)):
        for pk, record in records.items():
            taken.states[model._meta.label_lower, pk] = (record.status, record.version)
    _add_questions(taken)
    return taken


def _placements(requests: dict[UUID, Request], people: dict[int, Person]) -> dict[UUID, Placement]:
    found = Placement.objects.filter(request__in=list(requests))
    placements = list(found.prefetch_related("visits", "participations", "date_changes"))
    for placement in placements:
        placement.request = requests[placement.request_id]
        placement.shadow, placement.host = people[placement.shadow_id], people[placement.host_id]
    return {placement.pk: placement for placement in placements}


def all_mails() -> list[Mail]:
    """Return all mails in the order in which they were queued."""
    rows = Message.objects.order_by("dated", "pk")
    names = ("pk", "key", "template", "recipient", "dated", "calendar")
    return [Mail(*row) for row in rows.values_list(*names)]


def _add_questions(taken: Snapshot) -> None:
    """Add who is asked for a decision, which dates are proposed, and what waits for whom."""
    keys = list(taken.requests)
    pending = defaultdict(list)
    for decision in Decision.objects.filter(request__in=keys, outcome="pending"):
        decision.asked = taken.people[decision.asked_id]
        pending[decision.request_id].append(decision)
    taken.pending = dict(pending)
    taken.proposed = set(ProposedVisit.objects.filter(request__in=keys).values_list("request", flat=True))
    taken.items = list(WaitingItem.objects.open().filter(subject_id__in=[*keys, *taken.placements]))


def rows_of(world: World, model: type[Any]) -> models.QuerySet[Any]:
    """Return the requests, placements or offers of this world."""
    scheme = {Offer: "scheme", Request: "offer__scheme", Placement: "request__offer__scheme"}[model]
    found: models.QuerySet[Any] = model._default_manager.filter(**{scheme: world.scene.scheme})
    return found
