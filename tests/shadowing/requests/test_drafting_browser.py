"""A reflection in a real browser: kept while it is typed, in two windows, signed out, and without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shadowing.models import Answer, Placement
from tests.cast import Cast
from tests.journeys.walking import DESKTOP, PHONE
from tests.shadowing.reflecting import answer_to, both_sent, page_url, question, reflection_of, visited
from tests.shadowing.requests.test_request_browser import let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def at_the_form(context: BrowserContext, site: str, placement: Placement) -> Page:
    """The form, opened in a window of its own."""
    page = context.new_page()
    page.goto(site + page_url(placement))
    return page


def box(placement: Placement, key: str, field: str = "words") -> str:
    """Where an answer is typed."""
    return f"[name=q{question(placement, key).pk}_{field}]"


def test_draft_is_kept_while_it_is_typed(
    site: str, cast: Cast, placement: Placement, context: BrowserContext
) -> None:
    let_in(context, site, cast.shadow)
    page = at_the_form(context, site, placement)
    for said in ("The board.", "The board on the wall."):
        page.fill(box(placement, "seen_differently"), said)
        with page.expect_response(lambda answer: answer.url.endswith("/keep/")):
            page.locator(box(placement, "seen_differently")).press("End")
        expect(page.locator("[data-draft-kept]")).to_contain_text("Draft kept at")
    assert answer_to(placement, "seen_differently").words == "The board on the wall."
    page.click("button:has-text('Save as draft')")
    page.wait_for_url(site + placement.get_absolute_url())
    assert Answer.objects.count() == 1
    assert reflection_of(placement).sent_at is None


def test_second_window_overwrites_nothing(
    site: str, cast: Cast, placement: Placement, context: BrowserContext
) -> None:
    let_in(context, site, cast.shadow)
    first, second = (at_the_form(context, site, placement) for _ in range(2))
    first.fill(box(placement, "seen_differently"), "The newer.")
    expect(first.locator("[data-draft-kept]")).to_contain_text("Draft kept at")
    second.fill(box(placement, "seen_differently"), "The older.")
    expect(second.locator("[data-draft-trouble]")).to_contain_text("another window")
    assert answer_to(placement, "seen_differently").words == "The newer."
    second.click("button:has-text('Save as draft')")
    expect(second.locator(".error-summary")).to_contain_text("another window")
    expect(second.locator("main")).to_contain_text("The newer.")
    assert second.input_value(box(placement, "seen_differently")) == "The older."


def test_signed_out_author_is_warned_and_finds_words_again(
    site: str, cast: Cast, placement: Placement, context: BrowserContext
) -> None:
    let_in(context, site, cast.shadow)
    page = at_the_form(context, site, placement)
    Session.objects.all().delete()
    page.fill(box(placement, "seen_differently"), "The board.")
    expect(page.locator("[data-draft-trouble]")).to_contain_text("signed out")
    page.click("button:has-text('Save as draft')")
    page.wait_for_url("**/accounts/login/**")
    let_in(context, site, cast.shadow)
    page.goto(site + page_url(placement))
    assert page.input_value(box(placement, "seen_differently")) == "The board."


def test_reflection_is_sent_without_scripts(
    site: str, cast: Cast, placement: Placement, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    let_in(context, site, cast.shadow)
    page = at_the_form(context, site, placement)
    page.fill(box(placement, "seen_differently"), "The b")
    page.click("button:has-text('Save as draft')")
    page.goto(site + page_url(placement))
    assert page.input_value(box(placement, "seen_differently")) == "The b"
    page.check(f"{box(placement, 'objectives_met', 'rating_0')}[value='4']")
    page.select_option(box(placement, "objectives_met", "share"), "shared")
    page.click("main button:has-text('Send')")
    expect(page.locator("main")).to_contain_text("4 of 5: mostly")
    assert reflection_of(placement).sent_at is not None
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_nothing_to_correct(
    site: str, cast: Cast, placement: Placement, browser: Browser, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]  # as Playwright's names are
    let_in(context, site, cast.shadow)
    page = context.new_page()
    here, form, found = placement.get_absolute_url(), page_url(placement), list[str]()
    for step in ("writing", "written"):
        if step == "written":
            both_sent(cast, placement)
        for url in (form, f"{form}?change=1", here, f"{here}thanks/", f"{here}later/"):
            page.goto(site + url)
            found += [f"{url}: {one['id']}" for one in Axe().run(page).response["violations"]]
            found += [f"{url}: wide"] if page.evaluate(WIDER) else []
    context.close()
    assert found == []
