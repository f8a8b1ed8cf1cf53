"""Calendar parts of mails and files to download: one UID per visit for good, and a sequence that rises.

An invitation holds one visit: an iTIP request is about one UID, and Outlook takes only the first event of
one that holds more. The organiser is the site, not the host: who organises a meeting cannot be invited to
it, so the host's own calendar would stay empty. Both sides have agreed already, so no answer is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from accounts.models import Person
from shadowing.models import Placement, Visit
from shadowing.rules.participants import hosts_of_visit


def visit_invitation(placement: Placement, visit: Visit) -> str:
    """An invitation (METHOD:REQUEST) to one visit, or the update of an earlier one."""
    return _calendar(placement, [visit], "REQUEST")


def visit_cancellation(placement: Placement, visit: Visit, *, to: Person | None = None) -> str:
    """What takes one visit out of a calendar (METHOD:CANCEL): of everybody, or of ``to`` alone."""
    return _calendar(placement, [visit], "CANCEL", only=to)


def calendar_file(placement: Placement) -> str:
    """A file with every standing visit, to be imported by hand (METHOD:PUBLISH)."""
    return _calendar(placement, placement.visits.filter(stands=True), "PUBLISH")


def new_calendar(method: str) -> Calendar:
    """A calendar without events."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//job shadowing//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def new_event(
    uid: str, times: tuple[dt.datetime, dt.datetime], *, stamp: dt.datetime, sequence: int
) -> Event:
    """An event with what every calendar program wants of one: its name for good, and how new it is."""
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", times[0].astimezone(dt.UTC))
    event.add("dtend", times[1].astimezone(dt.UTC))
    event.add("sequence", sequence)
    event["organizer"] = _organiser()
    return event


def visit_event(placement: Placement, visit: Visit, *, stamp: dt.datetime, stands: bool) -> Event:
    """One visit as an event; the same UID wherever it is told of."""
    page = f"{settings.SITE_URL}{placement.get_absolute_url()}"
    times = (visit.starts_at, visit.ends_at)
    event = new_event(f"visit-{visit.pk}-{placement.pk}", times, stamp=stamp, sequence=placement.sequence)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    event.add(
        "summary", one_line(f"{placement.request.offer.title} ({placement.shadow} visits {placement.host})")
    )
    event.add("location", one_line(placement.place or str(placement.request.offer.site or "")))
    event.add("description", f"{_contact(placement)}{page}")
    event.add("url", page)
    return event


def _calendar(
    placement: Placement, visits: Iterable[Visit], method: str, *, only: Person | None = None
) -> str:
    calendar, now = new_calendar(method), timezone.now()
    people = [only] if only is not None else _people(placement)
    attendees = [] if method == "PUBLISH" else [_attendee(person) for person in people]
    for visit in visits:
        event = visit_event(placement, visit, stamp=now, stands=method != "CANCEL")
        for attendee in attendees:
            event.add("attendee", attendee, encode=False)
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def one_line(text: str) -> str:
    """Typed words without line breaks of their own."""
    return " ".join(text.split())


def _contact(placement: Placement) -> str:
    return f"On the day: {one_line(placement.contact)}\n" if placement.contact else ""


def _people(placement: Placement) -> list[Person]:
    """Everybody who gets the invitation; who is not on the list is not let in by some calendars."""
    return [placement.shadow, *hosts_of_visit(placement)]


def _organiser() -> vCalAddress:
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return _address(email, name or settings.SITE_NAME)


def _attendee(person: Person) -> vCalAddress:
    address = _address(person.email, person.full_name)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("ACCEPTED")
    address.params["rsvp"] = vText("FALSE")
    return address


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["cn"] = vText(one_line(name).replace('"', "’"))
    return address
