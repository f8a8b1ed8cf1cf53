"""Test that forged, tampered, misdirected and replayed SAML responses are refused."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.enums import NoEntry
from accounts.models import Person
from config import saml
from tests.accounts.single_sign_on import refused, who
from tests.factories import PersonFactory

if not saml.is_installed():
    pytest.skip("the optional extra “saml” is not installed", allow_module_level=True)

from onelogin.saml2.constants import (
    OneLogin_Saml2_Constants as Named,  # not before it is known that the extra is there
)

from tests.accounts.identity_provider import (  # not before it is known that the extra is there
    ACS,
    MAIL,
    SP,
    IdentityProvider,
    Told,
)
from tests.accounts.saml_sign_on import (  # not before it is known that the extra is there
    FINISH,
    START,
    come_in,
    post,
    to_provider,
)
from tests.accounts.wrapping import (  # not before it is known that the extra is there
    WRAPPINGS,
    changed,
    wrapped,
)

pytestmark = pytest.mark.django_db

UNTRUSTED: list[dict[str, Any]] = [
    {"key": "none"},
    {"key": "other"},
    {"key": "message"},
    {"signed_with": (Named.RSA_SHA1, Named.SHA256)},
    {"signed_with": (Named.RSA_SHA256, Named.SHA1)},
    {"tamper": changed("pat@example.ac.uk", "boss@example.ac.uk")},
    {"tamper": changed("<saml:Issuer>", "<saml:Issuer> ")},
    {"tamper": changed("<samlp:Response", "<!DOCTYPE a [<!ENTITY b 'c'>]><samlp:Response")},
    {"tamper": lambda xml: "<nonsense/>"},
    {"tamper": lambda xml: xml[:200]},
    {"tamper": lambda xml: " " * 400_000 + xml},
    *({"tamper": wrapped(how)} for how in WRAPPINGS),
    {"issuer": "https://evil.example"},
    {"audiences": [["https://another.example/"]]},
    {"audiences": []},
    {"audiences": [[SP], ["https://another.example/"]]},
    {"destination": "https://another.example/acs/"},
    {"destination": f"{ACS}of-another"},
    {"destination": None},
    {"recipient": "https://another.example/acs/"},
    {"recipient": f"https://another.example/?{ACS}"},
    {"recipient": None},
    {"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"},
    {"until": -1},
    {"until": None},
    {"conditions_until": -600},
    {"question": None},
    {"question": "_another"},
    {"confirmed": None},
    {"confirmed": "_another"},
    {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"},
]


def test_an_answer_that_is_not_as_it_must_be(idp: IdentityProvider, pat: Person) -> None:
    PersonFactory.create(email="boss@example.ac.uk")
    for told in UNTRUSTED:
        idp.told = Told(attributes={MAIL: [pat.email]}, **told)
        client = Client()
        answer = come_in(client)
        assert who(client) is None, told
        refused(client, answer, NoEntry.NOT_TRUSTED)
        refused(client, client.get(FINISH), NoEntry.NOT_STARTED_HERE)  # nothing was left to go on with
    assert not SocialAccount.objects.exists()


def test_an_answer_to_no_question_of_this_browser(client: Client, idp: IdentityProvider, pat: Person) -> None:
    idp.told.question = idp.told.confirmed = None  # begun there, not here
    refused(client, come_in(client), NoEntry.NOT_TRUSTED)
    idp.told.question = idp.told.confirmed = "_guessed"
    refused(client, come_in(client), NoEntry.NOT_STARTED_HERE)
    idp.told = Told(attributes={MAIL: [pat.email]})
    of_another = to_provider(Client())
    to_provider(client)
    refused(client, post(client, of_another), NoEntry.NOT_STARTED_HERE)


def test_an_answer_is_good_once(client: Client, idp: IdentityProvider, pat: Person) -> None:
    answer = to_provider(client)
    post(client, answer)
    assert who(client) == pat.pk
    for again in (client, Client()):
        again.logout()
        refused(again, post(again, answer), NoEntry.NOT_TRUSTED)
    idp.told.number = "_the-same"  # of an assertion, to another question
    come_in(client)
    assert who(client) == pat.pk
    other = Client()
    refused(other, come_in(other), NoEntry.NOT_TRUSTED)


def test_saml_cookie_is_signed_and_valid_once(client: Client, pat: Person) -> None:
    answer = to_provider(client)
    session = client.cookies.pop("sessionid")
    taken = client.post("/accounts/saml/acs/", {"SAMLResponse": answer}).cookies["saml-answer"]
    assert (taken["httponly"], taken["samesite"], taken["path"], taken["max-age"]) == (
        True,
        "Lax",
        FINISH,
        120,
    )
    client.cookies["sessionid"] = session
    good = taken.value
    client.cookies["saml-answer"] = "x" + good
    refused(client, client.get(FINISH), NoEntry.NOT_STARTED_HERE)
    client.cookies["saml-answer"] = good
    client.get(FINISH)
    assert who(client) == pat.pk
    client.logout()
    client.cookies["saml-answer"] = good
    refused(client, client.get(FINISH), NoEntry.NOT_STARTED_HERE)


def test_cancelled_sign_in_shows_explanation(client: Client, idp: IdentityProvider, pat: Person) -> None:
    idp.told.status = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
    refused(client, come_in(client), NoEntry.CANCELLED)


def test_what_is_posted_is_base64(client: Client, pat: Person) -> None:
    for sent in ("", "%%%", base64.b64encode(b"\xff\xfe").decode()):
        refused(client, post(client, sent), NoEntry.NOT_TRUSTED)
    asked = parse_qs(urlsplit(client.get(START)["Location"]).query)
    assert asked.get("RelayState", [""]) == [""]
