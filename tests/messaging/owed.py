"""Helpers to queue mail and read what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from accounts.models import Person
from messaging import delivery
from messaging.models import Message
from tests.factories import PersonFactory
from tests.messaging.sinks import FaultyFolder, faulty_server


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the rest an earlier one caused."""
    monkeypatch.setattr(delivery, "_paused_until", {})


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[FaultyFolder]:
    """Start a mail server that refuses chosen mails."""
    with faulty_server(tmp_path / "faulty", settings) as taker:
        yield taker


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory.create(email="mary@example.ac.uk")


def owed(person: Person, subject: str = "IT Services visit: decide", **fields: object) -> Message:
    values: dict[str, object] = {
        "key": f"test:{uuid.uuid4()}",
        "template": "test",
        "recipient": person,
        "to_email": person.email,
        "subject": subject,
        "text": "Hello Mary,\n",
        "html": "<p>Hello Mary,</p>",
        "message_id": f"<{uuid.uuid4()}@test>",
        **fields,
    }
    return Message.objects.create(**values)


def another_session() -> psycopg.Connection[tuple[object, ...]]:
    """A second session in this test's database."""
    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: given[name] for name in names if given.get(name)})


def state(message: Message) -> Message:
    message.refresh_from_db()
    return message


def taken(server: FaultyFolder) -> list[bytes]:
    return [path.read_bytes() for path in sorted(server.folder.glob("*.eml"))]
