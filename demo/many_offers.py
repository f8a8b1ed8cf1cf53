"""Thousands of offers: the demo's texts with more hosts and times."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.utils import timezone

from accounts.models import Person
from demo import named_people
from demo.batches import batches
from demo.content import DEPARTMENTS
from demo.demo_days import Days, at
from demo.text_types import OfferText
from departments.models import Department
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Scheme, Session

SIZE = 1000
HOSTS_PER_TEAM = 200
TEXTS = tuple(text for department in DEPARTMENTS for text in department.offers)
Teams = dict[str, tuple[Department, Scheme, list[Person]]]


def add(seed: int, missing: int) -> None:
    """Add ``missing`` open offers, one text after another."""
    teams = _teams()
    days = Days(timezone.localdate())
    start = Offer.objects.count()
    for numbers, rng in batches(seed, "offers", start, missing, SIZE):
        texts = [TEXTS[number % len(TEXTS)] for number in numbers]
        offers = [_offer(text, teams, days, rng) for text in texts]
        # Sessions first: each offer is then written, and indexed for search, once instead of twice.
        Session.objects.bulk_create(
            session
            for offer, text in zip(offers, texts, strict=True)
            for session in _sessions(offer, text, days, rng)
        )
        Offer.objects.bulk_create(offers)


def _teams() -> Teams:
    """Return each team with its scheme and some of its people as hosts."""
    found: Teams = {}
    for team in Department.objects.filter(code__in={text.team for text in TEXTS}).select_related("site"):
        people = Person.objects.active().filter(membership__department=team)
        hosts = list(people.exclude(email__in=named_people.EMAILS).order_by("-pk")[:HOSTS_PER_TEAM])
        found[team.code] = (team, Scheme.objects.serving(team), hosts)
    return found


def _offer(text: OfferText, teams: Teams, days: Days, rng: random.Random) -> Offer:
    team, scheme, hosts = teams[text.team]
    host = rng.choice(hosts)
    opened = at(days.today, "08:00") - dt.timedelta(minutes=rng.randint(1, 500_000))
    return Offer(
        scheme=scheme,
        department=team,
        host=host,
        title=f"{text.title}, with {host.first_name}"[:120],
        will_see=text.see,
        will_learn=text.learn,
        kind=text.kind,
        format=text.format,
        site_id=team.site_id,
        half_days=text.half_days,
        topics=list(text.topics),
        who_may_apply=text.who,
        know_before=text.before,
        will_not_attend=text.not_attend,
        status=OfferStatus.OPEN,
        opened_at=opened,
    )


def _sessions(offer: Offer, text: OfferText, days: Days, rng: random.Random) -> Iterator[Session]:
    """Yield two dated sessions, or a window for visits by arrangement."""
    if not text.sessions:
        first, last = days.window(rng.randint(2, 10), rng.randint(40, 90))
        yield Session(offer=offer, by_arrangement=True, starts_at=first, ends_at=last, places=text.places + 2)
        return
    for first_in in (rng.randint(6, 50), rng.randint(51, 110)):
        start, end = days.span(days.ahead(first_in), text.starts, text.half_days)
        yield Session(offer=offer, starts_at=start, ends_at=end, places=text.places)
