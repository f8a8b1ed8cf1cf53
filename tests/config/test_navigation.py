"""Test that the navigation lists existing pages only and marks the present one."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.test import RequestFactory

from accounts.models import Person
from config.templatetags import navigation
from tools.icons import ICONS


def entries(path: str = "/", **given: Any) -> list[navigation.Entry]:
    request = RequestFactory().get(path)
    return navigation.navigation(Context({"request": request, "user": AnonymousUser(), **given}))


def labels(found: list[navigation.Entry]) -> list[str]:
    return [entry.label for entry in found]


def test_navigation_leaves_out_pages_that_do_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "MAIN", (("shadowing:not-yet", "Not yet", "house"),))
    assert entries() == []


def test_navigation_marks_the_page_itself() -> None:
    found = entries(path="/admin/", user=Person(is_staff=True))
    assert {entry.label: entry.current for entry in found}["Admin"] == "page"


def test_navigation_marks_the_section_of_a_page_below() -> None:
    found = entries(path="/admin/accounts/", user=Person(is_staff=True), section="admin:index")
    assert {entry.label: entry.current for entry in found}["Admin"] == "true"


def test_navigation_shows_the_admin_to_staff_only() -> None:
    assert "Admin" not in labels(entries())
    assert "Admin" in labels(entries(user=Person(is_staff=True)))


def test_navigation_shows_the_team_to_those_who_lead_somebody_only() -> None:
    assert "My team" not in labels(entries(leads=lambda: False))
    assert "My team" in labels(entries(leads=lambda: True))
    assert "My appraisal" in labels(entries())


def test_navigation_counts_what_waits_beside_home_only() -> None:
    counts = {entry.label: entry.count for entry in entries(waiting_count=lambda: 3)}
    assert {label for label, count in counts.items() if count} <= {"Home"}


def test_navigation_works_on_pages_without_any_context() -> None:
    assert all(entry.current == "" for entry in navigation.account_navigation(Context()))


def test_every_entry_has_an_icon_of_the_sprite() -> None:
    pages: navigation.Pages = navigation.MAIN + navigation.LEADING + navigation.COORDINATING
    pages += navigation.STAFF + navigation.ACCOUNT
    assert {symbol for _, _, symbol in pages} <= set(ICONS)
