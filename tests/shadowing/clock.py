"""A clock that tests move: Monday 1 March 2027, nine o'clock, until it is told otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Person
from messaging.models import Message

MONDAY = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)  # day 0 of what is sent on it


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is Monday; nothing moves but by hand."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def on(day: int, month: int = 3) -> dt.datetime:
    """Nine o'clock on a day of March 2027."""
    return dt.datetime(2027, month, day, 9, tzinfo=dt.UTC)


def mails(template: str, to: Person | None = None) -> list[Message]:
    """Return the queued mails of one template, optionally those to one person."""
    found = Message.objects.filter(template=template).order_by("dated", "to_email")
    return list(found.filter(recipient=to) if to else found)


def forget_mails() -> None:
    """Delete all mails; those gathered into a digest first, because they refer to it."""
    Message.objects.filter(gathered_into__isnull=False).delete()
    Message.objects.all().delete()
