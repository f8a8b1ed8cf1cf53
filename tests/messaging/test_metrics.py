"""Test the metrics: right, index-only, and with a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.registry import CollectorRegistry

from accounts import waiting
from accounts.enums import NextStep
from accounts.models import Person
from messaging import claims, metrics, outbox
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
QUEUED, SENDING, FAILED = MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.FAILED


def owe(
    *, minutes: float, status: MessageStatus = QUEUED, attempts: int = 0, later: float = 0, number: int = 0
) -> Message:
    """Queue a mail ``minutes`` ago that may be sent ``later`` minutes after that."""
    now = timezone.now()
    since = now - dt.timedelta(minutes=minutes)
    busy = {"claim": "0" * 32, "leased_until": now + dt.timedelta(minutes=15)} if status == SENDING else {}
    return Message.objects.create(
        key=f"{minutes} {status} {attempts} {later} {number}",
        to_email="shadow@example.ac.uk",
        subject="Subject",
        message_id=f"<{minutes}.{status}.{attempts}.{later}.{number}@example.ac.uk>",
        dated=since,
        not_before=since + dt.timedelta(minutes=later),
        status=status,
        attempts=attempts,
        sent_at=now if status == MessageStatus.SENT else None,
        **busy,
    )


def number(name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(metrics.BacklogCollector())
    return registry.get_sample_value(name, labels)


def waited() -> int:
    """For how many minutes the oldest unsent mail has waited."""
    now = timezone.now()
    return round((now - (metrics.oldest_unsent(now) or now)).total_seconds() / 60)


# --- mail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "minutes"),
    [
        ({"minutes": 7}, 7),
        ({"minutes": 60, "later": 59}, 1),  # held for an hour, due for a minute
        ({"minutes": 60, "later": 61}, 0),  # held still
        ({"minutes": 20, "attempts": 3, "later": 25}, 20),  # tried in vain, resting
        ({"minutes": 7, "status": SENDING, "attempts": 2}, 7),
        ({"minutes": 60, "later": 59, "status": SENDING, "attempts": 1}, 1),  # held, and going out now
        ({"minutes": 60, "status": FAILED, "attempts": 9}, 0),
        ({"minutes": 60, "status": MessageStatus.SENT, "attempts": 1}, 0),
        ({"minutes": 60, "status": MessageStatus.DROPPED}, 0),
    ],
)
def test_mail_waits_from_when_it_should_have_gone(mail: dict[str, float], minutes: int) -> None:
    owe(**mail)  # type: ignore[arg-type]  # numbers and a status
    assert waited() == minutes


@pytest.mark.parametrize(
    ("held", "since"),
    [({"minutes": 450, "later": 450}, 0), ({"minutes": 60, "later": 57}, 3), ({"minutes": 3}, 3)],
)
def test_mail_tried_in_vain_waits_from_when_it_could_go(held: dict[str, float], since: int) -> None:
    """One greylisting of a mail that was held for hours is no trouble yet."""
    owe(**held)  # type: ignore[arg-type]  # numbers
    (message,) = claims.claim(1)
    claims.retry_later(message, dt.timedelta(seconds=15), "451 greylisted")
    assert waited() == since
    assert round((timezone.now() - message.dated).total_seconds() / 60) == since
    assert Message.objects.get().dated == message.dated


def test_mail_that_is_sent_again_waits_from_then() -> None:
    failed = owe(minutes=3 * 24 * 60, status=FAILED, attempts=9)
    outbox.requeue_failed(Message.objects.filter(pk=failed.pk))
    (message,) = claims.claim(1)
    claims.retry_later(message, dt.timedelta(seconds=15), "451 greylisted")
    assert waited() == 0
    Message.objects.update(not_before=timezone.now())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=7)):
        (message,) = claims.claim(1)
        claims.retry_later(message, dt.timedelta(minutes=5), "451 greylisted")
        assert waited() == 7


def test_the_oldest_counts() -> None:
    owe(minutes=3)
    owe(minutes=9, status=SENDING, attempts=1)
    owe(minutes=5)
    assert waited() == 9
    assert 539 < (number("crossing_mail_oldest_unsent_seconds") or 0) < 545


def test_queue_is_counted_by_what_it_waits_for() -> None:
    owe(minutes=1)
    owe(minutes=2)
    owe(minutes=1, later=10)
    owe(minutes=1, status=SENDING, attempts=1)
    owe(minutes=1, status=FAILED)
    owe(minutes=1, status=MessageStatus.SENT)
    states = {state: number("crossing_mail_queue", state=state) for state in ("due", "held", "sending")}
    assert states == {"due": 2, "held": 1, "sending": 1}
    assert number("crossing_mail_failed") == 1


def test_metrics_are_zero_without_waiting_mail() -> None:
    assert number("crossing_mail_oldest_unsent_seconds") == 0
    assert number("crossing_mail_queue", state="due") == 0
    assert number("crossing_mail_failed") == 0


# --- what waits for people --------------------------------------------------------------------------------


def wait(person: Person, kind: str, *, due_in: int) -> None:
    subject = Message(pk=f"00000000-0000-4000-8000-{Message.objects.count():012}")
    owe(minutes=1, status=MessageStatus.SENT, number=Message.objects.count() + 100)
    day = timezone.localdate() + dt.timedelta(days=due_in)
    waiting.open_item(person, kind, subject, plan=[(day, NextStep.REMIND)])


def test_what_waits_is_counted_by_kind() -> None:
    person = PersonFactory.create()
    for due_in in (-1, 0, 1):
        wait(person, "manager_decision", due_in=due_in)
    wait(person, "host_answer", due_in=3)
    assert number("crossing_waiting_open", kind="manager_decision") == 3
    assert number("crossing_waiting_overdue", kind="manager_decision") == 1
    assert number("crossing_waiting_open", kind="host_answer") == 1
    assert number("crossing_waiting_overdue", kind="host_answer") == 0
    waiting.close_items(Message(pk="00000000-0000-4000-8000-000000000000"))
    assert number("crossing_waiting_overdue", kind="manager_decision") == 0


# --- what it costs ----------------------------------------------------------------------------------------


def asked() -> list[str]:
    """The queries of one scrape."""
    with CaptureQueriesContext(connection) as found:
        list(metrics.BacklogCollector().collect())
    return [query["sql"] for query in found.captured_queries]


def test_queries_are_few_and_do_not_grow() -> None:
    few = len(asked())
    person = PersonFactory.create()
    for number_ in range(20):
        owe(minutes=1, number=number_)
        wait(person, f"kind {number_ % 3}", due_in=number_)
    assert len(asked()) == few <= 6


def test_no_query_reads_what_is_finished() -> None:
    """With whole tables forbidden every plan goes by an index of what is unfinished."""
    queries = asked()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
            assert "Index" in plan, plan
