"""Test ``/metrics``: for callers with the token; a 404 where none is set."""

import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from config.environment import Environment
from messaging.metrics import BacklogCollector
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-twenty-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token(settings: Settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def test_numbers_come_in_the_form_prometheus_reads(client: Client, token: str) -> None:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(answer.content.decode())}
    assert names == {
        "crossing_mail_queue",
        "crossing_mail_failed",
        "crossing_mail_oldest_unsent_seconds",
        "crossing_waiting_open",
        "crossing_waiting_overdue",
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "sent",
    ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é", f"bearer{TOKEN}"],
)
def test_who_has_not_the_token_gets_none(client: Client, token: str, sent: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "crossing" not in answer.content.decode()


def test_being_signed_in_is_not_enough(client: Client, token: str) -> None:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    assert client.get("/metrics").status_code == 401


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer", f"Bearer {TOKEN}"])
def test_without_a_token_there_is_no_page(client: Client, settings: Settings, sent: str) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_it_changes_nothing(client: Client, token: str) -> None:
    assert client.post("/metrics", headers=BEARER).status_code == 405


def test_metrics_report_unreachable_database(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: BacklogCollector) -> None:
        raise DatabaseError

    monkeypatch.setattr(BacklogCollector, "collect", refuse)
    answer = client.get("/metrics", headers=BEARER)
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")


@pytest.mark.parametrize(("given", "value"), [({}, ""), ({"METRICS_TOKEN": TOKEN}, TOKEN)])
def test_token_may_be_set_or_not(given: dict[str, str], value: str) -> None:
    assert Environment(given).key("METRICS_TOKEN") == value


def test_short_token_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN has 5 characters, but needs at least 20"):
        Environment({"METRICS_TOKEN": "short"}).key("METRICS_TOKEN")
    assert Environment({"METRICS_TOKEN": "short", "DEMO": "1"}).key("METRICS_TOKEN") == "short"


def test_tests_run_without_one() -> None:
    assert "METRICS_TOKEN" not in os.environ
