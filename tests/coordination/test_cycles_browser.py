"""A coordinator creates, opens and exports a cycle in the browser; progress works without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import Person
from appraisals.models import Cycle
from appraisals.workflow import cycle_export, opening
from tests.cast import Cast
from tests.journeys.walking import PHONE, walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_coordinator_lays_down_opens_and_exports_a_cycle(site: str, cast: Cast, browser: Browser) -> None:
    with walking(browser, site, cast.coordinator) as walker:
        walker.sign_in()
        walker.page.goto("/coordinate/")
        walker.follow("Appraisal cycles")
        walker.follow("Lay down the first cycle")
        walker.page.get_by_label("Name").fill("2040/41")
        walker.page.get_by_label("First day").fill("2040-08-01")
        walker.page.get_by_label("Last day").fill("2040-07-31")
        walker.press("Keep it")
        walker.sees("A cycle ends after it starts")
        walker.complaints.clear()  # the browser reports the 422 that was meant
        walker.page.get_by_label("Last day").fill("2041-07-31")
        walker.press("Keep it")
        walker.heading("2040/41")
        walker.follow("Open the appraisals")
        walker.press("Open them for everybody")
        walker.sees(f"0 of {Person.objects.count()} people")
        opening.go_on()
        walker.sees(f"{Person.objects.count()} opened, 0 exempt")  # the page notices by itself
        walker.press("Make an export")
        walker.sees("Making the export")
        cycle_export.go_on()
        link = walker.page.get_by_role("link", name="(CSV)")
        expect(link).to_be_visible()
        with walker.page.expect_download() as fetched:
            link.click()
        assert fetched.value.suggested_filename == "appraisals-204041.csv"


def test_progress_is_seen_without_a_script(site: str, cast: Cast, browser: Browser) -> None:
    cycle = Cycle.objects.create(name="2040/41", starts_on="2040-08-01", ends_on="2041-07-31")
    with walking(browser, site, cast.coordinator, viewport=PHONE, java_script_enabled=False) as walker:
        walker.sign_in()
        walker.page.goto("/coordinate/cycles/2040-08-01/open/")
        walker.press("Open them for everybody")
        opening.go_on()
        walker.follow("See how far it is now")
        walker.sees(f"{cycle.appraisals.count()} opened, 0 exempt")
        assert cycle.appraisals.exists()
