"""The request and the visit in a real browser: without scripts, by keyboard, free of barriers."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Person
from accounts.workflow import perform
from shadowing.enums import RequestStatus
from shadowing.models import Request, Session
from tests.cast import Cast
from tests.factories import SessionFactory, at
from tests.shadowing.requesting import act_url, ask_url, edit_url, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S = RequestStatus


def let_in(context: BrowserContext, site: str, person: Person) -> None:
    """Sign ``person`` in by their session's cookie."""
    cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": site}])


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.click(button)


def test_place_is_asked_for_and_agreed_without_scripts(site: str, cast: Cast, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    let_in(context, site, cast.shadow)
    page = context.new_page()
    page.goto(site + ask_url(cast.offer))
    page.click("summary:has-text('Say more')")
    page.fill("[name=want_to_see]", "The first hour of the day")
    page.click("button:has-text('Send the request')")
    assert page.locator(".error-summary").is_visible()
    assert page.input_value("[name=want_to_see]") == "The first hour of the day"
    page.fill("[name=objective_1]", "See how calls are sorted")
    page.check("[name=agreement]")
    press(page, "button:has-text('Send the request')")
    request = Request.objects.get()
    assert page.url == site + request.get_absolute_url()
    perform(request, "approve", actor=cast.manager)
    let_in(context, site, cast.host)
    page.goto(site + request.get_absolute_url())
    page.fill("#agree [name=agenda]", "10:00 welcome")
    press(page, "#agree button")
    request.refresh_from_db()
    assert request.status == S.AGREED
    page.goto(site + request.placement.get_absolute_url())
    page.click("summary:has-text('Cancel the visit')")
    page.select_option("[name=reason]", "workload")
    press(page, "button:has-text('for good')")
    request.refresh_from_db()
    assert request.status == S.CLOSED
    context.close()


def test_form_is_filled_in_and_sent_by_keyboard(site: str, cast: Cast, page: Page) -> None:
    let_in(page.context, site, cast.shadow)
    page.goto(site + ask_url(cast.offer))
    page.focus("[name=objective_1]")
    page.keyboard.type("See how calls are sorted")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "agreement":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/*/")
    assert Request.objects.get().status == S.WITH_MANAGER


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_free_of_barriers(
    site: str, cast: Cast, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    SessionFactory.create(offer=cast.offer, starts_at=at(40), taken=1)
    agreed = cast.agreed()
    asked = cast.approved(session=cast.window())
    Session.objects.filter(pk=cast.session.pk).update(places=2)
    placement = agreed.placement.get_absolute_url()
    pages = {
        cast.stranger: [ask_url(cast.offer), ask_url(asked.offer)],
        cast.host: [asked.get_absolute_url(), placement, f"{placement}edit/", ask_url(cast.offer)],
        cast.shadow: [agreed.get_absolute_url(), placement, ask_url(cast.offer)],
    }
    told: list[str] = []
    for person, urls in pages.items():
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        let_in(context, site, person)
        page = context.new_page()
        page.on("console", lambda line: told.append(line.text))
        for url in urls:
            page.goto(site + url)
            page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
            found = Axe().run(page).response["violations"]
            assert not found, (person, url, [(one["id"], one["nodes"][0]["html"]) for one in found])
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide), url
        context.close()
    assert not [line for line in told if "Content Security Policy" in line]


def test_second_press_of_a_button_sends_nothing_more(site: str, cast: Cast, page: Page) -> None:
    request = cast.draft()
    let_in(page.context, site, cast.shadow)
    page.goto(site + edit_url(request))
    page.check("[name=agreement]")
    page.dblclick("button:has-text('Send the request')")
    page.wait_for_url("**/requests/*/")
    assert act_url(request, "withdraw") in page.content()
    assert Request.objects.get().status == S.WITH_MANAGER
