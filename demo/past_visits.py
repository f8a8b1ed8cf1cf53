"""The demo's visits that are over or in progress, with reflections and outcomes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from itertools import cycle

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle, Objective
from demo import named_people, outcomes
from demo.content import DEPARTMENTS
from demo.demo_days import Days, Times
from demo.journeys import After, Journey
from demo.offers import SHOWCASE, SHOWCASE_DATED, SHOWCASE_WINDOW
from demo.open_tasks import leave_waiting
from demo.organisation import Organisation
from demo.past_records import record
from shadowing.enums import HostManagerPart, OfferStatus, PlacementStatus
from shadowing.models import Offer, Session

TEXTS = {text.title: text for department in DEPARTMENTS for text in department.offers}
FAVOURITE = "Nineteen items, seven places: editing the staff bulletin"
LAST_WEEK = "A morning at the visa-check desk"
OVER_WEEKS = "Reading lists: from wish to shelf"
OVER_WEEKS_BEFORE = "The planning round in four briefings"
IN_A_GROUP = "Built once: the division's list of good ideas"
PLACES = 6
A_WEEK = 5
GROUP_OF = 4


@dataclass
class PastVisits:
    """Builder of past visits; everybody has at most one of them, so that no dates clash."""

    organisation: Organisation
    offers: dict[str, Offer]
    days: Days
    rng: random.Random
    journeys: list[Journey] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def store(self) -> int:
        """Store the visits; return the number."""
        self.people = self._people()
        self._visits_of_named_people()
        self._over_weeks()
        self._in_a_group()
        self._recently_asked()
        later = cycle(outcomes.LATER_IN_TURN)
        for wanted in outcomes.WANTED:
            for _ in range(wanted.number):
                after = replace(wanted.after, later=next(later))
                ago = self.rng.randint(wanted.least, wanted.most)
                self._add_visit(self.people.pop(), self._offer(), ago, wanted.status, after)
        records = record(self.journeys, self.days, self.rng)
        records.store()
        leave_waiting(records, self.days)
        return len(self.journeys)

    def _people(self) -> list[Person]:
        """Return the possible visitors; the people of manager@ have their own visits."""
        exempt = set(Appraisal.objects.filter(status=AppraisalStatus.EXEMPT).values_list("person", flat=True))
        teams = [team for team in self.organisation.members if team != named_people.MANAGER.team]
        people = [p for team in teams for p in self.organisation.people_of(team) if p.pk not in exempt]
        self.rng.shuffle(people)
        return people

    # --- visits of the named people ------------------------------------------------------------------------

    def _visits_of_named_people(self) -> None:
        """Visits of the named people: shadow@ twice, visitors of host@, and the team of manager@."""
        shadow, done, next_person = (
            self.organisation.named(named_people.SHADOW),
            PlacementStatus.COMPLETE,
            self.people.pop,
        )
        reflect = PlacementStatus.TO_REFLECT
        last_year = dt.date(self.days.cycle_year(), 6, 12)
        ago = self.days.calendar.working_days_between(last_year, self.days.today)
        self._add_visit(shadow, self.offers[FAVOURITE], ago, done, outcomes.ACKNOWLEDGED)
        self._add_visit(shadow, self.offers[LAST_WEEK], 4, reflect, outcomes.NOTHING_YET)
        dated, window = self.offers[SHOWCASE_DATED], self.offers[SHOWCASE_WINDOW]
        self._add_visit(next_person(), dated, 3, reflect, outcomes.HOST_TO_WRITE)
        self._add_visit(next_person(), dated, 17, done, outcomes.HOSTS_PART)
        self._add_visit(
            next_person(), window, 28, done, After(hosts_evidence=outcomes.R.WAITING, thanked=True)
        )
        team = self.organisation.people_of(named_people.MANAGER.team)
        afters = (After(), outcomes.TO_ACKNOWLEDGE, outcomes.ACKNOWLEDGED, None, None, outcomes.ACKNOWLEDGED)
        for person, after, ago in zip(team, afters, (44, 9, 31, 0, 0, 22), strict=False):
            if after is not None:
                self._add_visit(person, self._offer(), ago, done, after)

    def _over_weeks(self) -> None:
        """Two series of short visits over weeks: one in progress, one over."""
        begun = tuple(A_WEEK * weeks for weeks in (2, 1, -1, -2))
        over = tuple(A_WEEK * weeks for weeks in (9, 8, 7, 6))
        rounds = (
            (OVER_WEEKS, begun, PlacementStatus.TAKING_PLACE),
            (OVER_WEEKS_BEFORE, over, PlacementStatus.COMPLETE),
        )
        for title, ago, status in rounds:
            offer = self.offers[title]
            first, *further = (self._short(days_ago) for days_ago in ago)
            self._journey(self._visitor_of(offer), offer, (first, *further), status, outcomes.GROUP)

    def _short(self, days_ago: int) -> Times:
        """Return the times of 90 minutes so many working days ago (negative: ahead)."""
        day = self.days.back(days_ago) if days_ago > 0 else self.days.ahead(-days_ago)
        start, _ = self.days.span(day, "10:00", 1)
        return start, start + dt.timedelta(minutes=90)

    def _in_a_group(self) -> None:
        """A group in one session, of whom one did not come."""
        offer = self.offers[IN_A_GROUP]
        for _ in range(GROUP_OF):
            self._add_visit(self._visitor_of(offer), offer, 12, PlacementStatus.COMPLETE, outcomes.GROUP)
        self._add_visit(self._visitor_of(offer), offer, 12, PlacementStatus.NO_SHOW, outcomes.NOT_THERE)

    def _recently_asked(self) -> None:
        """Visits two and six months ago, whose follow-up has just been asked."""
        for days_ago in (62, 182):
            on = self.days.first_working(self.days.today - dt.timedelta(days=days_ago))
            ago = self.days.calendar.working_days_between(on, self.days.today)
            status = PlacementStatus.COMPLETE
            self._add_visit(self.people.pop(), self._offer(), ago, status, outcomes.STILL_OPEN)

    def _visitor_of(self, offer: Offer) -> Person:
        """Return a visitor from another department than the offer's."""
        unit = offer.department.unit
        found = next(each for each in self.people if each.membership.department.unit != unit)
        self.people.remove(found)
        return found

    # --- single visits -------------------------------------------------------------------------------------

    def _offer(self) -> Offer:
        """Return a random open offer of one day at most, where only the host has to agree."""
        special = (*SHOWCASE, FAVOURITE, LAST_WEEK, IN_A_GROUP)
        return self.rng.choice(
            [
                offer
                for offer in self.offers.values()
                if offer.half_days <= 2
                and offer.title not in special
                and not TEXTS[offer.title].month
                and offer.status == OfferStatus.OPEN
                and offer.scheme.host_manager_part == HostManagerPart.TOLD
            ]
        )

    def _add_visit(
        self, shadow: Person, offer: Offer, days_ago: int, status: PlacementStatus, after: After
    ) -> None:
        while shadow.membership.department.unit == offer.department.unit:
            offer = self._offer()
        times = self.days.span(self.days.back(days_ago), TEXTS[offer.title].starts, offer.half_days)
        self._journey(shadow, offer, (times,), status, after)

    def _journey(
        self, shadow: Person, offer: Offer, visits: tuple[Times, ...], status: PlacementStatus, after: After
    ) -> None:
        first, *further = visits
        session, _ = Session.objects.get_or_create(
            offer=offer, starts_at=first[0], defaults={"ends_at": visits[-1][1], "places": PLACES}
        )
        session.taken += status != PlacementStatus.NO_SHOW
        session.save(update_fields=["taken"])
        mine = _appraisal(shadow, visits)
        journey = Journey(
            shadow,
            offer,
            session,
            first,
            status,
            further=tuple(further),
            appraisal=mine,
            hosts_appraisal=_appraisal(offer.host, visits),
            serves=self._served(mine),
            after=after,
        )
        self.journeys.append(journey)

    def _served(self, appraisal: Appraisal | None) -> Objective | None:
        """Return the objective that the visit serves; None for one visit in five."""
        if appraisal is None or self.rng.random() > 0.8:
            return None
        return appraisal.objectives.order_by("position").first()


def _appraisal(person: Person, visits: tuple[Times, ...]) -> Appraisal | None:
    """Return the person's appraisal of the cycle, unless it was signed before the visit was over."""
    current = Cycle.objects.at(visits[0][0].date())
    found = Appraisal.objects.select_related("appraiser", "person").filter(person=person, cycle=current)
    appraisal = found.first()
    if appraisal is not None and appraisal.person_signed_at is not None:
        return appraisal if appraisal.person_signed_at > visits[-1][1] else None
    return appraisal
