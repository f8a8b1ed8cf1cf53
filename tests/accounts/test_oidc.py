"""Test single sign-on against a running OpenID provider: whose account it opens."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal import auth
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import NoEntry
from accounts.models import Person
from tests.accounts.provider import Behaviour, Provider
from tests.accounts.single_sign_on import START, come_in, refused, who
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


# --- whose account opens -----------------------------------------------------------------------------------


def test_sign_in_page_offers_it_and_leads_there_and_back(client: Client, sam: Person) -> None:
    page = client.get("/accounts/login/?next=/offers/").content.decode()
    assert "Sign in with Our university" in page
    answer = come_in(client, f"{START}?next=/offers/")
    assert (who(client), answer["Location"]) == (sam.pk, "/offers/")


def test_what_is_asked_of_the_provider(client: Client, sam: Person) -> None:
    there = urlsplit(client.get(f"{START}?auth_params=prompt%3Dnone&scope=mail&process=connect")["Location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 64
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/oidc/login/callback/"


def test_a_password_stays_and_nothing_of_the_claims_is_kept(client: Client, sam: Person) -> None:
    come_in(client)
    sam.refresh_from_db()
    assert sam.has_usable_password()
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.extra_data) == (sam, "subject-of-sam", {})


def test_second_time_the_link_is_used_again(client: Client, sam: Person) -> None:
    come_in(client)
    again = Client()
    come_in(again)
    assert who(again) == sam.pk
    assert SocialAccount.objects.count() == 1


def test_staff_number_comes_first_and_needs_no_email(client: Client, provider: Provider, sam: Person) -> None:
    provider.person = {"sub": "s", "employee": "0042", "email": "sam.renamed@example.ac.uk"}
    come_in(client)
    assert who(client) == sam.pk
    other = Client()
    provider.person = {"sub": "t", "employee": "0042"}
    come_in(other)
    assert who(other) == sam.pk


def test_userinfo_adds_what_the_token_leaves_out(client: Client, provider: Provider, sam: Person) -> None:
    provider.person = {"sub": "s"}
    provider.behaviour.userinfo = {"sub": "s", "email": "SAM@example.ac.uk", "email_verified": True}
    come_in(client)
    assert who(client) == sam.pk


def test_userinfo_about_somebody_else_is_refused(client: Client, provider: Provider, sam: Person) -> None:
    provider.person = {"sub": "s"}
    provider.behaviour.userinfo = {"sub": "other", "email": sam.email, "email_verified": True}
    refused(client, come_in(client), NoEntry.NOT_TRUSTED)


UNKNOWN: list[tuple[dict[str, Any], NoEntry]] = [
    ({"email": "nobody@example.ac.uk", "email_verified": True}, NoEntry.UNKNOWN),
    ({"email": "sam@example.ac.uk", "email_verified": False}, NoEntry.UNVERIFIED),
    ({"email": "sam@example.ac.uk", "email_verified": "no"}, NoEntry.UNVERIFIED),
    ({"email": "sam@example.ac.uk"}, NoEntry.UNVERIFIED),
    ({"email_verified": True}, NoEntry.NO_EMAIL),
    ({"email": "sam@example.ac.uk", "email_verified": True, "employee": "0043"}, NoEntry.ANOTHER),
]


def test_nobody_else_comes_in_and_no_account_is_made(provider: Provider, sam: Person) -> None:
    for said, reason in UNKNOWN:
        provider.person = {"sub": "s", **said}
        client = Client()
        refused(client, come_in(client), reason)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_outside_domain_never_comes_in(
    client: Client, provider: Provider, sam: Person, settings: Settings
) -> None:
    settings.ALLOWED_EMAIL_DOMAINS = ["example.ac.uk"]
    outside = PersonFactory.create(email="guest@elsewhere.example", staff_number="77")
    provider.person = {"sub": "s", "email": outside.email, "email_verified": True, "employee": "77"}
    refused(client, come_in(client), NoEntry.OUTSIDE)
    provider.person = {"sub": "t", "email": sam.email}  # our own domain counts as verified
    come_in(client)
    assert who(client) == sam.pk


def test_leaver_or_erased_person_cannot_sign_in_linked_or_not(provider: Provider, sam: Person) -> None:
    for linked in (False, True):
        if linked:
            SocialAccount.objects.create(user=sam, provider="oidc", uid="subject-of-sam")
        Person.objects.filter(pk=sam.pk).update(is_active=False, erased_at=timezone.now() if linked else None)
        client = Client()
        refused(client, come_in(client), NoEntry.LEFT)


def test_a_link_opens_nothing_that_is_somebody_elses_now(provider: Provider, sam: Person) -> None:
    other = PersonFactory.create(email="old@example.ac.uk", staff_number="0001")
    SocialAccount.objects.create(user=other, provider="oidc", uid="subject-of-sam")
    for said in ({}, {"email": "old@example.ac.uk", "employee": "0042"}, {"email": None, "employee": "0099"}):
        provider.behaviour = Behaviour(claims=said)
        client = Client()
        refused(client, come_in(client), NoEntry.ANOTHER)


def test_number_and_address_of_two_people_open_neither(provider: Provider, sam: Person) -> None:
    other = PersonFactory.create(email="other@example.ac.uk", staff_number="0001")
    provider.behaviour = Behaviour(claims={"email": other.email, "employee": "0042"})
    client = Client()
    refused(client, come_in(client), NoEntry.ANOTHER)
    Person.objects.filter(pk=other.pk).update(is_active=False)  # a record of somebody who came back since
    come_in(client)
    assert who(client) == sam.pk


def test_discovery_document_is_cached(provider: Provider, sam: Person) -> None:
    for _ in range(2):
        come_in(Client())
    assert provider.asked.count("openid-configuration") == 1


def test_a_link_survives_an_address_that_hr_does_not_know_yet(provider: Provider, sam: Person) -> None:
    SocialAccount.objects.create(user=sam, provider="oidc", uid="subject-of-sam")
    provider.behaviour = Behaviour(claims={"email": "married@example.ac.uk"})
    client = Client()
    come_in(client)
    assert who(client) == sam.pk


def test_a_second_step_of_ours_is_asked_for_as_well(client: Client, sam: Person) -> None:
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(sam, secret)
    assert come_in(client)["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    counter = next(auth.yield_hotp_counters_from_time())
    client.post(
        reverse("mfa_authenticate"), {"code": auth.format_hotp_value(auth.hotp_value(secret, counter))}
    )
    assert who(client) == sam.pk


def test_a_second_step_there_opens_the_administration(
    provider: Provider, sam: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    Person.objects.filter(pk=sam.pk).update(is_staff=True, is_superuser=True)
    for methods, status in ((["pwd"], 302), (["pwd", "mfa"], 200)):
        provider.behaviour = Behaviour(claims={"amr": methods})
        client = Client()
        come_in(client)
        assert client.get("/admin/").status_code == status
