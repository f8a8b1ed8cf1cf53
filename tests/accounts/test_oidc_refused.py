"""Test single sign-on with a provider that misbehaves or is away, and with forged answers."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.enums import NoEntry
from accounts.models import Person
from tests.accounts.provider import CLIENT, Behaviour, Provider
from tests.accounts.single_sign_on import START, refused, to_provider

pytestmark = pytest.mark.django_db

UNTRUSTED: list[dict[str, Any]] = [
    {"claims": {"aud": "another-client"}},
    {"claims": {"aud": None}},
    {"claims": {"aud": [CLIENT, "another"], "azp": None}},
    {"claims": {"azp": "another"}},
    {"claims": {"iss": "https://evil.example"}},
    {"shifted": {"exp": -3600}},
    {"claims": {"exp": None}},
    {"shifted": {"iat": 3600}},
    {"claims": {"nonce": None}},
    {"claims": {"nonce": "of another sign-in"}},
    {"claims": {"sub": None}},
    {"forge": "other_key"},
    {"forge": "none"},
    {"forge": "hs256"},
    {"forge": "unknown_kid"},
    {"forge": "not_a_token"},
    {"answer_issuer": "https://evil.example"},
    {"issuer": "https://evil.example", "claims": {"iss": "https://evil.example"}},
]


@pytest.mark.parametrize("told", UNTRUSTED, ids=str)
def test_a_token_that_is_not_as_it_must_be(provider: Provider, sam: Person, told: dict[str, Any]) -> None:
    client = Client()
    back = to_provider(client)
    provider.behaviour = Behaviour(**told)
    if "answer_issuer" in told:
        back += f"&iss={told['answer_issuer']}"
    refused(client, client.get(back), NoEntry.NOT_TRUSTED)


@pytest.mark.parametrize("fault", ["slow", "broken", "words"])
def test_a_provider_that_is_slow_or_broken(
    provider: Provider, sam: Person, settings: Settings, fault: str
) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3 if fault == "slow" else 3
    began = time.monotonic()
    for part in ("openid-configuration", "jwks", "token"):
        client = Client()
        back = to_provider(client)
        cache.clear()  # what the provider says of itself is kept for minutes
        setattr(provider.behaviour, fault, part)
        answer = client.get(back)
        reason = NoEntry.NOT_TRUSTED if part == "token" and fault != "slow" else NoEntry.AWAY
        refused(client, answer, reason)
        provider.reset()
        provider.person = {"sub": "s", "email": sam.email, "email_verified": True}
    assert time.monotonic() - began < 5


def test_a_provider_that_is_down_says_so_at_the_start(
    client: Client, sam: Person, settings: Settings
) -> None:
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    app = {**known["APPS"][0], "settings": {"server_url": "http://127.0.0.1:9"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
    refused(client, client.get(START), NoEntry.AWAY)


def test_state_is_of_this_browser_and_good_once(client: Client, provider: Provider, sam: Person) -> None:
    back = to_provider(client)
    refused(Client(), Client().get(back), NoEntry.NOT_STARTED_HERE)  # forwarded to another browser
    refused(client, client.get(back.replace("state=", "state=x")), NoEntry.NOT_STARTED_HERE)
    assert client.get(back).status_code == 302
    client.logout()
    refused(client, client.get(back), NoEntry.NOT_STARTED_HERE)


def test_a_code_is_good_once_and_for_its_own_sign_in(client: Client, provider: Provider, sam: Person) -> None:
    used = to_provider(client)
    client.get(used)
    stolen = to_provider(Client())
    for code in (parse_qs(urlsplit(used).query)["code"][0], parse_qs(urlsplit(stolen).query)["code"][0]):
        another = Client()
        mine = to_provider(another)
        own = parse_qs(urlsplit(mine).query)["code"][0]
        refused(another, another.get(mine.replace(own, code)), NoEntry.NOT_TRUSTED)


def test_cancelled_sign_in_shows_explanation(client: Client, provider: Provider, sam: Person) -> None:
    back = to_provider(client)
    answer = client.get(f"{back.split('?')[0]}?error=access_denied&state={parse_qs(back)['state'][0]}")
    refused(client, answer, NoEntry.CANCELLED)


def test_without_a_provider_there_is_no_such_address(client: Client, db: None) -> None:
    assert client.get(START).status_code == 404
    assert "Or with your email" not in client.get("/accounts/login/").content.decode()
