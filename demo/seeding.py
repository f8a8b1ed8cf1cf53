"""Creates the demo organisation, once, in one transaction."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts import append_only
from accounts.clocks import WorkingCalendar
from accounts.models import Person
from demo import department_tree, named_people
from demo.appraisal_year import AppraisalYear, open_cycles
from demo.demo_days import Days, at
from demo.joiners import join_a_visit
from demo.news import create_news
from demo.offers import OfferBuilder
from demo.open_tasks import settle_appraisals
from demo.organisation import Organisation, populate
from demo.other_people import Crowd
from demo.past_visits import PastVisits
from demo.preparations import Preparations
from demo.request_story import Storyteller
from demo.scenario import Scenario
from demo.unanswered import fail_one_mail, leave_unanswered
from departments.models import Department
from messaging import outbox
from shadowing.enums import HostManagerPart
from shadowing.models import Agreement, ClosureDay, Offer, Placement, Request, Scheme

PEOPLE = 250
SCHEME = "Job shadowing"
CAREFUL_SCHEME = "Visits to laboratories and plant rooms"


class SeedError(Exception):
    """The demo organisation cannot be created here; the message says why."""


def is_seeded() -> bool:
    """Return whether the demo organisation exists already."""
    return bool(Person.objects.filter(is_demo=True).exists())


def seed(seed_number: int, people: int = PEOPLE) -> None:
    """Create the demo organisation.

    Raises SeedError where a real person has the address of a demo person.
    """
    taken = Person.objects.filter(email__in=named_people.EMAILS).values_list("email", flat=True).first()
    if taken:
        raise SeedError(f"{taken} is somebody real here: the demo organisation needs a database of its own.")
    rng = random.Random(f"{seed_number}:{timezone.localdate()}")
    with transaction.atomic():
        days = Days(timezone.localdate(), WorkingCalendar(closures=close_at_christmas()))
        crowd = Crowd(rng, days.today, make_password(named_people.PASSWORD))
        organisation = populate(crowd, department_tree.create_tree(), people, days)
        last, present, _ = open_cycles(days.cycle_year())
        everybody = Person.objects.filter(is_demo=True).select_related(
            "line_manager", "membership__department"
        )
        AppraisalYear(last, present, days, rng).appraise(everybody.order_by("pk"))
        make_schemes(organisation)
        _date_agreements_back(at(dt.date(days.cycle_year() - 1, 5, 1), "09:00"))
        _fill(organisation, days, rng)


def _fill(organisation: Organisation, days: Days, rng: random.Random) -> None:
    """Create the offers, requests and visits."""
    offers = OfferBuilder(organisation, days, rng).build()
    PastVisits(organisation, offers, days, rng).store()
    _analyse_tables()
    scenario = Scenario(organisation, offers, Storyteller(days, rng))
    requests, unanswered = scenario.play(), leave_unanswered(scenario, days)
    _analyse_tables()
    Preparations(days, rng).make()
    join_a_visit(organisation)
    settle_appraisals(days, rng)
    fail_one_mail(unanswered)  # before _drop_mails, which deletes the text of mails
    _drop_mails(offers.values(), [*requests, *unanswered])
    create_news(organisation, days)


def _analyse_tables() -> None:
    """Update the planner's statistics, which do not include the rows of this transaction yet."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def close_at_christmas() -> frozenset[dt.date]:
    """Create the closure days between Christmas and New Year; return all closure days."""
    year = timezone.localdate().year
    for winter in (year - 1, year, year + 1):
        for day in (24, 27, 28, 29, 30, 31):
            ClosureDay.objects.get_or_create(
                day=dt.date(winter, 12, day),
                defaults={"name": "Winter closure", "counted_at": timezone.now()},
            )
    return frozenset(ClosureDay.objects.values_list("day", flat=True))


def make_schemes(organisation: Organisation) -> None:
    """Create the ready-made scheme for all and a stricter one for Health, Safety and Environment.

    The stricter one checks offers before they open, and requires the host's manager to agree.
    """
    coordinator = organisation.named(named_people.COORDINATOR)
    scheme, _ = Scheme.objects.get_or_create(branch=None, defaults={"name": SCHEME})
    careful, _ = Scheme.objects.get_or_create(
        branch=Department.objects.get(code="HSE"),
        defaults={
            "name": CAREFUL_SCHEME,
            "offers_checked": True,
            "host_manager_part": HostManagerPart.MUST_AGREE,
        },
    )
    for each in (scheme, careful):
        each.coordinators.add(coordinator)


def _date_agreements_back(moment: dt.datetime) -> None:
    """Date the schemes' agreements before their first acceptance."""
    with append_only.lifted("shadowing.Agreement:agreement_is_append_only"):
        Agreement.objects.filter(created_at__gt=moment).update(created_at=moment)


def _drop_mails(offers: Iterable[Offer], requests: Iterable[Request]) -> None:
    """Drop all unsent mail of the records created here, so that none is sent.

    Decisions are waiting in the approvals of the demo's people; mail is sent only for what visitors of the
    demo do themselves.
    """
    events = [*(offer.pk for offer in offers), *(request.pk for request in requests)]
    events += Placement.objects.values_list("pk", flat=True)
    for event in events:
        outbox.drop_unsent(f"{event}:")
