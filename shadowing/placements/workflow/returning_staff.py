"""Returning staff: their calendar is updated with what it missed.

No mail is sent to people while they are inactive, so their visits may have moved, ended or gone to others
meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

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
        known, due = _known(person, placement, visit), takes_part and visit.stands
        missed = known is not None and known != placement.sequence
        if missed and (due or _is_shown(person, placement, visit)):
            emails.queue_calendar_update(person, placement, visit, "REQUEST" if due else "CANCEL")
            was_told = 1
    return was_told


def _last_mail(person: Person, placement: Placement, visit: Visit) -> Message | None:
    mails = Message.objects.filter(recipient=person, calendar__contains=f"visit-{visit.pk}-{placement.pk}")
    return mails.order_by("-dated").first()


def _known(person: Person, placement: Placement, visit: Visit) -> int | None:
    """Return the newest sequence number their calendar got for this date; None if it never got one."""
    mail = _last_mail(person, placement, visit)
    events = Calendar.from_ical(mail.calendar).walk("VEVENT") if mail is not None else []
    return int(str(events[0]["SEQUENCE"])) if events else None


def _is_shown(person: Person, placement: Placement, visit: Visit) -> bool:
    mail = _last_mail(person, placement, visit)
    return mail is not None and mail.calendar_method == "REQUEST"
