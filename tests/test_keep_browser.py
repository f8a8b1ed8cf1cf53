"""What was typed survives a session that ends before a form is sent, and nobody else sees it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Person
from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "How a question travels through the desk."


@pytest.fixture
def page(site: str, browser: Browser) -> Page:
    return browser.new_context(base_url=site).new_page()


def sign_in(page: Page, person: Person) -> None:
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_and_lose_the_session(page: Page, context: BrowserContext, person: Person) -> None:
    page.goto("/accounts/login/?next=" + reverse("shadowing:offer-create"))
    sign_in(page, person)
    page.locator("main textarea").first.fill(WORDS)
    context.clear_cookies(name="sessionid")
    page.locator("main form button.btn-primary").last.click()


def test_typed_words_are_back_after_signing_in_again(page: Page, cast: Cast) -> None:
    type_and_lose_the_session(page, page.context, cast.host)
    sign_in(page, cast.host)
    expect(page).to_have_url(re.compile(re.escape(reverse("shadowing:offer-create"))))
    expect(page.locator("main textarea").first).to_have_value(WORDS)
    expect(page.get_by_role("status").first).to_contain_text("What you typed is here again")


def test_typed_words_are_not_shown_to_the_next_person_at_the_desk(page: Page, cast: Cast) -> None:
    type_and_lose_the_session(page, page.context, cast.host)
    sign_in(page, cast.stranger)
    page.goto(reverse("shadowing:offer-create"))
    expect(page.locator("main textarea").first).not_to_have_value(WORDS)
    assert page.evaluate("sessionStorage.getItem('typed')") is None
