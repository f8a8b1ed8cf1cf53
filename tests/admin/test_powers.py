"""What staff without all powers may not do to people: become them, or find out what opens their calendar."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from tests.factories import DepartmentFactory, MembershipFactory, PersonFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/person/"


@pytest.fixture
def clerk(client: Client) -> Person:
    person = PersonFactory.create(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_person", "change_person"]))
    sign_in(client, person)
    return person


def test_clerk_cannot_take_over_another_administrator(client: Client, clerk: Person) -> None:
    auditor = PersonFactory.create(is_staff=True)
    assert client.get(f"{PEOPLE}{auditor.pk}/password/").status_code == 403
    assert client.post(f"{PEOPLE}{auditor.pk}/change/", {"email": clerk.email}).status_code == 403
    client.post(PEOPLE, {"action": "mark_as_left", "_selected_action": [auditor.pk]})
    auditor.refresh_from_db()
    assert auditor.is_active
    porter = PersonFactory.create()
    assert client.get(f"{PEOPLE}{porter.pk}/password/").status_code == 403
    password = {"password1": "sturdy-words-1", "password2": "sturdy-words-1", "usable_password": "true"}
    assert client.post(f"{PEOPLE}{porter.pk}/password/", password).status_code == 403
    assert 'name="email"' not in client.get(f"{PEOPLE}{porter.pk}/change/").content.decode()


@pytest.mark.parametrize("asked", ["calendar_token__startswith", "staff_number__startswith", "left_at__gte"])
def test_the_address_bar_answers_no_question_about_what_is_not_shown(
    client: Client, clerk: Person, asked: str
) -> None:
    assert client.get(PEOPLE, {asked: "2"}).status_code == 400
    assert client.get(PEOPLE, {"is_active__exact": "1"}).status_code == 200


def test_a_departments_page_still_leads_to_its_people(client: Client) -> None:
    sign_in(client, PersonFactory.create(is_staff=True, is_superuser=True))
    here = MembershipFactory.create(department=DepartmentFactory.create())
    page = client.get(
        reverse("admin:departments_department_change", args=[here.department_id])
    ).content.decode()
    link = f"{PEOPLE}?membership__department__id__exact={here.department_id}"
    assert link in page
    assert client.get(link).status_code == 200
