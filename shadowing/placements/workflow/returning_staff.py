"""Returning staff: their calendar is updated with what it missed.

No mail is sent to people while they are inactive, so their visits may have moved, ended or gone to others
meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from icalendar import Calendar

from accounts import batch
from accounts.models import Person
from messaging.models import Message
from shadowing.mail import emails
from shadowing.models import Participation, Placement, Visit
from shadowing.rules.batch import one_by_one
from shadowing.rules.participants import part_of

RETURNED = batch.Job("returned", "The calendar of somebody who came back could not be put right", Placement)


def follow_returned(people: Collection[int]) -> int:
    """Update the calendars of those of ``people`` who are active; return for how many visits."""
    rows = Participation.objects.filter(person__in=people, person__is_active=True)
    ahead = rows.filter(placement__visits__starts_at__gt=timezone.now())
    pairs = ahead.order_by("placement", "person").values_list("placement", "person").distinct()
    return one_by_one(RETURNED, _bring_up_to_date, list(pairs))


def _bring_up_to_date(placement: Placement, pk: int) -> int:
    person, was_told = Person.objects.get(pk=pk), 0
    takes_part = part_of(person, placement) is not None
    for visit in placement.visits.filter(starts_at__gt=timezone.now()):
        known, due = _last_entry(person, placement, visit), takes_part and visit.stands
        if known is not None and known.sequence == placement.sequence:
            continue
        if due or (known is not None and known.method == "REQUEST"):
            emails.queue_calendar_update(person, placement, visit, "REQUEST" if due else "CANCEL")
            was_told = 1
    return was_told


@dataclass(frozen=True)
class _Entry:
    """What somebody's calendar was last told about one date."""

    sequence: int
    method: str


def _last_entry(person: Person, placement: Placement, visit: Visit) -> _Entry | None:
    """Return the newest entry their calendar got for this date; None if they were away when it was agreed.

    A mail that merges several has a calendar for each of them, for other dates too.
    """
    uid = f"visit-{visit.pk}-{placement.pk}@"
    mails = Message.objects.filter(recipient=person, calendar__contains=uid)
    mail = mails.order_by("-dated", "-pk").first()
    if mail is None:
        return None
    entries = [
        _Entry(int(str(event["SEQUENCE"])), str(calendar["METHOD"]))
        for calendar in Calendar.from_ical(mail.calendar, multiple=True)
        for event in calendar.walk("VEVENT")
        if str(event["UID"]).startswith(uid)
    ]
    return max(entries, key=lambda entry: entry.sequence) if entries else None
