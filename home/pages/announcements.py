"""Announcements on the front page."""

from __future__ import annotations

import datetime as dt

from accounts.models import Person
from shadowing.models import Announcement

SHOWN_ON_HOME = 5


def announcements_for(person: Person, today: dt.date) -> list[Announcement]:
    """Return the announcements for the front page; takes one query."""
    shown = Announcement.objects.shown_to(person, today).select_related("by")
    return list(shown[:SHOWN_ON_HOME])
