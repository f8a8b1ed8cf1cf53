"""The demo's offers and their sessions, opened through the workflow."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from demo import named_people
from demo.content import DEPARTMENTS
from demo.demo_days import Days, at
from demo.organisation import Organisation
from demo.text_types import OfferText
from demo.timeline import pass_time_of_offer
from departments.models import Site
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Scheme, Session

# The two offers of host@ that visitors of the demo are most likely to request.
SHOWCASE_DATED = "A service-desk morning"
SHOWCASE_WINDOW = "Follow one fault from first call to fix"
SHOWCASE = (SHOWCASE_DATED, SHOWCASE_WINDOW)

# Offers in other states; all others are open.
NOT_OPENED = ("Ask us why a project stopped", "The mail round before nine")
PAUSED = ("Two days inside the timetable", "Should we sign? A partner under the lamp")
CLOSED = ("Supervisors in training",)
TO_CHECK = "Where the bins really go: a waste audit"
TO_CHANGE = "Look at our induction with fresh eyes"
PLEASE_CHANGE = (
    "Good idea! Please say how long it takes in all, and whether a visitor needs a university laptop for it."
)
WINDOW_LENGTH = 75


@dataclass
class OfferBuilder:
    """Builder of the offers, team by team."""

    organisation: Organisation
    days: Days
    rng: random.Random
    turns: Counter[str] = field(default_factory=Counter)
    offers: dict[str, Offer] = field(default_factory=dict)

    def build(self) -> dict[str, Offer]:
        """Create every offer in its final state; return them by title."""
        texts = [text for department in DEPARTMENTS for text in department.offers]
        sites = {site.name: site for site in Site.objects.all()}
        for number, text in enumerate(texts):
            offer = self._create(text, sites["Remote"])
            self._add_sessions(offer, text, number)
            self.offers[text.title] = self._bring_on(offer)
            ago = self.rng.randint(1, 3) if text.title in (TO_CHECK, TO_CHANGE) else self.rng.randint(8, 45)
            pass_time_of_offer(offer, self.days, timezone.now() - self.days.moment(ago, self.rng))
        return self.offers

    def _create(self, text: OfferText, remote: Site) -> Offer:
        department = self.organisation.tree[text.team]
        host, co_host = self._hosts(text)
        offer = Offer.objects.create(
            scheme=Scheme.objects.serving(department),
            department=department,
            host=host,
            title=text.title,
            will_see=text.see,
            will_learn=text.learn,
            kind=text.kind,
            format=text.format,
            site=remote if text.format == "remote" else department.site,
            half_days=text.half_days,
            topics=list(text.topics),
            who_may_apply=text.who,
            know_before=text.before,
            will_not_attend=text.not_attend,
            deadline=self._deadline(text),
        )
        if co_host is not None:
            offer.co_hosts.add(co_host)
        return offer

    def _hosts(self, text: OfferText) -> tuple[Person, Person | None]:
        """Return a member of the team in turn, and for about three in ten offers a co-host."""
        people = self.organisation.people_of(text.team)
        turn = self.turns[text.team]
        self.turns[text.team] += 1
        if text.title in SHOWCASE:
            return self.organisation.named(named_people.HOST), None
        host, next_one = people[turn % len(people)], people[(turn + 1) % len(people)]
        return host, next_one if self.rng.random() < 0.3 and next_one != host else None

    def _deadline(self, text: OfferText) -> dt.date | None:
        """Return the application deadline of a seasonal offer: three weeks before, else None."""
        if not text.month:
            return None
        return max(self.days.season(text.month) - dt.timedelta(days=21), self.days.today)

    def _add_sessions(self, offer: Offer, text: OfferText, number: int) -> None:
        times = self.days.session_times(text, first_in=10 + number * 5 % 19)
        for start, end in times:
            Session.objects.create(offer=offer, starts_at=start, ends_at=end, places=text.places)
        if not times:
            first, last = self.days.ahead(4), self.days.ahead(4 + WINDOW_LENGTH + number % 20)
            Session.objects.create(
                offer=offer,
                by_arrangement=True,
                starts_at=at(first, "08:00"),
                ends_at=at(last, "18:00"),
                places=text.places + 2,
            )

    def _bring_on(self, offer: Offer) -> Offer:
        """Bring the offer from draft to its final state, by the people who may."""
        coordinator = self.organisation.named(named_people.COORDINATOR)
        if offer.title in NOT_OPENED:
            return offer
        offer = perform(offer, "publish", actor=offer.host)
        if offer.title == TO_CHECK:
            return offer
        if offer.title == TO_CHANGE:
            return perform(offer, "send_back_offer", actor=coordinator, words=PLEASE_CHANGE)
        if offer.status == OfferStatus.AWAITING_CHECK:
            offer = perform(offer, "approve_offer", actor=coordinator)
        if offer.title in PAUSED:
            offer = perform(offer, "pause", actor=offer.host)
        if offer.title in CLOSED:
            offer = perform(offer, "close_offer", actor=offer.host)
        return offer
