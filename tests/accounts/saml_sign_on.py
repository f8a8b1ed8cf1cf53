"""Helpers for SAML tests: the configured identity provider, a person it knows, a browser's requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import Person
from config import saml
from config.environment import Environment
from tests.accounts.identity_provider import MAIL, IdentityProvider, Told
from tests.factories import PersonFactory

START = "/accounts/saml/login/"
FINISH = "/accounts/saml/finish/"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


@pytest.fixture(scope="session")
def idp_process() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    yield provider
    provider.stop()


def configure(settings: Settings, provider: IdentityProvider, **wanted: Any) -> None:
    address = {"SAML_METADATA_URL": f"{provider.name}/metadata", "SAML_NAME": "Our university", "DEMO": "1"}
    apps = saml.apps(Environment({**address, **wanted}), settings.SITE_URL)
    known = settings.SOCIALACCOUNT_PROVIDERS
    settings.SOCIALACCOUNT_PROVIDERS = {**known, "saml": {**known["saml"], "APPS": apps}}


@pytest.fixture
def idp(idp_process: IdentityProvider, settings: Settings) -> IdentityProvider:
    idp_process.reset()
    cache.clear()
    settings.ALLOWED_EMAIL_DOMAINS = ["example.ac.uk"]
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 3
    configure(settings, idp_process)
    return idp_process


@pytest.fixture
def pat(idp: IdentityProvider) -> Person:
    someone = PersonFactory.create(email="pat@example.ac.uk", staff_number="0042")
    idp.told = Told(attributes={MAIL: [someone.email]})
    return someone


def to_provider(client: Client, start: str = START) -> str:
    """Start here, sign in there; return the answer the browser is given to post."""
    page = requests.get(client.get(start)["Location"], timeout=5).text
    found = re.search(r'name=SAMLResponse value="([^"]+)"', page)
    assert found
    return found[1]


def post(client: Client, answer: str) -> Any:
    """Post it as a browser does from another site: without the session. Follow where the session is again."""
    session = client.cookies.pop("sessionid", None)
    response = client.post("/accounts/saml/acs/", {"SAMLResponse": answer, "RelayState": "/offers/"})
    assert "sessionid" not in client.cookies  # the one of before is not written over
    if session is not None:
        client.cookies["sessionid"] = session
    return client.get(response["Location"]) if response.status_code == 303 else response


def come_in(client: Client, start: str = START) -> Any:
    return post(client, to_provider(client, start))
