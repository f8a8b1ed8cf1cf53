"""The main job by keyboard alone: every control is reached with Tab, in order, and can be seen to be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from shadowing.enums import RequestStatus
from shadowing.models import Request
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.journeys.walking import walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STEPS = 80
FOCUSED = "(e => [e.name, e.tagName + ' ' + e.innerText.trim().slice(0, 60)])(document.activeElement)"
RING = "(style => style.outlineStyle + style.boxShadow)(getComputedStyle(document.activeElement))"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the control named ``wanted`` has the focus, which must show."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if wanted in passed[-1]:
            assert page.evaluate(RING) != "nonenone", wanted
            return
    raise AssertionError(f"“{wanted}” is not reached with the Tab key, only {passed} on {page.url}")


def sign_in_by_keyboard(page: Page, email: str) -> None:
    tab_to(page, "login")
    page.keyboard.type(email)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_request_is_made_decided_and_agreed_by_keyboard_alone(
    site: str, cast: Cast, browser: Browser
) -> None:
    with walking(browser, site, cast.shadow) as shadow:
        shadow.page.goto(f"/offers/{cast.offer.pk}/request/")
        sign_in_by_keyboard(shadow.page, cast.shadow.email)
        tab_to(shadow.page, "objective_1")
        shadow.page.keyboard.type("Understand how calls are sorted.")
        tab_to(shadow.page, "agreement")
        shadow.page.keyboard.press("Space")
        tab_to(shadow.page, "BUTTON Send the request")
        shadow.page.keyboard.press("Enter")
        shadow.sees("Mary Manager")
    request = Request.objects.get()
    with walking(browser, site, cast.manager) as manager:
        manager.page.goto(f"/requests/{request.pk}/decide/")
        sign_in_by_keyboard(manager.page, cast.manager.email)
        tab_to(manager.page, "answer")
        manager.page.keyboard.press("Space")
        tab_to(manager.page, "BUTTON Send my decision")
        manager.page.keyboard.press("Enter")
        manager.sees("Hana Host")
    assert Request.objects.get().status == RequestStatus.WITH_HOST
    with walking(browser, site, cast.host) as host:
        host.page.goto(f"/requests/{request.pk}/")
        sign_in_by_keyboard(host.page, cast.host.email)
        tab_to(host.page, "BUTTON Agree to host")
        host.page.keyboard.press("Enter")
        host.sees("The visit is agreed")
    assert Request.objects.get().status == RequestStatus.AGREED
