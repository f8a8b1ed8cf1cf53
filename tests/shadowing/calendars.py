"""Reads calendars from the site."""

from __future__ import annotations

from typing import Any

from django.test import Client
from icalendar import Calendar


def read(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content.decode())


def events(client: Client, path: str) -> list[Any]:
    """The events of a calendar; icalendar types its values as a union of everything there is."""
    return list(read(client, path).walk("VEVENT"))
