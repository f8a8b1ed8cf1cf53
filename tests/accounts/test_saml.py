"""Test SAML against a running identity provider, also in a browser: whose account it opens."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.enums import NoEntry
from accounts.models import Person
from config import saml
from tests.accounts.single_sign_on import refused, who
from tests.factories import PersonFactory

if not saml.is_installed():
    pytest.skip("the optional extra “saml” is not installed", allow_module_level=True)

from onelogin.saml2.xml_utils import OneLogin_Saml2_XML  # not before it is known that the extra is there

from tests.accounts.identity_provider import (
    ACS,
    MAIL,
    NUMBER,
    SP,
    IdentityProvider,
    Told,
)  # not before it is known that the extra is there
from tests.accounts.saml_sign_on import (
    EMAIL,
    START,
    TRANSIENT,
    come_in,
    configure,
)  # not before it is known that the extra is there

pytestmark = pytest.mark.django_db


# --- whose account opens -----------------------------------------------------------------------------------


def test_sign_in_page_offers_it_and_leads_there_and_back(client: Client, pat: Person) -> None:
    page = client.get("/accounts/login/?next=/offers/").content.decode()
    assert "Sign in with Our university" in page
    answer = come_in(client, f"{START}?process=login&next=/offers/")
    assert (who(client), answer["Location"]) == (pat.pk, "/offers/")
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid, link.extra_data) == (pat, "saml", "name-of-pat", {})
    again = Client()
    come_in(again, f"{START}?process=connect")
    assert who(again) == pat.pk
    assert SocialAccount.objects.count() == 1


def test_metadata_of_ours_are_what_the_standard_says(client: Client, idp: IdentityProvider) -> None:
    said = client.get("/accounts/saml/metadata/").content
    document = OneLogin_Saml2_XML.validate_xml(said, "saml-schema-metadata-2.0.xsd")
    assert not isinstance(document, str), document
    assert document.get("entityID") == SP
    assert ACS.encode() in said
    assert client.get(START)["Location"].startswith(f"{idp.name}/sso?SAMLRequest=")


def test_each_page_takes_its_own_method_alone(client: Client, idp: IdentityProvider) -> None:
    for name in ("saml_login", "saml_finish", "saml_metadata"):
        assert client.post(reverse(name)).status_code == 405
    assert client.get(reverse("saml_acs")).status_code == 405


def test_staff_number_comes_first_and_needs_no_domain(idp: IdentityProvider, settings: Settings) -> None:
    settings.ALLOWED_EMAIL_DOMAINS = []
    pat = PersonFactory.create(staff_number="0042")
    for told in (
        Told(attributes={NUMBER: ["0042"]}),
        Told(attributes={NUMBER: ["0042"]}, name="passing", format=TRANSIENT),
        Told(attributes={NUMBER: ["0042"]}, name=None),
    ):
        idp.told = told
        client = Client()
        come_in(client)
        assert who(client) == pat.pk
    assert set(SocialAccount.objects.values_list("uid", flat=True)) == {"name-of-pat", "0042"}


def test_an_address_as_the_name_is_read_whole_whatever_a_comment_splits(
    idp: IdentityProvider, pat: Person
) -> None:
    def split(xml: str) -> str:
        return xml.replace("pat@example.ac.uk", "pat@example.ac.uk<!-- -->")

    for where in ({"attributes": {}, "name": "%s", "format": EMAIL}, {"attributes": {MAIL: ["%s"]}}):
        for address, reason in (
            ("pat@example.ac.uk", None),
            ("pat@example.ac.uk.evil.example", NoEntry.OUTSIDE),
        ):
            filled = {key: _filled(value, address) for key, value in where.items()}
            idp.told = Told(**filled, tamper=split)
            client = Client()
            answer = come_in(client)
            if reason is None:
                assert who(client) == pat.pk
            else:
                refused(client, answer, reason)


def _filled(value: Any, address: str) -> Any:
    if isinstance(value, dict):
        return {name: [address] for name in value}
    return value.replace("%s", address)


def test_a_second_step_there_opens_the_administration(
    idp: IdentityProvider, pat: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    Person.objects.filter(pk=pat.pk).update(is_staff=True, is_superuser=True)
    for context, status in ((idp.told.context, 302), ("https://refeds.org/profile/mfa", 200)):
        idp.told.context = context
        client = Client()
        come_in(client)
        assert client.get("/admin/").status_code == status


UNKNOWN: list[tuple[dict[str, list[str]], NoEntry]] = [
    ({MAIL: ["nobody@example.ac.uk"]}, NoEntry.UNKNOWN),
    ({MAIL: ["guest@elsewhere.example"]}, NoEntry.OUTSIDE),
    ({MAIL: ["guest@elsewhere.example"], NUMBER: ["0077"]}, NoEntry.OUTSIDE),
    ({MAIL: ["pat@example.ac.uk"], NUMBER: ["0043"]}, NoEntry.ANOTHER),
    ({MAIL: ["pat@example.ac.uk", "nobody@example.ac.uk"]}, NoEntry.NO_EMAIL),
    ({"urn:oid:2.5.4.42": ["Pat"]}, NoEntry.NO_EMAIL),
]


def test_nobody_else_comes_in_and_no_account_is_made(
    idp: IdentityProvider, pat: Person, settings: Settings
) -> None:
    PersonFactory.create(email="guest@elsewhere.example", staff_number="0077")
    before = Person.objects.count()
    for said, reason in UNKNOWN:
        idp.told = Told(attributes=said)
        client = Client()
        refused(client, come_in(client), reason)
    idp.told = Told(name="passing", format=TRANSIENT)
    refused(Client(), come_in(Client()), NoEntry.NO_EMAIL)
    settings.ALLOWED_EMAIL_DOMAINS = []
    idp.told = Told(attributes={MAIL: [pat.email]})
    refused(Client(), come_in(Client()), NoEntry.UNVERIFIED)
    assert Person.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_leaver_cannot_sign_in_linked_or_not(idp: IdentityProvider, pat: Person) -> None:
    come_in(Client())
    Person.objects.filter(pk=pat.pk).update(is_active=False)
    for name in ("name-of-pat", "another"):
        idp.told.name = name
        client = Client()
        refused(client, come_in(client), NoEntry.LEFT)


# --- the provider is away, or there is none ---


def test_metadata_are_asked_for_once_an_hour_and_the_last_good_ones_do(
    client: Client, idp: IdentityProvider, pat: Person, settings: Settings
) -> None:
    idp.away = True
    refused(client, client.get(START), NoEntry.AWAY)
    idp.away = False
    come_in(client)
    assert (who(client), idp.fetched) == (pat.pk, 2)
    (key,) = (key for key in _keys() if "saml-metadata" in key)
    cache.set(key.split(":", 2)[2], {**cache.get(key.split(":", 2)[2]), "at": 0})
    idp.away = True
    later = Client()
    come_in(later)
    assert (who(later), idp.fetched) == (pat.pk, 3)


def _keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_entries")
        return [row[0] for row in cursor.fetchall()]


def test_without_saml_there_are_no_such_pages(client: Client) -> None:
    for name in ("saml_login", "saml_finish", "saml_metadata"):
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("saml_acs")).status_code == 404
    assert "Or with your email" not in client.get("/accounts/login/").content.decode()


# --- a real browser, to which the two are different sites ---


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_finds_its_session_again(
    idp: IdentityProvider, live_server: LiveServer, browser: Browser, settings: Settings
) -> None:
    here = live_server.url.replace("127.0.0.1", "localhost")
    settings.SITE_URL = here
    configure(settings, idp, SAML_ENTITY_ID="crossing")
    pat = PersonFactory.create(email="pat@example.ac.uk")
    acs = f"{here}/accounts/saml/acs/"
    idp.told = Told(attributes={MAIL: [pat.email]}, audiences=[["crossing"]], destination=acs, recipient=acs)
    context = browser.new_context(base_url=here)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto("/accounts/login/?next=/profile/")
    page.get_by_role("link", name="Sign in with Our university").click()
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(f"{here}/profile/")
    kept = {cookie["name"] for cookie in context.cookies()}
    assert ("sessionid" in kept, "saml-answer" in kept, said) == (True, False, [])
    context.close()
