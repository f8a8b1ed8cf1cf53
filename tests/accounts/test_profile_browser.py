"""Test the profile page in a browser: by keyboard, without scripts, and the mail choice from its link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import Delegation
from messaging.preferences import token_of
from tests.cast import Cast
from tests.journeys.test_keyboard import sign_in_by_keyboard, tab_to
from tests.journeys.walking import walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_deputy_is_named_by_keyboard_alone(site: str, cast: Cast, browser: Browser) -> None:
    Delegation.objects.all().delete()
    with walking(browser, site, cast.manager) as manager:
        manager.page.goto("/profile/")
        sign_in_by_keyboard(manager.page, cast.manager.email)
        tab_to(manager.page, "deputy")
        manager.page.keyboard.type("de")
        expect(manager.page.locator("#people option")).to_have_count(2)
        tab_to(manager.page, "BUTTON Name this deputy")
        manager.page.keyboard.press("Enter")
        expect(manager.page.locator(".error-summary")).to_be_focused()
        tab_to(manager.page, "chosen")
        manager.page.keyboard.press("ArrowDown")
        tab_to(manager.page, "BUTTON Name this deputy")
        manager.page.keyboard.press("Enter")
        manager.sees("Dev Deputy acts for you from")
        manager.complaints[:] = [line for line in manager.complaints if "422" not in line]
    assert Delegation.objects.get().deputy == cast.deputy


def test_deputy_is_named_changed_and_ended_without_scripts(site: str, cast: Cast, browser: Browser) -> None:
    Delegation.objects.all().delete()
    with walking(browser, site, cast.manager, java_script_enabled=False) as manager:
        manager.sign_in()
        manager.page.goto("/profile/")
        manager.page.get_by_label("Who acts for you?").fill("dev")
        manager.press("Name this deputy")
        manager.page.get_by_label("Dev Deputy").check()
        manager.press("Name this deputy")
        manager.sees("Acts for you from")
        manager.page.get_by_text("Change or end").click()
        manager.page.get_by_label(re.compile("^Last day")).first.fill("2020-01-01")
        manager.press("Save the last day")
        manager.sees("This day is in the past.")
        manager.page.get_by_role("button", name=re.compile("^End it now")).click()
        manager.sees("You have no deputy at the moment.")
        manager.complaints[:] = [line for line in manager.complaints if "422" not in line]


def test_mail_choice_page_leaks_its_link_to_nobody(site: str, cast: Cast, browser: Browser) -> None:
    told = set()
    with walking(browser, site, None) as reader:
        reader.page.on("request", lambda sent: told.add(sent.headers.get("referer", "")))
        reader.page.goto(f"/mail/{token_of(cast.shadow)}/")
        reader.page.get_by_label("Once a day, in one message").check()
        reader.press("Save my choice")
        reader.sees("Saved.")
        reader.page.get_by_role("link", name="Accessibility").click()
        reader.page.wait_for_load_state()
    cast.shadow.refresh_from_db()
    assert cast.shadow.mail_rhythm == "daily"
    assert not [address for address in told if "/mail/" in address]
