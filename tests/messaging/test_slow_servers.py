"""Test slow and throttling mail servers, and faulty mails among many good ones."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from messaging import delivery
from messaging.delivery import PAUSE_SCORE, SERVER_ERROR_SCORE, deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.factories import PersonFactory
from tests.messaging.owed import owed, state, taken
from tests.messaging.sinks import FaultyFolder

pytestmark = pytest.mark.usefixtures("no_rest")


def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has been left alone for long enough."""
    monkeypatch.setattr(delivery, "_paused_until", {})


def test_five_bad_mails_among_two_hundred_stop_nobody(person: Person, server: FaultyFolder) -> None:
    server.refused_addresses["gone@example.ac.uk"] = "550 No such person"
    server.refused_words["poison"] = "554 No"
    bad = [
        owed(person, to_email="mary@example.ac.uk\r\nBcc: all@example.ac.uk"),
        owed(person, to_email="märy@example.ac.uk"),
        owed(person, to_email="gone@example.ac.uk"),
        owed(person, "two\nlines"),
        owed(person, "poison"),
    ]
    for number in range(195):
        owed(person, f"Number {number}")
    started = time.monotonic()
    assert deliver_owed() == 195
    assert time.monotonic() - started < 30, "ten on a machine of its own: see the drill"
    assert {state(message).status for message in bad} == {MessageStatus.FAILED}
    assert set(Message.objects.failed()) == set(bad)
    assert all(message.last_error for message in bad)
    assert not any(b"all@example" in raw for raw in taken(server))


@pytest.mark.parametrize("code", ["421", "451"])
def test_server_that_puts_off_everything_is_left_alone_and_costs_few_mails_an_attempt(
    person: Person, server: FaultyFolder, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    server.refused_words["Hello"] = f"{code} 4.3.0 Later, please"
    messages = [owed(person) for _ in range(40)]
    assert deliver_owed() == 0
    tried = [message for message in messages if state(message).attempts]
    assert len(tried) == (PAUSE_SCORE if code == "451" else -(-PAUSE_SCORE // SERVER_ERROR_SCORE))
    assert all("Later, please" in message.last_error for message in tried)
    assert deliver_owed() == 0, "it is left alone"
    assert sum(bool(state(message).attempts) for message in messages) == len(tried)
    server.refused_words.clear()
    rested(monkeypatch)
    assert deliver_owed() == 40 - len(tried), "the others have no pause to wait for"
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=16)):
        assert deliver_owed() == len(tried)


def test_server_that_refuses_the_address_and_hangs_up_is_taken_at_its_word(
    person: Person, server: FaultyFolder
) -> None:
    """421 in answer to an address means the connection, not the person."""
    server.refused_addresses[person.email] = "421 4.7.0 Too many connections"
    messages = [owed(person) for _ in range(20)]
    assert deliver_owed() == 0
    assert {state(message).status for message in messages} == {MessageStatus.QUEUED}
    assert sum(message.attempts for message in messages) <= 3


def test_one_refusal_for_now_does_not_hold_up_the_others(person: Person, server: FaultyFolder) -> None:
    server.refused_addresses["grey@example.ac.uk"] = "450 4.2.0 Greylisted"
    for number in range(60):
        owed(person, to_email="grey@example.ac.uk" if number % 3 == 0 else person.email)
    assert deliver_owed() == 40


@pytest.mark.django_db(transaction=True)
def test_slow_mail_does_not_hold_up_another_sender(server: FaultyFolder, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 30
    person = PersonFactory.create()
    server.slow_words["Slow one"] = 4.0
    long_ago = timezone.now() - dt.timedelta(hours=1)
    owed(person, "Slow one", not_before=long_ago)
    counts: dict[str, int] = {}

    def sweep(name: str) -> None:
        counts[name] = deliver_owed(seconds=3)
        connections.close_all()

    first = threading.Thread(target=sweep, args=["first"])
    first.start()
    deadline = time.monotonic() + 20
    while not Message.objects.filter(status=MessageStatus.SENDING).exists():
        assert time.monotonic() < deadline, "the first sweep has not begun, or was over too soon"
        time.sleep(0.01)
    for number in range(30):
        owed(person, f"Number {number}")
    started = time.monotonic()
    sweep("second")
    assert counts == {"second": 30}
    assert time.monotonic() - started < 3.5
    first.join(20)
    assert counts["first"] == 1


def test_hung_up_line_says_so(person: Person, server: FaultyFolder) -> None:
    server.dropped_words.append("Hello")
    message = owed(person)
    deliver_owed()
    assert state(message).last_error.startswith("The mail server hung up")
