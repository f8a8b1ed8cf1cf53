"""Test that ``/readyz`` gives reasons only to private networks and METRICS_TOKEN."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from config.next_door import is_private

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-at-least-20-characters"
REASONS = {"database", "broker", "mail", "senders", "clock", "mail_server", "failed_mail"}


def told(client: Client, peer: str, **headers: str) -> set[str]:
    """What the answer holds beside the status."""
    answer = client.get(
        "/readyz", REMOTE_ADDR=peer, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    assert answer.status_code in (200, 503)
    return set(answer.json()) - {"status"}


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.9.9", "::1", "fd00::7", "", "::ffff:10.0.0.1"]
)
def test_reasons_for_machines_next_door(client: Client, peer: str) -> None:
    assert told(client, peer) == REASONS


@pytest.mark.parametrize(
    "peer", ["8.8.8.8", "203.0.113.7", "172.32.0.1", "100.64.0.1", "2a00::1", "::ffff:8.8.8.8", "unknown"]
)
def test_status_alone_for_everybody_else(client: Client, peer: str) -> None:
    assert told(client, peer) == set()


def test_status_alone_even_in_trouble(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/broker.sock"
    answer = client.get("/readyz", REMOTE_ADDR="8.8.8.8")
    assert answer.status_code == 503
    assert set(answer.json()) == {"status"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": "8.8.8.8"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_Proto": "https"},
        {"Forwarded": "for=127.0.0.1"},
        {"X_Real_IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_headers_of_unknown_proxy_make_no_client_local(client: Client, headers: dict[str, str]) -> None:
    assert told(client, "127.0.0.1", **headers) == set()


@pytest.mark.parametrize(
    ("proxies", "peer", "noted", "near"),
    [
        (1, "10.0.0.2", "8.8.8.8", False),
        (1, "10.0.0.2", "127.0.0.1, 8.8.8.8", False),  # the first was made up
        (1, "10.0.0.2", "8.8.8.8, 10.0.0.9", True),
        (1, "8.8.8.8", "10.0.0.9", False),
        (2, "10.0.0.2", "127.0.0.1", False),  # came round one of the two
        (2, "10.0.0.2", "127.0.0.1, 8.8.8.8, 10.0.0.3", False),
        (2, "10.0.0.2", "10.0.0.8, 10.0.0.3", True),
        (1, "10.0.0.2", "", False),
        (1, "10.0.0.2", "nonsense", False),
    ],
)
def test_behind_proxies_the_address_they_noted_counts(
    client: Client, settings: Settings, proxies: int, peer: str, noted: str, near: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert told(client, peer, X_Forwarded_For=noted) == (REASONS if near else set())
    assert told(client, "10.0.0.2") == REASONS  # asked directly


def test_reasons_for_the_token(client: Client, settings: Settings) -> None:
    given = {"Authorization": f"Bearer {TOKEN}"}
    assert told(client, "8.8.8.8", **given) == set()
    assert told(client, "8.8.8.8", Authorization="Bearer ") == set()
    settings.METRICS_TOKEN = TOKEN
    assert told(client, "8.8.8.8", **given) == REASONS
    assert told(client, "8.8.8.8", Authorization=f"Bearer {TOKEN}x") == set()
    assert told(client, "8.8.8.8", Authorization="Bearer ü") == set()


def test_private_addresses_are_those_of_private_networks() -> None:
    assert is_private(" 10.0.0.1 ")
    assert not is_private("10.0.0.1:80")
    assert not is_private("192.0.2.1")
