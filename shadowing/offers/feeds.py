"""Calendars to subscribe to: a person's own visits, and the dates a department offers.

The address is the key, because calendar programs cannot sign in. A person's is a random token that can be
renewed; a department's is made from its key with SECRET_KEY, and shows only what everybody signed in sees.
"""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Calendar, Event

from accounts.models import Person
from departments.models import Department
from shadowing.mail.invitations import new_calendar, new_event, one_line, visit_event
from shadowing.models import Offer, Participation, Session, Visit

LOOK_BACK = dt.timedelta(days=90)
CANCELLED_SHOWN = dt.timedelta(days=30)
REFRESH = dt.timedelta(hours=1)
MOST = 1000
SALT = "shadowing.feeds.department"  # of addresses people have subscribed to: it stays
DEPARTMENT = re.compile(r"department-([1-9][0-9]{0,8})-([0-9a-f]{64})")
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")  # shorter ones can be guessed


def address_of(department: Department) -> str:
    """The full address of a department's calendar."""
    path = reverse(
        "shadowing:calendar-feed", args=[f"department-{department.pk}-{_mark(str(department.pk))}"]
    )
    return f"{settings.SITE_URL}{path}"


def feed(token: str) -> bytes | None:
    """The calendar behind a token; None for one that was guessed, renewed, or of somebody who has left.

    What the answer takes tells nothing of how near a guess was: marks are compared in constant time, and a
    person's token is 256 random bits, found whole in an index or not at all.
    """
    found = DEPARTMENT.fullmatch(token)
    if found is not None:
        real = constant_time_compare(found[2], _mark(found[1]))
        department = Department.objects.filter(pk=int(found[1])).first() if real else None
        return department_calendar(department) if department is not None else None
    if TOKEN.fullmatch(token) is None:
        return None
    person = Person.objects.active().filter(calendar_token=token).first()
    return personal_calendar(person) if person is not None else None


def personal_calendar(person: Person) -> bytes:
    """The visits ``person`` takes part in, those called off lately marked as cancelled."""
    visits = _visits_of(person)  # first, so that the title tells its person apart from the others
    calendar = _subscribed(f"Visits of {person.full_name}")
    for visit in visits:
        placement = visit.placement
        kept = visit.stands or visit.took_place is not None  # what was missed stays where it was
        event = visit_event(placement, visit, stamp=placement.changed_at, stands=kept)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def department_calendar(department: Department) -> bytes:
    """The dated sessions of a department and its teams that still have a place; nobody is named."""
    calendar = _subscribed(f"Visits to {department.name}")
    for session in _sessions_of(department):
        calendar.add_component(_session_event(session))
    return bytes(calendar.to_ical())


def _mark(key: str) -> str:
    return salted_hmac(SALT, key, algorithm="sha256").hexdigest()


def _subscribed(name: str) -> Calendar:
    calendar = new_calendar("PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _visits_of(person: Person) -> list[Visit]:
    now = timezone.now()
    mine = Participation.objects.active().filter(person=person).order_by().values("placement")
    shown = Q(stands=True) | Q(placement__changed_at__gte=now - CANCELLED_SHOWN)
    visits = Visit.objects.filter(shown, ends_at__gte=now - LOOK_BACK)
    visits = visits.filter(placement__in=mine)
    related = ("placement__shadow", "placement__host", "placement__request__offer__site")
    return list(visits.select_related(*related).order_by("starts_at", "pk")[:MOST])


def _sessions_of(department: Department) -> list[Session]:
    offers = Offer.objects.listed().filter(department__in=Department.objects.branch([department.pk]))
    sessions = Session.objects.to_come().filter(by_arrangement=False, taken__lt=F("places"))
    sessions = sessions.filter(offer__in=offers.order_by().values("pk"))
    return list(
        sessions.select_related("offer__site", "offer__department").order_by("starts_at", "pk")[:MOST]
    )


def _session_event(session: Session) -> Event:
    offer, free = session.offer, session.free
    page = f"{settings.SITE_URL}{offer.get_absolute_url()}"
    event = new_event(
        f"session-{session.pk}",
        (session.starts_at, session.ends_at),
        stamp=offer.changed_at,
        sequence=offer.version,
    )
    event.add("summary", one_line(f"{offer.title} ({offer.department.name})"))
    event.add("location", one_line(str(offer.site or "")))
    event.add("description", f"{free} place{'' if free == 1 else 's'} free. Ask for one: {page}")
    event.add("url", page)
    event.add("transp", "TRANSPARENT")  # an invitation to all keeps nobody busy
    return event
