"""Test the sign-in and account pages in a browser: no axe finding, no policy violation."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
ENTRANCE = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/no-such-page/"]
ACCOUNT = [
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/logout/",
]


def look_through(page: Page, addresses: list[str]) -> list[str]:
    """Open each address; return what axe, the console and the page's width have to say."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    for address in addresses:
        page.goto(address)
        said += [f"{address}: {found['id']}" for found in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            said.append(f"{address}: wider than the window")
    return [line for line in said if "404 (Not Found)" not in line]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_entrance_pages_have_nothing_to_correct(site: str, browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark, from LOOKS
    )
    assert look_through(context.new_page(), ENTRANCE) == []
    context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_account_pages_have_nothing_to_correct(site: str, browser: Browser, width: int, scheme: str) -> None:
    person = PersonFactory.create()
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark, from LOOKS
    )
    page = context.new_page()
    sign_in(page, person.email)
    assert look_through(page, ACCOUNT) == []
    context.close()


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/?next=/accounts/password/change/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")


def test_menu_opens_and_signs_out_without_javascript(site: str, browser: Browser) -> None:
    person = PersonFactory.create()
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, person.email)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()


def test_menu_closes_with_escape(site: str, browser: Browser) -> None:
    person = PersonFactory.create()
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, person.email)
    page.locator("summary", has_text=person.first_name).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    context.close()


def test_errors_are_summed_up_focused_and_linked(site: str, browser: Browser) -> None:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Email").click()
    expect(page.get_by_label("Email")).to_be_focused()
    context.close()
