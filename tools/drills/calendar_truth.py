"""Compare everybody's calendar, as mailed and as subscribed to, with their visits.

For each date to come a calendar holds the newest mail under the date's UID: an invitation (REQUEST) adds it,
a cancellation (CANCEL) removes it. The calendar of everybody who takes part in the visit must show the date
with its time and place; other calendars must not. Sequence numbers never fall, and a cancellation has a
higher number than what it cancels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils import timezone
from icalendar import Calendar

from accounts.models import Person
from messaging.models import Message
from shadowing.models import Participation, Placement, Visit
from shadowing.offers.feeds import personal_calendar

Shown = tuple[Any, Any, str]


@dataclass(frozen=True)
class Entry:
    """What one mail or feed says about one date."""

    method: str
    sequence: int
    shown: Shown


def wrong_calendars(placements: Iterable[Placement]) -> list[str]:
    """Return a sentence for each error in a calendar about these visits; an empty list when there is none."""
    visits = list(
        Visit.objects.filter(placement__in=list(placements), starts_at__gt=timezone.now()).select_related(
            "placement__request__offer__site"
        )
    )
    mailed_people = set(Message.objects.exclude(calendar="").values_list("recipient", flat=True))
    participants = set(Participation.objects.values_list("person", flat=True))
    people = Person.objects.active().filter(pk__in=mailed_people | participants).order_by("pk")
    return [sentence for person in people for sentence in _wrong_for(person, visits)]


def _wrong_for(person: Person, visits: list[Visit]) -> Iterator[str]:
    taking_part = set(
        Participation.objects.active().filter(person=person).values_list("placement", flat=True)
    )
    mailed, feed = _mailed(person), _in_feed(person)
    for visit in visits:
        uid = f"visit-{visit.pk}-{visit.placement_id}@"
        due = _due(visit) if visit.stands and visit.placement_id in taking_part else None
        entries = mailed.get(uid, [])
        yield from _wrong_order(person, uid, entries)
        last = entries[-1] if entries else None
        has = last.shown if last is not None and last.method == "REQUEST" else None
        if has != due:
            yield f"{person}: mails show {has}, and {due} is so ({uid})."
        if feed.get(uid) != due:
            yield f"{person}: the feed shows {feed.get(uid)}, and {due} is so ({uid})."


def _due(visit: Visit) -> Shown:
    placement = visit.placement
    place = placement.place or str(placement.request.offer.site or "")
    return visit.starts_at, visit.ends_at, " ".join(place.split())


def _wrong_order(person: Person, uid: str, entries: list[Entry]) -> Iterator[str]:
    for before, after in pairwise(entries):
        if after.sequence < before.sequence:
            yield f"{person}: the sequence falls from {before.sequence} to {after.sequence} ({uid})."
        if after.method != before.method and after.sequence <= before.sequence:
            yield f"{person}: {after.method} does not rise above {before.method} ({uid})."


def _mailed(person: Person) -> dict[str, list[Entry]]:
    """Return everything mailed to one person by UID, in the order in which the mails were queued."""
    found: dict[str, list[Entry]] = {}
    for mail in Message.objects.filter(recipient=person).exclude(calendar="").order_by("dated", "pk"):
        for calendar in Calendar.from_ical(mail.calendar, multiple=True):
            for event in calendar.walk("VEVENT"):
                found.setdefault(_uid(event), []).append(_entry(event, str(calendar["METHOD"])))
    return found


def _in_feed(person: Person) -> dict[str, Shown]:
    events = Calendar.from_ical(personal_calendar(person)).walk("VEVENT")
    standing = (event for event in events if str(event["STATUS"]) == "CONFIRMED")
    return {_uid(event): _entry(event, "PUBLISH").shown for event in standing}


def _uid(event: Any) -> str:
    return str(event["UID"]).partition("@")[0] + "@"


def _entry(event: Any, method: str) -> Entry:
    place = str(event.get("LOCATION", ""))
    return Entry(method, int(event["SEQUENCE"]), (event["DTSTART"].dt, event["DTEND"].dt, place))
