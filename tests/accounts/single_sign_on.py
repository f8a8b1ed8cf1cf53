"""Helpers for single sign-on tests: the configured provider, a person it knows, a browser's requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from accounts.enums import NoEntry
from accounts.models import Person
from tests.accounts.provider import CLIENT, SECRET, Provider
from tests.factories import PersonFactory

START = "/accounts/oidc/oidc/login/"


@pytest.fixture(scope="session")
def provider_process() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(provider_process: Provider, settings: Settings) -> Provider:
    provider_process.reset()
    settings.OIDC_ISSUER = provider_process.issuer
    settings.OIDC_STAFF_NUMBER_CLAIM = "employee"
    settings.ALLOWED_EMAIL_DOMAINS = []
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 3
    app = {
        "provider_id": "oidc",
        "name": "Our university",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": provider_process.issuer},
    }
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
    return provider_process


@pytest.fixture
def sam(provider: Provider) -> Person:
    someone = PersonFactory.create(email="sam@example.ac.uk", staff_number="0042")
    provider.person = {"sub": "subject-of-sam", "email": someone.email, "email_verified": True}
    return someone


def to_provider(client: Client, start: str = START) -> str:
    """Start here, sign in there; return the address the browser is sent back to."""
    there = client.get(start)["Location"]
    return str(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])


def come_in(client: Client, start: str = START) -> Any:
    """The whole way; the answer of our own site at its end."""
    return client.get(to_provider(client, start))


def who(client: Client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def refused(client: Client, answer: Any, reason: NoEntry) -> None:
    assert who(client) is None
    assert answer.status_code == (503 if reason is NoEntry.AWAY else 403)
    assert reason.label.replace("'", "&#x27;") in answer.content.decode()
    assert "<h1" in answer.content.decode()
