"""Single sign-on against a provider that really runs: whom it opens for, and what it refuses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import NoEntry
from accounts.models import Person
from tests.accounts.provider import CLIENT, SECRET, Behaviour, Provider
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/oidc/login/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider, settings: Settings) -> Provider:
    running.reset()
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_STAFF_NUMBER_CLAIM = "employee"
    settings.ALLOWED_EMAIL_DOMAINS = []
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 3
    app = {
        "provider_id": "oidc",
        "name": "Our university",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": running.issuer},
    }
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
    return running


@pytest.fixture
def person(provider: Provider) -> Person:
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


# --- whose account opens -----------------------------------------------------------------------------------


def test_sign_in_page_offers_it_and_leads_there_and_back(client: Client, person: Person) -> None:
    page = client.get("/accounts/login/?next=/offers/").content.decode()
    assert "Sign in with Our university" in page
    answer = come_in(client, f"{START}?next=/offers/")
    assert (who(client), answer["Location"]) == (person.pk, "/offers/")


def test_what_is_asked_of_the_provider(client: Client, person: Person) -> None:
    there = urlsplit(client.get(f"{START}?auth_params=prompt%3Dnone&scope=mail&process=connect")["Location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 64
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/oidc/login/callback/"


def test_a_password_stays_and_nothing_of_the_claims_is_kept(client: Client, person: Person) -> None:
    come_in(client)
    person.refresh_from_db()
    assert person.has_usable_password()
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.extra_data) == (person, "subject-of-sam", {})


def test_second_time_the_link_is_used_again(client: Client, person: Person) -> None:
    come_in(client)
    again = Client()
    come_in(again)
    assert who(again) == person.pk
    assert SocialAccount.objects.count() == 1


def test_staff_number_comes_first_and_needs_no_email(
    client: Client, provider: Provider, person: Person
) -> None:
    provider.person = {"sub": "s", "employee": "0042", "email": "sam.renamed@example.ac.uk"}
    come_in(client)
    assert who(client) == person.pk
    other = Client()
    provider.person = {"sub": "t", "employee": "0042"}
    come_in(other)
    assert who(other) == person.pk


def test_userinfo_adds_what_the_token_leaves_out(client: Client, provider: Provider, person: Person) -> None:
    provider.person = {"sub": "s"}
    provider.behaviour.userinfo = {"sub": "s", "email": "SAM@example.ac.uk", "email_verified": True}
    come_in(client)
    assert who(client) == person.pk


def test_userinfo_about_somebody_else_is_refused(client: Client, provider: Provider, person: Person) -> None:
    provider.person = {"sub": "s"}
    provider.behaviour.userinfo = {"sub": "other", "email": person.email, "email_verified": True}
    refused(client, come_in(client), NoEntry.NOT_TRUSTED)


UNKNOWN: list[tuple[dict[str, Any], NoEntry]] = [
    ({"email": "nobody@example.ac.uk", "email_verified": True}, NoEntry.UNKNOWN),
    ({"email": "sam@example.ac.uk", "email_verified": False}, NoEntry.UNVERIFIED),
    ({"email": "sam@example.ac.uk", "email_verified": "no"}, NoEntry.UNVERIFIED),
    ({"email": "sam@example.ac.uk"}, NoEntry.UNVERIFIED),
    ({"email_verified": True}, NoEntry.NO_EMAIL),
    ({"email": "sam@example.ac.uk", "email_verified": True, "employee": "0043"}, NoEntry.ANOTHER),
]


def test_nobody_else_comes_in_and_no_account_is_made(provider: Provider, person: Person) -> None:
    for said, reason in UNKNOWN:
        provider.person = {"sub": "s", **said}
        client = Client()
        refused(client, come_in(client), reason)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_outside_domain_never_comes_in(
    client: Client, provider: Provider, person: Person, settings: Settings
) -> None:
    settings.ALLOWED_EMAIL_DOMAINS = ["example.ac.uk"]
    outside = PersonFactory.create(email="guest@elsewhere.example", staff_number="77")
    provider.person = {"sub": "s", "email": outside.email, "email_verified": True, "employee": "77"}
    refused(client, come_in(client), NoEntry.OUTSIDE)
    provider.person = {"sub": "t", "email": person.email}  # our own domain counts as verified
    come_in(client)
    assert who(client) == person.pk


def test_whoever_left_or_was_erased_stays_out_linked_or_not(provider: Provider, person: Person) -> None:
    for linked in (False, True):
        if linked:
            SocialAccount.objects.create(user=person, provider="oidc", uid="subject-of-sam")
        Person.objects.filter(pk=person.pk).update(
            is_active=False, erased_at=timezone.now() if linked else None
        )
        client = Client()
        refused(client, come_in(client), NoEntry.LEFT)


def test_a_link_opens_nothing_that_is_somebody_elses_now(provider: Provider, person: Person) -> None:
    other = PersonFactory.create(email="old@example.ac.uk", staff_number="0001")
    SocialAccount.objects.create(user=other, provider="oidc", uid="subject-of-sam")
    for said in ({}, {"email": "old@example.ac.uk", "employee": "0042"}, {"email": None, "employee": "0099"}):
        provider.behaviour = Behaviour(claims=said)
        client = Client()
        refused(client, come_in(client), NoEntry.ANOTHER)


def test_a_link_survives_an_address_that_hr_does_not_know_yet(provider: Provider, person: Person) -> None:
    SocialAccount.objects.create(user=person, provider="oidc", uid="subject-of-sam")
    provider.behaviour = Behaviour(claims={"email": "married@example.ac.uk"})
    client = Client()
    come_in(client)
    assert who(client) == person.pk


# --- what is refused on the way ----------------------------------------------------------------------------

NOW = int(time.time())
UNTRUSTED: list[dict[str, Any]] = [
    {"claims": {"aud": "another-client"}},
    {"claims": {"aud": None}},
    {"claims": {"aud": [CLIENT, "another"], "azp": None}},
    {"claims": {"azp": "another"}},
    {"claims": {"iss": "https://evil.example"}},
    {"claims": {"exp": NOW - 3600}},
    {"claims": {"exp": None}},
    {"claims": {"iat": NOW + 3600}},
    {"claims": {"nonce": None}},
    {"claims": {"nonce": "of another sign-in"}},
    {"claims": {"sub": None}},
    {"forge": "other_key"},
    {"forge": "none"},
    {"forge": "hs256"},
    {"forge": "unknown_kid"},
    {"forge": "not_a_token"},
    {"answer_issuer": "https://evil.example"},
    {"issuer": "https://evil.example"},
]


@pytest.mark.parametrize("told", UNTRUSTED, ids=str)
def test_a_token_that_is_not_as_it_must_be(provider: Provider, person: Person, told: dict[str, Any]) -> None:
    client = Client()
    back = to_provider(client)
    provider.behaviour = Behaviour(**told)
    if "answer_issuer" in told:
        back += f"&iss={told['answer_issuer']}"
    refused(client, client.get(back), NoEntry.NOT_TRUSTED)


@pytest.mark.parametrize("fault", ["slow", "broken", "words"])
def test_a_provider_that_is_slow_or_broken(
    provider: Provider, person: Person, settings: Settings, fault: str
) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3 if fault == "slow" else 3
    began = time.monotonic()
    for part in ("openid-configuration", "jwks", "token"):
        client = Client()
        back = to_provider(client)
        setattr(provider.behaviour, fault, part)
        answer = client.get(back)
        reason = NoEntry.NOT_TRUSTED if part == "token" and fault != "slow" else NoEntry.AWAY
        refused(client, answer, reason)
        provider.reset()
        provider.person = {"sub": "s", "email": person.email, "email_verified": True}
    assert time.monotonic() - began < 5


def test_a_provider_that_is_down_says_so_at_the_start(
    client: Client, person: Person, settings: Settings
) -> None:
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    app = {**known["APPS"][0], "settings": {"server_url": "http://127.0.0.1:9"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
    refused(client, client.get(START), NoEntry.AWAY)


def test_state_is_of_this_browser_and_good_once(client: Client, provider: Provider, person: Person) -> None:
    back = to_provider(client)
    refused(Client(), Client().get(back), NoEntry.NOT_STARTED_HERE)  # forwarded to another browser
    refused(client, client.get(back.replace("state=", "state=x")), NoEntry.NOT_STARTED_HERE)
    assert client.get(back).status_code == 302
    client.logout()
    refused(client, client.get(back), NoEntry.NOT_STARTED_HERE)


def test_a_code_is_good_once_and_for_its_own_sign_in(
    client: Client, provider: Provider, person: Person
) -> None:
    used = to_provider(client)
    client.get(used)
    stolen = to_provider(Client())
    for code in (parse_qs(urlsplit(used).query)["code"][0], parse_qs(urlsplit(stolen).query)["code"][0]):
        another = Client()
        mine = to_provider(another)
        own = parse_qs(urlsplit(mine).query)["code"][0]
        refused(another, another.get(mine.replace(own, code)), NoEntry.NOT_TRUSTED)


def test_whoever_stops_half_way_reads_so(client: Client, provider: Provider, person: Person) -> None:
    back = to_provider(client)
    answer = client.get(f"{back.split('?')[0]}?error=access_denied&state={parse_qs(back)['state'][0]}")
    refused(client, answer, NoEntry.CANCELLED)


def test_without_a_provider_there_is_no_such_address(client: Client, db: None) -> None:
    assert client.get(START).status_code == 404
    assert "Or with your email" not in client.get("/accounts/login/").content.decode()
