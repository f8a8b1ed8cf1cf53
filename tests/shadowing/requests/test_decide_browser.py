"""The link of a mail in a real browser: without scripts, pressed by a machine, and free of barriers."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ElementHandle, Page
from playwright.sync_api import Error as BrowserError

from shadowing.enums import DecideByEmail, RequestStatus
from shadowing.models import DecisionLink, Request
from tests.cast import Cast
from tests.shadowing.links import by_link_alone, link_for, status_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S = RequestStatus
RECEIPT = "decision_recorded_to_manager"


@pytest.fixture
def asked(site: str, transactional_db: None, cast: Cast) -> Request:
    """A request with the manager, in a scheme where the link alone suffices."""
    by_link_alone(cast)
    return cast.submitted()


def press_everything(page: Page, address: str) -> None:
    """What the rudest scanner does: each control and then the button, and at last all of them in a row."""
    arrive(page, address)
    number = len(controls(page))
    for wanted in [*([one] for one in range(number)), list(range(number))]:
        arrive(page, address)
        found = controls(page)
        for control in [*(found[one] for one in wanted), found[-1]]:
            try:
                control.click(timeout=300, no_wait_after=True)
            except BrowserError:
                break  # the press led to another page
        page.wait_for_load_state()


def arrive(page: Page, address: str) -> None:
    """Open the page, once more if the last press is still on its way and takes the first attempt over."""
    try:
        page.goto(address)
    except BrowserError:
        page.wait_for_load_state()
        page.goto(address)


def controls(page: Page) -> list[ElementHandle]:
    return page.query_selector_all("main input:not([type=hidden]), main label, main select, main button")


def test_client_that_presses_everything_decides_nothing(
    site: str, cast: Cast, asked: Request, page: Page
) -> None:
    press_everything(page, site + link_for(cast.manager))
    assert status_of(asked) == S.WITH_MANAGER
    assert DecisionLink.objects.get(person=cast.manager).is_alive()


def test_client_that_presses_everything_undoes_nothing(
    site: str, cast: Cast, asked: Request, page: Page, browser: Browser
) -> None:
    decide(browser.new_page(), site + link_for(cast.manager))
    press_everything(page, site + link_for(cast.manager, RECEIPT))
    assert status_of(asked) == S.WITH_HOST


def decide(page: Page, address: str) -> None:
    page.goto(address)
    page.select_option("select[name=answer]", "approve")
    page.click("main button[type=submit]")


def test_manager_decides_and_undoes_without_scripts(
    site: str, cast: Cast, asked: Request, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, told = context.new_page(), set()
    page.on("request", lambda sent: told.add(sent.headers.get("referer", "")))
    decide(page, site + link_for(cast.manager))
    assert status_of(asked) == S.WITH_HOST
    page.click("text=Undo my decision")
    assert status_of(asked) == S.WITH_MANAGER
    assert not [referrer for referrer in told if "/decide/" in referrer]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_link_page_has_no_barrier(
    site: str, cast: Cast, asked: Request, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, said = context.new_page(), []
    page.on("console", lambda line: said.append(line.text))
    page.goto(site + link_for(cast.manager))
    assert Axe().run(page).response["violations"] == []
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_signed_in_mode_takes_the_manager_through_sign_in_to_the_decision(
    site: str, cast: Cast, asked: Request, page: Page
) -> None:
    type(cast.scheme).objects.update(decide_by_email=DecideByEmail.SIGNED_IN)
    page.goto(site + link_for(cast.manager))
    page.fill("input[name=login]", cast.manager.email)
    page.fill("input[name=password]", "demo-shadowing")
    page.click("main button[type=submit]")
    page.check("input[value=approve]")
    page.click("main button[type=submit]")
    assert "Hana Host is asked for dates next" in page.inner_text("#messages")
    assert status_of(asked) == S.WITH_HOST
