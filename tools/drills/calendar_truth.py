"""Compare everybody's calendar, as mailed and as subscribed to, with their visits.

For each date to come a calendar holds the newest mail under the date's UID: an invitation (REQUEST) adds it,
a cancellation (CANCEL) removes it. The calendar of everybody who takes part in the visit must show the date
with its time and place; other calendars must not. Sequence numbers never fall, and a cancellation has a
higher number than what it cancels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Person
from departments.models import Site
from shadowing.models import Offer, Participation, Placement, Request, Visit
from shadowing.offers.feeds import personal_calendar
from tools.drills.world import Feeds, Mail, Shown, all_mails

READ_BY_FEEDS = (Offer, Participation, Person, Placement, Request, Site, Visit)
WITH_VISIT = " WHERE id IN (SELECT request_id FROM shadowing_placement)"


@dataclass(frozen=True)
class Entry:
    """What one mail or feed says about one date."""

    method: str
    sequence: int
    shown: Shown


def wrong_calendars(placements: Iterable[Placement]) -> list[str]:
    """Return a sentence for each error in a calendar about these visits; an empty list when there is none."""
    found = Placement.objects.filter(pk__in=[placement.pk for placement in placements])
    fresh = found.select_related("request__offer__site").prefetch_related("visits", "participations")
    return wrong_in_calendars(list(fresh), all_mails(), Person.objects.in_bulk(), {})


def wrong_in_calendars(
    placements: Iterable[Placement], mails: list[Mail], people: dict[int, Person], feeds: Feeds
) -> list[str]:
    """Return the same from records that were read already.

    ``feeds`` keeps everybody's feed with the versions of the rows it was made of: a feed is made again when
    one of them has changed. Of a feed only the dates to come are compared, which do not depend on the hour.
    """
    now = timezone.now()
    visits = [
        (visit, placement)
        for placement in placements
        for visit in placement.visits.all()
        if visit.starts_at > now
    ]
    mailed, versions, wrong = _mailed(mails), _versions(), list[str]()
    with_calendar = {*mailed, *Participation.objects.order_by().values_list("person", flat=True)}
    for pk in sorted(with_calendar):
        if people[pk].is_active:
            if feeds.get(pk, ("",))[0] != versions:
                feeds[pk] = (versions, _in_feed(people[pk]))
            wrong += _wrong_for(people[pk], visits, mailed[pk], feeds[pk][1])
    return wrong


def _versions() -> str:
    """Return a value that changes whenever a row changes of which feeds are made.

    PostgreSQL writes a new version of a row for each change; place and transaction tell versions apart.
    """
    rows = " UNION ALL ".join(
        f"SELECT '{model._meta.db_table}' || ctid::text || xmin::text || cmin::text AS version "  # noqa: S608  # no input
        f"FROM {model._meta.db_table}{WITH_VISIT if model is Request else ''}"
        for model in READ_BY_FEEDS
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(version, ' ' ORDER BY version)) FROM ({rows}) AS r")  # noqa: S608  # names of tables
        return str(cursor.fetchone()[0])


def _wrong_for(
    person: Person,
    visits: list[tuple[Visit, Placement]],
    mailed: dict[str, list[Entry]],
    feed: dict[str, Shown],
) -> Iterator[str]:
    for visit, placement in visits:
        uid = f"visit-{visit.pk}-{placement.pk}@"
        parts = placement.participations.all()
        takes_part = any(part.person_id == person.pk and part.left_at is None for part in parts)
        due = _due(visit, placement) if visit.stands and takes_part else None
        entries = mailed.get(uid, [])
        yield from _wrong_order(person, uid, entries)
        last = entries[-1] if entries else None
        has = last.shown if last is not None and last.method == "REQUEST" else None
        if has != due:
            yield f"{person}: mails show {has}, and {due} is so ({uid})."
        if feed.get(uid) != due:
            yield f"{person}: the feed shows {feed.get(uid)}, and {due} is so ({uid})."


def _due(visit: Visit, placement: Placement) -> Shown:
    place = placement.place or str(placement.request.offer.site or "")
    return visit.starts_at, visit.ends_at, " ".join(place.split())


def _wrong_order(person: Person, uid: str, entries: list[Entry]) -> Iterator[str]:
    for before, after in pairwise(entries):
        if after.sequence < before.sequence:
            yield f"{person}: the sequence falls from {before.sequence} to {after.sequence} ({uid})."
        if after.method != before.method and after.sequence <= before.sequence:
            yield f"{person}: {after.method} does not rise above {before.method} ({uid})."


def _mailed(mails: list[Mail]) -> defaultdict[int, dict[str, list[Entry]]]:
    """Return everything mailed to each person by UID, in the order in which the mails were queued."""
    found: defaultdict[int, dict[str, list[Entry]]] = defaultdict(dict)
    for mail in mails:
        if mail.calendar and mail.recipient is not None:
            for uid, entry in _entries(mail.calendar):
                found[mail.recipient].setdefault(uid, []).append(entry)
    return found


@lru_cache(maxsize=4096)
def _entries(text: str) -> list[tuple[str, Entry]]:
    """Return what a mail's calendar says; each text is read once, though checked after every step."""
    return [
        (_uid(event), _entry(event, str(calendar["METHOD"])))
        for calendar in Calendar.from_ical(text, multiple=True)
        for event in calendar.walk("VEVENT")
    ]


def _in_feed(person: Person) -> dict[str, Shown]:
    events = Calendar.from_ical(personal_calendar(person)).walk("VEVENT")
    standing = (event for event in events if str(event["STATUS"]) == "CONFIRMED")
    return {_uid(event): _entry(event, "PUBLISH").shown for event in standing}


def _uid(event: Any) -> str:
    return str(event["UID"]).partition("@")[0] + "@"


def _entry(event: Any, method: str) -> Entry:
    place = str(event.get("LOCATION", ""))
    return Entry(method, int(event["SEQUENCE"]), (event["DTSTART"].dt, event["DTEND"].dt, place))
