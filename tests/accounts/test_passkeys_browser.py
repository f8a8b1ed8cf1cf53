"""Test passkeys with Chromium's virtual authenticator, under the strict content policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_passkey_is_added_and_signs_in_instead_of_the_password(site: str, browser: Browser) -> None:
    person = PersonFactory.create()
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    keys = context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    phone = keys.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Let it sign me in by itself").check()
    page.get_by_role("button", name="Add it").click()
    expect(page).to_have_url(re.compile("/2fa/recovery-codes/"))
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.goto("/profile/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My profile")
    assert not said
    sign_out(page)  # and as a second step after the password
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The second step")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My passkeys")
    sign_out(page)
    keys.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    assert not said
    context.close()
