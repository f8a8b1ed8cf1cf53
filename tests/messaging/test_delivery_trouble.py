"""Test delivery in trouble: faulty mails, servers that are away or hang, parallel senders."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from email import message_from_bytes
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from messaging import claims, delivery
from messaging.claims import LEASE
from messaging.delivery import deliver, deliver_owed
from messaging.enums import MessageStatus
from tests.conftest import Mailbox
from tests.factories import PersonFactory
from tests.messaging.owed import owed, state, taken
from tests.messaging.sinks import FaultyFolder, closed_port, point_at, silent_server

pytestmark = pytest.mark.usefixtures("no_rest")


# --- one bad mail stops nobody ---------------------------------------------------------------------------


def test_line_break_in_an_address_is_refused_and_the_others_are_sent(
    person: Person, server: FaultyFolder
) -> None:
    bad = owed(person, to_email="mary@example.ac.uk\nBcc: all@example.ac.uk")
    good = [owed(person) for _ in range(3)]
    assert deliver_owed() == 3
    assert state(bad).status == MessageStatus.FAILED
    assert bad.last_error.startswith("The mail cannot be written")
    assert {state(message).status for message in good} == {MessageStatus.SENT}
    assert not any(b"all@example.ac.uk" in raw for raw in taken(server))


def test_line_break_in_a_subject_is_refused(person: Person, server: FaultyFolder) -> None:
    bad = owed(person, "Hello\nBcc: all@example.ac.uk")
    assert deliver_owed() == 0
    assert state(bad).status == MessageStatus.FAILED


def test_refused_mails_among_many_stop_nobody(person: Person, server: FaultyFolder) -> None:
    server.refused_addresses["gone@example.ac.uk"] = "550 No such person"
    server.refused_words["poison"] = "554 No"
    server.dropped_words.append("cut-the-line")
    bad = [
        owed(person, to_email="gone@example.ac.uk"),
        owed(person, "poison"),
        owed(person, "cut-the-line"),
        owed(person, to_email="a@b\nc"),
        owed(person, "two\nlines"),
    ]
    good = [owed(person, f"Number {number}") for number in range(40)]
    started = time.monotonic()
    assert deliver_owed() == 40
    assert time.monotonic() - started < 10
    assert {state(message).status for message in good} == {MessageStatus.SENT}
    assert all(state(message).last_error for message in bad)


def test_line_cut_by_the_server_is_tried_again(person: Person, server: FaultyFolder) -> None:
    server.dropped_words.append("Hello")
    message = owed(person)
    assert not deliver(message.pk)
    assert state(message).status == MessageStatus.QUEUED
    server.dropped_words.clear()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        assert deliver(message.pk)


def test_unforeseen_fault_is_noted_and_not_for_good(
    person: Person, server: FaultyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("something new")

    monkeypatch.setattr(delivery, "compose", broken)
    message = owed(person)
    assert not deliver(message.pk)
    assert state(message).status == MessageStatus.QUEUED
    assert "something new" in message.last_error


# --- a server that is away, or hangs ---------------------------------------------------------------------


def test_server_away_costs_no_mail_an_attempt(person: Person, settings: Settings, mailbox: Mailbox) -> None:
    good = settings.EMAIL_PORT
    point_at(settings, closed_port())
    messages = [owed(person) for _ in range(3)]
    assert deliver_owed() == 0
    assert {state(message).attempts for message in messages} == {0}
    point_at(settings, good)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "_paused_until", {})
        assert deliver_owed() == 3


def test_server_away_is_left_alone_for_a_while(
    person: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_at(settings, closed_port())
    message = owed(person)
    assert not deliver(message.pk)
    calls: list[int] = []
    monkeypatch.setattr(delivery, "get_connection", lambda: calls.append(1))
    assert not deliver(message.pk)
    assert calls == []


def test_silent_server_is_given_up_after_its_time(person: Person, settings: Settings) -> None:
    with silent_server(settings):
        message = owed(person)
        started = time.monotonic()
        assert not deliver(message.pk)
        assert time.monotonic() - started < 3
    assert state(message).status == MessageStatus.QUEUED


def test_sweep_over_one_connection_sends_all(person: Person, server: FaultyFolder) -> None:
    for _ in range(10):
        owed(person)
    assert deliver_owed() == 10
    assert len(server.sessions) == 1


def test_sweep_ends_when_its_time_is_over(person: Person, server: FaultyFolder) -> None:
    for _ in range(3):
        owed(person)
    assert deliver_owed(seconds=-1) == 0
    assert deliver_owed(limit=2) == 2


def test_server_failing_at_quit_causes_no_error(
    person: Person, server: FaultyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rude(self: object) -> None:
        raise SMTPServerDisconnected("gone already")

    message = owed(person)
    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.close", rude)
    assert deliver(message.pk)
    assert state(message).status == MessageStatus.SENT


# --- several senders -------------------------------------------------------------------------------------


def test_claimed_mail_is_left_to_its_sender(person: Person, server: FaultyFolder) -> None:
    lease = timezone.now() + LEASE
    owed(person, status=MessageStatus.SENDING, claim=uuid.uuid4(), leased_until=lease)
    assert deliver_owed() == 0


def test_mail_of_a_sender_who_died_is_sent_after_the_lease(person: Person, server: FaultyFolder) -> None:
    lease = timezone.now() + LEASE
    message = owed(person, status=MessageStatus.SENDING, claim=uuid.uuid4(), leased_until=lease)
    with time_machine.travel(lease + dt.timedelta(seconds=1)):
        assert deliver_owed() == 1
    assert state(message).status == MessageStatus.SENT


def test_result_is_written_by_the_holder_of_the_claim_only(person: Person, server: FaultyFolder) -> None:
    message = owed(person)
    (late,) = claims.claim(1, only=message.pk)
    with time_machine.travel(timezone.now() + LEASE + dt.timedelta(seconds=1)):
        assert deliver(message.pk)
    delivery.note_failure(late, OSError("slow"))
    assert state(message).status == MessageStatus.SENT


def test_lease_outlasts_every_wait_for_the_server(settings: Settings) -> None:
    assert LEASE.total_seconds() > 5 * settings.EMAIL_TIMEOUT
    assert LEASE.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


@pytest.mark.django_db(transaction=True)
def test_six_sweepers_send_each_mail_once(server: FaultyFolder) -> None:
    person = PersonFactory.create(email="mary@example.ac.uk")
    for number in range(60):
        owed(person, f"Number {number}")
    counts: list[int] = []

    def sweep() -> None:
        counts.append(deliver_owed())
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 60
    subjects = [message_from_bytes(raw)["Subject"] for raw in taken(server)]
    assert sorted(subjects) == sorted(f"Number {number}" for number in range(60))


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_sending(server: FaultyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    open_then: list[bool] = []
    compose = delivery.compose

    def watched(*given: object) -> object:
        open_then.append(connection.in_atomic_block)
        return compose(*given)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(delivery, "compose", watched)
    owed(PersonFactory.create())
    assert deliver_owed() == 1
    assert open_then == [False]
