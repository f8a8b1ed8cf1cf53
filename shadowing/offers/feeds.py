"""Calendar feeds: a person's own visits, and the session dates of a department.

The URL is the only credential, because calendar programs cannot sign in. A person's has a random token that
they can renew; a department's is derived from its key with SECRET_KEY, and shows only what everybody who is
signed in can see.
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
SALT = "shadowing.feeds.department"  # never change it: it is part of URLs people have subscribed to
DEPARTMENT = re.compile(r"department-([1-9][0-9]{0,8})-([0-9a-f]{64})")
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")  # shorter ones can be guessed


def address_of(department: Department) -> str:
    """Return the absolute URL of a department's calendar."""
    path = reverse(
        "shadowing:calendar-feed", args=[f"department-{department.pk}-{_signature(str(department.pk))}"]
    )
    return f"{settings.SITE_URL}{path}"


def feed(token: str) -> bytes | None:
    """Return the calendar for a token; None if the token is unknown or renewed, or its owner has left.

    Response times tell nothing about how close a guess was: marks are compared in constant time, and a
    person's token is 256 random bits, looked up as a whole in an index.
    """
    match = DEPARTMENT.fullmatch(token)
    if match is not None:
        real = constant_time_compare(match[2], _signature(match[1]))
        department = Department.objects.filter(pk=int(match[1])).first() if real else None
        return department_calendar(department) if department is not None else None
    if TOKEN.fullmatch(token) is None:
        return None
    person = Person.objects.active().filter(calendar_token=token).first()
    return personal_calendar(person) if person is not None else None


def personal_calendar(person: Person) -> bytes:
    """Return the visits of ``person``; recently cancelled ones are marked as cancelled."""
    visits = _visits_of(person)  # loaded first, so that the title tells namesakes apart
    calendar = _feed_calendar(f"Visits of {person.full_name}")
    for visit in visits:
        placement = visit.placement
        kept = visit.stands or visit.took_place is not None  # missed dates stay in the calendar
        event = visit_event(placement, visit, stamp=placement.changed_at, stands=kept)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def department_calendar(department: Department) -> bytes:
    """Return the dated sessions of a department and its teams with places left; it names nobody."""
    calendar = _feed_calendar(f"Visits to {department.name}")
    for session in _sessions_of(department):
        calendar.add_component(_session_event(session))
    return bytes(calendar.to_ical())


def _signature(key: str) -> str:
    return salted_hmac(SALT, key, algorithm="sha256").hexdigest()


def _feed_calendar(name: str) -> Calendar:
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
    event.add("transp", "TRANSPARENT")  # an open session does not block anybody's time
    return event
