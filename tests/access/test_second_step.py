"""Test that administrators' permissions cannot be used in any way without the second factor."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from accounts.models import Person
from accounts.sign_in.second_factor import METHODS
from tests.architecture import code
from tests.cast import Cast, member
from tests.factories import PersonFactory
from tests.signing import sign_in

# Who asks a person's own columns instead of the rights they give, and why.
ASK_COLUMNS = {
    "accounts/models/administration.py",  # here the rights are closed
    "accounts/sign_in/second_factor.py",  # who needs the second step
    "accounts/admin/people.py", "departments/admin.py",  # whose record it is
    "accounts/admin/audit_trail.py",  # whose sign-in is noted
    "accounts/erasure.py", "departments/imports/chunks.py", "departments/imports/leavers.py",  # as above
    "departments/imports/self_granting.py",  # who confirmed the import, in a session that had its step
    "accounts/management/commands/erase_person.py",  # at a terminal
    "config/templatetags/navigation.py",  # a link to where the step is asked for
    "accounts/models/person.py", "accounts/data_export.py", "demo/organisation.py",  # written, listed
}  # fmt: skip
COLUMNS = re.compile(r"\.is_(?:superuser|staff)\b|\"is_(?:superuser|staff)\"|\bis_(?:superuser|staff)=")


def test_rights_are_asked_for_and_not_columns() -> None:
    found = {file.name for file in code() if COLUMNS.search(file.text)}
    assert found <= ASK_COLUMNS, found - ASK_COLUMNS


def refused(answer: Any) -> bool:
    to_step = answer.status_code == 302 and answer["Location"].startswith("/accounts/2fa/")
    return to_step or answer.status_code in (403, 404, 405)


@pytest.fixture
def admin(client: Client, settings: Settings) -> Person:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    person = PersonFactory.create(is_staff=True, is_superuser=True)
    sign_in(client, person)
    return person


def with_step(client: Client) -> None:
    session = client.session
    session[METHODS] = ["pwd", "mfa"]
    session.save()


@pytest.mark.django_db
def test_offer_of_others_is_steered_with_the_step_only(client: Client, admin: Person, cast: Cast) -> None:
    address = f"/offers/{cast.offer.pk}/act/pause/"
    assert refused(client.post(address))
    cast.offer.refresh_from_db()
    assert cast.offer.status == "open"
    page = client.get(f"/offers/{cast.offer.pk}/").content.decode()
    assert "Pause" not in page
    with_step(client)
    assert client.post(address).status_code in (302, 303)
    cast.offer.refresh_from_db()
    assert cast.offer.status == "paused"


@pytest.mark.django_db
def test_part_of_a_page_leads_the_whole_of_it_to_the_step(client: Client, admin: Person) -> None:
    answer = client.get("/admin/accounts/person/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, "/accounts/2fa/")


@pytest.mark.django_db
def test_permission_of_non_staff_needs_second_factor(client: Client, settings: Settings, cast: Cast) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    runner = member(cast.estates)
    runner.user_permissions.set(Permission.objects.filter(codename="change_appraisal"))
    sign_in(client, runner)
    assert client.get("/coordinate/cycles/").status_code in (302, 404)
    with_step(client)
    assert client.get("/coordinate/cycles/").status_code == 200


@pytest.mark.django_db
def test_permissions_are_withheld_outside_a_session(admin: Person) -> None:
    person = Person.objects.get(pk=admin.pk)
    assert not person.has_perm("accounts.change_person")
    assert not person.has_perms(["accounts.change_person"])
    assert not person.has_module_perms("accounts")
    assert not person.get_all_permissions() | person.get_user_permissions() | person.get_group_permissions()
    assert not person.has_every_right
    assert not person.is_administrator
    person.second_step = lambda: True
    assert person.has_perm("accounts.change_person")
    assert person.has_every_right
    assert person.is_administrator
