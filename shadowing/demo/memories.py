"""Visits of the demo organisation that are over: complete, to reflect on, or nobody came."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from accounts.models import Person
from appraisals.models import Appraisal, Cycle
from shadowing.demo import cast
from shadowing.demo.content import DEPARTMENTS
from shadowing.demo.days import Days
from shadowing.demo.organisation import Organisation
from shadowing.demo.past import Journey, record
from shadowing.demo.visits import SHOWCASE
from shadowing.enums import HostManagerPart, OfferStatus, PlacementStatus
from shadowing.models import Offer, Session

# What became of the visits, and how many working days ago: at least, at most.
WANTED = (
    (PlacementStatus.COMPLETE, 34, 8, 160),
    (PlacementStatus.TO_REFLECT, 5, 1, 4),
    (PlacementStatus.NO_SHOW, 2, 6, 60),
)
TEXTS = {text.title: text for department in DEPARTMENTS for text in department.offers}
FAVOURITE = "Nineteen items, seven places: editing the staff bulletin"


@dataclass
class Memories:
    """Makes past visits; everybody has at most one of them, and nobody clashes."""

    organisation: Organisation
    offers: dict[str, Offer]
    days: Days
    rng: random.Random

    def store(self) -> int:
        """Write them; return how many."""
        people = self._people()
        journeys = [self._of_the_shadow()]
        for status, count, least, most in WANTED:
            for _ in range(count):
                days_ago = self.rng.randint(least, most)
                journeys.append(self._journey(people.pop(), self._offer(), days_ago, status))
        record(journeys, self.days, self.rng).store()
        return len(journeys)

    def _people(self) -> list[Person]:
        people = [p for team in self.organisation.members for p in self.organisation.people_of(team)]
        self.rng.shuffle(people)
        return people

    def _of_the_shadow(self) -> Journey:
        """shadow@ was somewhere last academic year, so that all of this year's half-days are left."""
        last_year = dt.date(self.days.cycle_year(), 6, 12)
        ago = self.days.calendar.working_days_between(last_year, self.days.today)
        shadow = self.organisation.named(cast.SHADOW)
        return self._journey(shadow, self.offers[FAVOURITE], ago, PlacementStatus.COMPLETE)

    def _offer(self) -> Offer:
        """An offer short enough for a day, of a scheme in which the host alone agrees."""
        return self.rng.choice(
            [
                offer
                for offer in self.offers.values()
                if offer.half_days <= 2
                and offer.title not in SHOWCASE
                and not TEXTS[offer.title].month
                and offer.status == OfferStatus.OPEN
                and offer.scheme.host_manager_part == HostManagerPart.TOLD
            ]
        )

    def _journey(self, shadow: Person, offer: Offer, days_ago: int, status: PlacementStatus) -> Journey:
        while shadow.membership.department.unit == offer.department.unit:
            offer = self._offer()
        times = self.days.span(self.days.back(days_ago), TEXTS[offer.title].starts, offer.half_days)
        session, _ = Session.objects.get_or_create(
            offer=offer, starts_at=times[0], defaults={"ends_at": times[1], "places": 4}
        )
        Session.objects.filter(pk=session.pk).update(taken=session.taken + 1)
        cycle = Cycle.objects.at(times[0].date())
        appraisal = Appraisal.objects.filter(person=shadow, cycle=cycle).first()
        return Journey(shadow, offer, session, times, status, appraisal)
