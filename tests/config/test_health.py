"""``/healthz`` and ``/readyz``."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import MessageStatus
from accounts.models import Message

pytestmark = pytest.mark.django_db


def owe(
    *, minutes: int, status: MessageStatus = MessageStatus.QUEUED, attempts: int = 0, later: int = 0
) -> None:
    """A mail owed for ``minutes``, not to go before ``later`` minutes from then."""
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
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "mail": "ok"}


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
