"""Factories of records: tests set the fields a rule needs, the others get plausible values."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Delegation, Person
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Appraisal, Cycle, EvidenceNote, Objective
from departments.enums import DepartmentKind
from departments.models import Department, Membership
from shadowing.enums import OfferStatus, Part
from shadowing.models import Offer, Placement, Request, Scheme, Session

PASSWORD = "demo-shadowing"


def at(days: int, hour: int = 10) -> dt.datetime:
    """A time ``days`` from today at ``hour``, in the organisation's zone."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


class PersonFactory(DjangoModelFactory[Person]):
    """An active person whose password is PASSWORD."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.ac.uk")
    first_name = factory.Sequence(lambda n: f"Person{n}")
    last_name = "Example"
    job_title = "Officer"

    @factory.post_generation  # type: ignore[untyped-decorator]  # factory_boy's declarations have no types
    def password(self: Person, create: bool, extracted: str | None, **_: Any) -> None:
        """Hash the password, so that the person can sign in."""
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class DepartmentFactory(DjangoModelFactory[Department]):
    """A department at the top of the tree."""

    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"DEP{n}")
    name = factory.Sequence(lambda n: f"Department {n}")
    kind = DepartmentKind.DEPARTMENT
    colour = factory.Sequence(lambda n: n % 16 + 1)
    monogram = "De"


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person's place in the tree."""

    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    department = factory.SubFactory(DepartmentFactory)


class DelegationFactory(DjangoModelFactory[Delegation]):
    """A deputy from today, open-ended, who knows of it."""

    class Meta:
        model = Delegation

    starts_on = factory.LazyFunction(timezone.localdate)
    announced_at = factory.LazyFunction(timezone.now)


class SchemeFactory(DjangoModelFactory[Scheme]):
    """The scheme for the whole organisation."""

    class Meta:
        model = Scheme
        django_get_or_create = ("name",)

    name = "Job shadowing"


class OfferFactory(DjangoModelFactory[Offer]):
    """An open offer."""

    class Meta:
        model = Offer

    scheme = factory.SubFactory(SchemeFactory)
    department = factory.SubFactory(DepartmentFactory)
    host = factory.SubFactory(PersonFactory)
    title = factory.Sequence(lambda n: f"A morning at desk {n}")
    will_see = "How calls are taken, sorted and solved."
    will_learn = "What a good ticket looks like."
    status = OfferStatus.OPEN
    opened_at = factory.LazyFunction(timezone.now)


def take_on(offer: Offer, *people: Person) -> None:
    """Add co-hosts to an offer and to its visits, as if they had hosted when those were agreed."""
    offer.co_hosts.add(*people)
    for placement in Placement.objects.filter(request__offer=offer):
        for person in people:
            bound = {"part": Part.CO_HOST, "joined_at": placement.created_at}
            placement.participations.get_or_create(person=person, left_at=None, defaults=bound)


class SessionFactory(DjangoModelFactory[Session]):
    """A dated session of three hours in 30 days, with one place."""

    class Meta:
        model = Session

    offer = factory.SubFactory(OfferFactory)
    starts_at = factory.LazyFunction(lambda: at(30, 10))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(hours=3))
    places = 1


class WindowFactory(SessionFactory):
    """A window from in 10 days to in 90, for dates by arrangement."""

    by_arrangement = True
    starts_at = factory.LazyFunction(lambda: at(10, 0))
    ends_at = factory.LazyAttribute(lambda session: at(90, 23))
    places = 3


class RequestFactory(DjangoModelFactory[Request]):
    """A draft request whose agreement is accepted, so that it can be sent."""

    class Meta:
        model = Request

    session = factory.SubFactory(SessionFactory)
    offer = factory.SelfAttribute("session.offer")
    shadow = factory.SubFactory(PersonFactory)
    origin = factory.LazyAttribute(lambda request: request.shadow.membership.department)
    objectives = factory.LazyFunction(lambda: ["Understand how a service desk sorts its calls."])
    window_starts = factory.LazyAttribute(lambda request: timezone.localdate(request.session.starts_at))
    window_ends = factory.LazyAttribute(lambda request: timezone.localdate(request.session.ends_at))
    half_days = 1
    agreement_accepted_at = factory.LazyFunction(timezone.now)


class CycleFactory(DjangoModelFactory[Cycle]):
    """The appraisal year of today."""

    class Meta:
        model = Cycle
        django_get_or_create = ("name",)

    name = "This year"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=100))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=264))


class AppraisalFactory(DjangoModelFactory[Appraisal]):
    """An open appraisal in this cycle."""

    class Meta:
        model = Appraisal

    person = factory.SubFactory(PersonFactory)
    cycle = factory.SubFactory(CycleFactory)


class ObjectiveFactory(DjangoModelFactory[Objective]):
    """An objective of an appraisal."""

    class Meta:
        model = Objective

    appraisal = factory.SubFactory(AppraisalFactory)
    text = "Learn how other departments handle enquiries."


class ActivityFactory(DjangoModelFactory[Activity]):
    """A visit made that took place ten days ago, as the appraisal shows it."""

    class Meta:
        model = Activity

    appraisal = factory.SubFactory(AppraisalFactory)
    source = factory.LazyFunction(uuid.uuid4)
    part = ActivityPart.VISITED
    title = "A morning at the service desk"
    partner = "Hana Host"
    origin = factory.SubFactory(DepartmentFactory)
    destination = factory.SubFactory(DepartmentFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=10))
    ends_on = factory.SelfAttribute("starts_on")
    half_days = 1
    state = ActivityState.TOOK_PLACE
    url = "/placements/"


class EvidenceNoteFactory(DjangoModelFactory[EvidenceNote]):
    """What was learned there, released by who was there."""

    class Meta:
        model = EvidenceNote

    activity = factory.SubFactory(ActivityFactory)
    author = factory.SelfAttribute("activity.appraisal.person")
    parts = factory.LazyFunction(lambda: [["What will you do differently?", "Sort calls at the door."]])
