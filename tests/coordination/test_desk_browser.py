"""The desk without scripts and by keyboard: tick, remind, walk from item to item and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import HistoryEntry
from tests.cast import Cast
from tests.coordination.test_ticked import asked_for
from tests.journeys.walking import PHONE, walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_overdue_ones_are_ticked_and_reminded_without_a_script(
    site: str, cast: Cast, browser: Browser
) -> None:
    asked_for(cast, 3)
    with walking(browser, site, cast.coordinator, viewport=PHONE, java_script_enabled=False) as walker:
        walker.sign_in()
        walker.page.goto("/coordinate/?kind=manager_decision")
        boxes = walker.page.get_by_role("checkbox")
        boxes.first.focus()
        walker.page.keyboard.press("Space")
        expect(boxes.first).to_be_checked()
        walker.follow("Tick all on this page")
        assert walker.page.get_by_role("checkbox", checked=True).count() == 3
        walker.press("Remind")
        walker.sees("Reminders are on their way about 3 items, to 1 person.")
        assert walker.page.url.endswith("/coordinate/?kind=manager_decision")
    assert HistoryEntry.objects.filter(action="nudged").count() == 3


def test_one_walks_from_item_to_item_and_back(site: str, cast: Cast, browser: Browser) -> None:
    asked_for(cast, 2)
    with walking(browser, site, cast.coordinator, java_script_enabled=False) as walker:
        walker.sign_in()
        walker.page.goto("/coordinate/?kind=manager_decision&sort=due")
        walker.page.locator("tbody th a").first.click()
        walker.page.get_by_role("link", name="Next").click()
        walker.sees("This is the last one.")
        walker.follow("Back to the list")
        assert "kind=manager_decision&sort=due" in walker.page.url
