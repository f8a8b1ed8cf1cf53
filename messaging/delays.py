"""Delays: whether a mail goes at once, within the hour's digest, or with the news of the next morning."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from messaging.collecting import collected_keys
from messaging.enums import UNSENT, Gathering, MessageStatus
from messaging.models import Message

LOOK_BACK = dt.timedelta(days=1)
MORNING = dt.time(7, 30)
FRIDAY = 5


def held_until(recipient: Person, gathering: Gathering, now: dt.datetime) -> dt.datetime | None:
    """Return until when a mail is held to be merged with others; None if it goes at once."""
    if gathering == Gathering.ASKS:
        return _end_of_the_hour(recipient, now)
    return next_morning(now) if gathering == Gathering.NEWS else None


def next_morning(now: dt.datetime) -> dt.datetime:
    """Return the next 7:30 from Monday to Friday, in the organisation's time zone."""
    local = timezone.localtime(now)
    day = local.date() if local.time() < MORNING else local.date() + dt.timedelta(days=1)
    while day.isoweekday() > FRIDAY:
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, MORNING, tzinfo=local.tzinfo)


def _end_of_the_hour(person: Person, now: dt.datetime) -> dt.datetime | None:
    """Return an hour after the first unanswered mail that asks; None if none was sent in the last hour.

    Mail of the operation in progress does not count, because it is merged with this one. GATHER_MINUTES sets
    the length of that hour, because nobody who tries the demo wants to wait for it.
    """
    hour = dt.timedelta(minutes=settings.GATHER_MINUTES)
    recent = now - hour
    unanswered = Message.objects.filter(
        recipient=person,
        needed_while__isnull=False,
        needed_while__closed_at__isnull=True,
        dated__gt=now - LOOK_BACK,
    ).exclude(pk__in=collected_keys())
    alone = Q(status=MessageStatus.SENT, sent_at__gt=recent) | Q(status__in=UNSENT, not_before__lte=now)
    inside = Q(gathered_into__sent_at__gt=recent) | Q(gathered_into__status__in=UNSENT)
    asked = unanswered.filter(alone | Q(inside, status=MessageStatus.GATHERED))
    moments = [own or merged or now for own, merged in asked.values_list("sent_at", "gathered_into__sent_at")]
    return min(moments) + hour if moments else None
