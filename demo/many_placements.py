"""Thousands of placements: most are over, every tenth batch is in the future."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from uuid import UUID

from django.db import reset_queries, transaction
from django.utils import timezone

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle
from demo import named_people
from demo.demo_days import Days
from demo.journeys import After, Journey, Written
from demo.outcomes import LATER_IN_TURN
from demo.past_records import record
from shadowing.enums import LIVE, OfferStatus, PlacementStatus
from shadowing.models import Offer, Placement, Request, Session, Visit

SIZE = 1000
GROUP = 10
RECENT = 20
WRITTEN = 0.4


def add(seed: int, missing: int) -> None:
    """Add ``missing`` placements; each batch has its own day, so that nobody has two visits at once."""
    days = Days(timezone.localdate())
    offers, people = _offers(), _cycle_people()
    number = Placement.objects.count() // SIZE
    while missing > 0:
        rng = random.Random(f"{seed}:placements:{number}")
        with transaction.atomic():
            missing -= _add_day(min(SIZE, missing), people, offers, days, number, rng)
        reset_queries()  # with DEBUG on, Django would keep the text of every query
        number += 1


def _add_day(
    size: int, people: Iterator[Person], offers: list[Offer], days: Days, number: int, rng: random.Random
) -> int:
    """Add up to ``size`` placements on one day; return the number."""
    to_come = number % 10 == 9
    day = days.ahead(RECENT + number // 10) if to_come else days.back(RECENT + number)
    status = PlacementStatus.AGREED if to_come else PlacementStatus.COMPLETE
    engaged = _engaged_on(day)
    free = {person.pk: person for person in islice(people, size) if person.pk not in engaged}
    asked = _asked_for(list(free.values())) if to_come else {}
    left = _not_shown_on(day, offers)
    journeys = list(_journeys(iter(free.values()), left, engaged, asked, days, status, day, rng))
    Session.objects.bulk_create({journey.session.pk: journey.session for journey in journeys}.values())
    record(_with_appraisals(journeys, day), days, rng).store()
    return len(journeys)


def _with_appraisals(journeys: list[Journey], day: dt.date) -> Iterator[Journey]:
    """Yield the journeys with the open appraisals of both people, where they have one."""
    people = {each for journey in journeys for each in (journey.shadow.pk, journey.offer.host_id)}
    current = Appraisal.objects.filter(cycle=Cycle.objects.at(day), status=AppraisalStatus.OPEN)
    found = {each.person_id: each for each in current.filter(person__in=people).select_related("appraiser")}
    for journey in journeys:
        mine, theirs = found.get(journey.shadow.pk), found.get(journey.offer.host_id)
        yield replace(journey, appraisal=mine, hosts_appraisal=theirs)


def _after(rng: random.Random) -> After:
    """Return the outcome: four of ten visits get reflections."""
    written = Written.SENT if rng.random() < WRITTEN else Written.NOT
    return After(shadow=written, host=written, later=rng.choice(LATER_IN_TURN))


def _engaged_on(day: dt.date) -> set[int]:
    """Return the ids of everybody who visits or hosts on ``day``."""
    visits = Visit.objects.filter(starts_at__date=day).values_list("shadow", "host")
    return {person for pair in visits for person in pair}


def _not_shown_on(day: dt.date, offers: list[Offer]) -> list[Offer]:
    """Return the offers without a session on ``day``."""
    shown = set(Session.objects.filter(starts_at__date=day).values_list("offer", flat=True))
    return [offer for offer in offers if offer.pk not in shown]


def _asked_for(people: list[Person]) -> dict[int, set[UUID]]:
    """Return the offers each person has a live request for, which they may not request again."""
    found: dict[int, set[UUID]] = defaultdict(set)
    rows = Request.objects.filter(shadow__in=people, status__in=LIVE)
    for shadow, offer in rows.values_list("shadow", "offer"):
        found[shadow].add(offer)
    return found


def _offers() -> list[Offer]:
    """Return open offers to visit, none longer than a day."""
    found = Offer.objects.filter(status=OfferStatus.OPEN, half_days__lte=2)
    found = found.select_related("department__parent__parent", "host", "site")
    return list(found.order_by("opened_at", "title")[:2000])


def _cycle_people() -> Iterator[Person]:
    """Yield everybody active with a line manager, again and again."""
    people = Person.objects.active().filter(line_manager__isnull=False).exclude(email__in=named_people.EMAILS)
    people = people.select_related("line_manager", "membership__department__parent__parent").order_by("pk")
    last = 0
    while True:
        page = list(people.filter(pk__gt=last)[:SIZE])
        yield from page
        last = page[-1].pk if page else 0


def _journeys(
    people: Iterator[Person],
    offers: list[Offer],
    engaged: set[int],
    asked: dict[int, set[UUID]],
    days: Days,
    status: PlacementStatus,
    day: dt.date,
    rng: random.Random,
) -> Iterator[Journey]:
    """Yield visits of groups, each to an offer new to all of them and in another department.

    A group without such an offer gets no visit that day. The people who visit and host are added to
    ``engaged``.
    """
    left = rng.sample(offers, len(offers))
    free = (person for person in people if person.pk not in engaged)
    while left and (group := list(islice(free, GROUP))):
        at_home = {person.membership.department.unit.pk for person in group}
        known = set[UUID]().union(*(asked.get(person.pk, ()) for person in group))
        cannot_host = engaged | {person.pk for person in group}
        new = (
            at for at, offer in enumerate(left) if offer.pk not in known and offer.host_id not in cannot_host
        )
        at = next((at for at in new if left[at].department.unit.pk not in at_home), None)
        if at is None:
            continue
        offer = left.pop(at)
        engaged |= {offer.host_id, *(person.pk for person in group)}
        times = days.span(day, "09:30", offer.half_days)
        start, end = times
        session = Session(offer=offer, starts_at=start, ends_at=end, places=GROUP, taken=len(group))
        for person in group:
            yield Journey(person, offer, session, times, status, after=_after(rng))
