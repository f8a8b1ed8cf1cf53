"""Calendar files of placements: iCalendar with a stable UID per visit and a sequence that rises."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from accounts.models import Person
from shadowing.models import Placement, Visit


def invitation(placement: Placement) -> str:
    """An invitation (METHOD:REQUEST) to every standing visit of ``placement``."""
    return _calendar(placement, "REQUEST", "CONFIRMED")


def cancellation(placement: Placement) -> str:
    """The cancellation (METHOD:CANCEL) of every visit of ``placement``."""
    return _calendar(placement, "CANCEL", "CANCELLED")


def _calendar(placement: Placement, method: str, status: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//job shadowing//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for visit in placement.visits.all():
        calendar.add_component(_event(placement, visit, status))
    return str(calendar.to_ical(), "utf-8")


def _event(placement: Placement, visit: Visit, status: str) -> Event:
    host = urlsplit(settings.SITE_URL).hostname
    event = Event()
    event.add("uid", f"visit-{visit.pk}-{placement.pk}@{host}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("sequence", placement.sequence)
    event.add("status", status)
    event.add("summary", f"{placement.request.offer.title} ({placement.shadow} visits {placement.host})")
    event.add("location", placement.place or str(placement.request.offer.site or ""))
    event.add("description", f"{settings.SITE_URL}{placement.get_absolute_url()}")
    event["organizer"] = _address(placement.host, "CHAIR")
    for person in (placement.shadow, placement.host):
        event.add("attendee", _address(person, "REQ-PARTICIPANT"), encode=False)
    return event


def _address(person: Person, role: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = vText(person.full_name)
    address.params["role"] = vText(role)
    return address
