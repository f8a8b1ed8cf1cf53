"""Test claims: batch sizes, release, marking by the holder only, and a database restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from messaging import claims, delivery
from messaging.claims import LEASE, MARK_SECONDS, MIN_LEASE_LEFT
from messaging.delivery import LARGEST_BATCH, deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.factories import PersonFactory
from tests.messaging.owed import another_session, owed, state, taken
from tests.messaging.sinks import FaultyFolder

pytestmark = pytest.mark.usefixtures("no_rest")


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were claimed each time."""
    sizes: list[int] = []
    claim = claims.claim

    def watched(limit: int, **given: object) -> list[Message]:
        found = claim(limit, **given)  # type: ignore[arg-type]  # handed through as it came
        sizes.append(len(found))
        return found

    monkeypatch.setattr(claims, "claim", watched)
    return sizes


@pytest.fixture
def not_stopping() -> Iterator[None]:
    """Reset the stop request for the next test."""
    yield
    delivery._stopping[0] = 0


def statuses(messages: list[Message]) -> list[str]:
    return [state(message).status for message in messages]


# --- batches ---------------------------------------------------------------------------------------------


def test_batches_grow_while_the_server_is_quick(
    person: Person, server: FaultyFolder, batches: list[int]
) -> None:
    for _ in range(60):
        owed(person)
    assert deliver_owed() == 60
    assert batches == [1, 2, 4, 8, 16, LARGEST_BATCH, 9, 0]


def test_slow_server_gets_the_mails_one_by_one(
    person: Person, server: FaultyFolder, batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SLOW_SECONDS", 0.05)
    for _ in range(7):
        owed(person)
    server.slow_words["Number 4"] = 0.2
    owed(person, "Number 4", not_before=timezone.now() - dt.timedelta(minutes=1))
    assert deliver_owed() == 8
    assert batches[:3] == [1, 1, 2]


def test_mail_claimed_behind_a_slow_mail_is_released(
    person: Person, server: FaultyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SLOW_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "LARGEST_BATCH", 4)
    server.seconds = 0.1
    messages = [owed(person) for _ in range(4)]
    sender = delivery._DeliveryRun(60)
    sender._send_batch(claims.claim(4))
    assert sorted(statuses(messages)) == ["queued", "queued", "queued", "sent"]
    assert {state(message).attempts for message in messages if message.status == "queued"} == {0}


# --- given back ------------------------------------------------------------------------------------------


def test_untried_mail_is_released_when_connection_fails(person: Person, server: FaultyFolder) -> None:
    server.refused_words["Hello"] = "421 4.7.0 Too much from you"
    messages = [owed(person) for _ in range(20)]
    assert deliver_owed() == 0
    tried = [message for message in messages if state(message).attempts]
    assert 1 <= len(tried) <= 3
    assert set(statuses(messages)) == {MessageStatus.QUEUED}


def test_stopped_sender_releases_untried_mail(
    person: Person, server: FaultyFolder, not_stopping: None
) -> None:
    messages = [owed(person, f"Number {number}") for number in range(10)]
    sender, held = delivery._DeliveryRun(60), claims.claim(10)
    server.taking = delivery.request_stop
    sender._send_batch(held)
    assert sorted(statuses(messages)) == ["queued"] * 9 + ["sent"]
    assert {state(message).attempts for message in messages} == {0, 1}
    assert deliver_owed() == 0


def test_sender_that_is_ended_gives_back_what_it_held(
    person: Person, server: FaultyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    messages = [owed(person) for _ in range(5)]
    monkeypatch.setattr(delivery, "compose", ended)
    sender, held = delivery._DeliveryRun(60), claims.claim(5)
    with pytest.raises(KeyboardInterrupt):
        sender._send_batch(held)
    assert set(statuses(messages)) == {MessageStatus.QUEUED}
    assert sorted(message.attempts for message in messages) == [0, 0, 0, 0, 1]


def test_nothing_is_sent_with_little_of_the_lease_left(person: Person, server: FaultyFolder) -> None:
    message = owed(person)
    sender, held = delivery._DeliveryRun(3600), claims.claim(1)
    with time_machine.travel(timezone.now() + LEASE - MIN_LEASE_LEFT + dt.timedelta(seconds=1)):
        sender._send_batch(held)
    assert (state(message).status, message.attempts) == (MessageStatus.QUEUED, 0)
    assert taken(server) == []


def test_a_mail_with_enough_lease_is_marked_before_it_ends(settings: Settings) -> None:
    """Five steps of a server that answers at the last moment, then a database that comes back at the last."""
    assert MIN_LEASE_LEFT.total_seconds() > 5 * 60 + MARK_SECONDS
    assert LEASE > MIN_LEASE_LEFT


# --- the database goes away ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_connection_lost_after_server_accepts_sends_no_duplicate(
    server: FaultyFolder,
) -> None:
    message = owed(PersonFactory.create())
    server.taking = _end_of_this_session()
    assert deliver_owed() == 1
    assert state(message).status == MessageStatus.SENT
    assert deliver_owed() == 0
    assert len(taken(server)) == 1


def _end_of_this_session() -> Callable[[], None]:
    """Return a function that ends this thread's database session from another session, as a restart would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]

    def end() -> None:
        with another_session() as other:
            other.execute("SELECT pg_terminate_backend(%s)", [number])

    return end
