"""Waiting items opened in the past, with the reminders until today done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from accounts import waiting
from accounts.clocks import WHOLE_WEEK, WorkingCalendar, plan_from
from accounts.models import Person, WaitingItem
from demo.demo_days import Days


def wait(
    owner: Person,
    kind: str,
    subject: models.Model,
    *,
    since: dt.datetime,
    remind: Iterable[int],
    days: Days,
    about: Person | None = None,
) -> WaitingItem:
    """Open an item as of ``since``; the reminders until today count as sent."""
    calendar = WorkingCalendar(
        days.calendar.country,
        days.calendar.region,
        days.calendar.closures,
        frozenset(owner.working_days or WHOLE_WEEK),
    )
    plan = plan_from(calendar, timezone.localdate(since), remind=remind)
    item = waiting.open_item(owner, kind, subject, plan=plan, about=about)
    WaitingItem.objects.filter(pk=item.pk).update(since=since)
    while item.next_on is not None and item.next_on <= days.today:
        waiting.advance(item)
    return item
