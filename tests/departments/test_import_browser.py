"""An HR file in the browser, with and without scripts: chosen, looked at, confirmed, followed to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from departments.imports import jobs
from departments.models import HrImport
from tests.cast import Cast
from tests.departments.files import write_people
from tests.factories import PersonFactory
from tests.journeys.walking import walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_file_is_brought_in_by_the_page(
    site: str, cast: Cast, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    path = write_people(tmp_path / "hr.csv", {"email": "new@example.ac.uk"}, {"email": "bad"})
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    with walking(browser, site, admin, java_script_enabled=scripts) as walker:
        walker.sign_in()
        page = walker.page
        page.goto("/admin/")
        page.get_by_role("link", name="HR imports").first.click()
        walker.follow("Import a file")
        page.get_by_label("The file", exact=True).set_input_files(path)
        walker.press("Read the file")
        expect(page.get_by_role("heading", name="Bring it in?")).to_be_visible()
        expect(page.get_by_text("is no email address")).to_be_visible()
        walker.press("Bring it in")
        expect(page.get_by_role("heading", name="Going on at the moment")).to_be_visible()
        jobs.go_on()
        if not scripts:
            walker.follow("See how far it is now")
        expect(page.get_by_text("Correct the lines below")).to_be_visible()
    assert HrImport.objects.get().created == 1
