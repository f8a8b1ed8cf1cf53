"""Test ``/healthz`` and ``/readyz``."""

import time
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import waiting
from accounts.enums import NextStep
from config import health
from messaging import heartbeats
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_noted(db: None) -> None:
    """No test sees signs of life that another has left."""
    cache.clear()


def owe(
    *, minutes: float, status: MessageStatus = MessageStatus.QUEUED, attempts: int = 0, later: int = 0
) -> None:
    """Queue a mail ``minutes`` ago that may be sent ``later`` minutes after that."""
    since = timezone.now() - timedelta(minutes=minutes)
    Message.objects.create(
        key=f"{minutes} {status} {attempts} {later}",
        to_email="shadow@example.ac.uk",
        subject="Subject",
        message_id=f"<{minutes}.{status}.{attempts}.{later}@example.ac.uk>",
        dated=since,
        not_before=since + timedelta(minutes=later),
        status=status,
        attempts=attempts,
        sent_at=timezone.now() if status == MessageStatus.SENT else None,
    )


def test_healthz_answers_a_stranger(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_never_kept(client: Client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405


def test_readyz_is_ok_when_all_is_well(client: Client) -> None:
    owe(minutes=4)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    ok = dict.fromkeys(("status", "database", "broker", "mail", "senders", "clock", "mail_server"), "ok")
    assert answer.json() == {**ok, "failed_mail": 0}


def test_readyz_names_a_broker_that_is_away(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/broker.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"].startswith("the broker does not answer")


def test_readyz_names_a_database_that_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "the database does not answer"
    assert answer.json()["mail"] == health.UNKNOWN
    assert answer.json()["failed_mail"] is None


@pytest.mark.parametrize("name", ["messaging.metrics.oldest_unsent", "messaging.heartbeats.missing_parts"])
def test_readyz_is_red_when_the_database_goes_away_meanwhile(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(name, refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert health.UNKNOWN in answer.json().values()


@pytest.mark.parametrize("status", [MessageStatus.QUEUED])
def test_readyz_is_red_with_mail_older_than_five_minutes(client: Client, status: MessageStatus) -> None:
    owe(minutes=7, status=status)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["mail"] == "the oldest unsent mail has waited 7 minutes"


def test_readyz_is_red_with_mail_tried_in_vain(client: Client) -> None:
    owe(minutes=20, attempts=3, later=25)
    assert client.get("/readyz").status_code == 503


def test_readyz_leaves_mail_for_later_and_sent_mail_alone(client: Client) -> None:
    owe(minutes=60, later=59)
    owe(minutes=60, status=MessageStatus.SENT)
    owe(minutes=60, status=MessageStatus.DROPPED)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(4.9, 200), (5.0, 503)])
def test_readyz_turns_at_five_minutes(client: Client, minutes: float, status: int) -> None:
    owe(minutes=minutes)
    assert client.get("/readyz").status_code == status


def test_readyz_counts_mail_that_was_held_from_when_it_may_go(client: Client) -> None:
    owe(minutes=66, later=60)
    assert client.get("/readyz").json()["mail"] == "the oldest unsent mail has waited 6 minutes"


def test_readyz_tells_of_failed_mail_and_stays_green(client: Client) -> None:
    owe(minutes=60, status=MessageStatus.FAILED, attempts=3)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failed_mail"]) == (200, 1)


@pytest.fixture
def long_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """This web server has been up for a while."""
    monkeypatch.setattr(health, "STARTED", health.STARTED - 3600)


@pytest.mark.usefixtures("long_running")
@pytest.mark.parametrize("part", heartbeats.PARTS)
def test_readyz_reports_missing_sender_within_a_minute(client: Client, part: str) -> None:
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False) as clock:
        cache.set(f"pulse:{part}", clock_now(), 24 * 3600)
        assert client.get("/readyz").status_code == 200
        clock.shift(50)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["senders"] == f"{heartbeats.PARTS[part]} cannot be seen any more"


def step_of_yesterday() -> None:
    """Open an item on Saturday whose next step was due on Sunday; now it is Monday 1 March."""
    sunday = date(2027, 2, 28)
    waiting.open_item(PersonFactory.create(), "help", Message(), plan=[(sunday, NextStep.REMIND)])


@pytest.mark.usefixtures("long_running")
@pytest.mark.parametrize(("time_of_day", "status"), [("00:59", 200), ("01:01", 503), ("12:00", 503)])
def test_readyz_fails_while_schedule_does_not_run(client: Client, time_of_day: str, status: int) -> None:
    with time_machine.travel(f"2027-03-01T{time_of_day}:00Z", tick=False):
        step_of_yesterday()
        answer = client.get("/readyz")
        assert answer.status_code == status
        if status != 200:
            said = "reminders and other steps wait since 2027-02-28; nobody runs the clock"
            assert answer.json()["clock"] == said


@pytest.mark.usefixtures("long_running")
def test_readyz_stays_ready_when_one_due_step_fails(client: Client) -> None:
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False) as clock:
        step_of_yesterday()
        heartbeats.record_schedule_run()
        assert client.get("/readyz").status_code == 200
        clock.shift(11 * 60)
        assert client.get("/readyz").status_code == 503


def test_readyz_gives_the_clock_time_to_start(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 50)
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        step_of_yesterday()
        assert client.get("/readyz").status_code == 200


def clock_now() -> float:
    return timezone.now().timestamp()


def test_readyz_gives_who_starts_with_it_time_to_start(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.set("pulse:worker", clock_now() - 600, 24 * 3600)
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 50)
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 61)
    assert client.get("/readyz").status_code == 503


def test_readyz_names_a_mail_server_that_is_away(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    heartbeats.beat("worker")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["mail_server"] == "the mail server does not answer"
