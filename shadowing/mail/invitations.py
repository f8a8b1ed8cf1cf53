"""Calendar parts of mails, and calendar files: each date keeps one UID, with a rising sequence number.

An invitation has one event: an iTIP request is about one UID, and Outlook reads only the first event. The
organiser is the site, not the host: calendars do not invite the organiser, so the host's own calendar would
stay empty. Both sides have agreed already, so no reply is requested.
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
    """Return an invitation (METHOD:REQUEST) to one date, or the update of an earlier one."""
    return _calendar(placement, [visit], "REQUEST")


def visit_cancellation(placement: Placement, visit: Visit, *, to: Person | None = None) -> str:
    """Return the cancellation (METHOD:CANCEL) of one date, for everybody or for ``to`` alone."""
    return _calendar(placement, [visit], "CANCEL", only=to)


def calendar_file(placement: Placement) -> str:
    """Return a file with every standing date for import by hand (METHOD:PUBLISH)."""
    return _calendar(placement, placement.visits.filter(stands=True), "PUBLISH")


def new_calendar(method: str) -> Calendar:
    """Return a calendar without events."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//job shadowing//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def new_event(
    uid: str, times: tuple[dt.datetime, dt.datetime], *, stamp: dt.datetime, sequence: int
) -> Event:
    """Return an event with what every calendar program needs: permanent UID, times and sequence number."""
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", times[0].astimezone(dt.UTC))
    event.add("dtend", times[1].astimezone(dt.UTC))
    event.add("sequence", sequence)
    event["organizer"] = _organiser()
    return event


def visit_event(placement: Placement, visit: Visit, *, stamp: dt.datetime, stands: bool) -> Event:
    """Return the event of one date; its UID is the same in mails, files and feeds."""
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
    """Return text with line breaks and runs of spaces replaced by single spaces."""
    return " ".join(text.split())


def _contact(placement: Placement) -> str:
    return f"On the day: {one_line(placement.contact)}\n" if placement.contact else ""


def _people(placement: Placement) -> list[Person]:
    """Return the attendees; some calendars refuse an invitation whose recipient is not listed."""
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
