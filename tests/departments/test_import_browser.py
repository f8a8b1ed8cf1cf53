"""Importing an HR file in the browser, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from departments.imports import jobs
from departments.models import HrImport
from tests.cast import Cast
from tests.departments.files import write_people
from tests.departments.importing import OWN_COLUMNS
from tests.factories import DepartmentFactory, PersonFactory
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


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_columns_are_chosen_by_the_page(
    site: str, cast: Cast, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    path = tmp_path / "own-columns.csv"
    path.write_text(OWN_COLUMNS)
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    DepartmentFactory.create(code="LIBRARY", name="Library Services of the House")
    with walking(browser, site, admin, java_script_enabled=scripts) as walker:
        walker.sign_in()
        page = walker.page
        page.goto("/admin/departments/hrimport/add/")
        page.get_by_label("The file", exact=True).set_input_files(path)
        walker.press("Read the file")
        walker.heading("Choose the columns")
        expect(page.get_by_label("What is “Forename”?")).to_have_value("first_name")
        page.get_by_label("What is “Something with a rather long name”?").select_option("department_code")
        page.get_by_label("How 03/12/2026 is meant: start date").select_option("month-first")
        walker.press("Show what would change")
        expect(page.get_by_role("heading", name="Bring it in?")).to_be_visible()
        expect(page.get_by_text("12 March 2024", exact=True)).to_be_visible()
        walker.follow("Change the sheet, the columns or how dates are read")
        walker.heading("Choose the columns")
