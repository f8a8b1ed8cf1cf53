"""Test that attempts are limited, and that no answer reveals whether an address is known."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Person
from messaging.models import Message
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

LOGIN, CODE, RESET = (
    reverse(name) for name in ("account_login", "account_request_login_code", "account_reset_password")
)
TOO_MANY = ("Too many", "too many")


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="known@example.ac.uk")


def test_an_account_is_locked_for_a_while_after_five_wrong_passwords_from_anywhere(person: Person) -> None:
    for number in range(5):
        wrong = Client(REMOTE_ADDR=f"10.0.0.{number}")
        wrong.post(LOGIN, {"login": person.email, "password": "no"})
    right = Client(REMOTE_ADDR="10.9.9.9")
    answer = right.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert any(words in answer.content.decode() for words in TOO_MANY)
    assert "_auth_user_id" not in right.session


def test_one_address_may_not_try_account_after_account(client: Client) -> None:
    for number in range(30):
        client.post(LOGIN, {"login": f"p{number}@example.ac.uk", "password": "no"})
    answer = client.post(LOGIN, {"login": "p99@example.ac.uk", "password": "no"})
    assert any(words in answer.content.decode() for words in TOO_MANY)


@pytest.mark.parametrize("address", [CODE, RESET])
def test_three_mails_a_minute_to_one_address(person: Person, address: str) -> None:
    for number in range(6):
        Client(REMOTE_ADDR=f"10.0.1.{number}").post(address, {"email": person.email})
    assert Message.objects.count() == 3


def test_a_code_is_worth_nothing_after_three_wrong_ones(client: Client, person: Person) -> None:
    client.post(CODE, {"email": person.email})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", Message.objects.get().text, re.M)
    assert code
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "BBBB-BBBB"})
    client.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert "_auth_user_id" not in client.session


def said(address: str, form: dict[str, str]) -> tuple[str, int]:
    """Everything a browser reads after sending a form, but for what differs each time; and the queries."""
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post(address, form, follow=True)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    page = re.sub(r"data-live=k[0-9a-f]{32}", "", page)
    page = page.replace(form.get("email") or form["login"], "ADDRESS")
    return f"{answer.redirect_chain} {answer.status_code} {page}", len(queries)


@pytest.mark.parametrize("address", [LOGIN, CODE, RESET])
def test_unknown_known_and_closed_get_the_same_answer(person: Person, address: str) -> None:
    PersonFactory.create(email="left@example.ac.uk", is_active=False)
    field = "login" if address == LOGIN else "email"
    answers, costs = {}, {}
    for who in ("known", "left", "nobody"):
        form = {field: f"{who}@example.ac.uk", "password": "wrong"}
        answers[who], costs[who] = said(address, form)
    assert answers["known"] == answers["left"] == answers["nobody"]
    assert max(costs.values()) - min(costs.values()) <= 8, costs


def test_the_administration_has_no_door_of_its_own(client: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    form = {"username": person.email, "password": PASSWORD}
    answer = client.post("/admin/login/?next=/admin/", form)
    assert answer["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_its_own_form_signs_nobody_in_as_somebody_else(client: Client) -> None:
    clerk = PersonFactory.create(is_staff=True)
    above = PersonFactory.create(is_staff=True, is_superuser=True)  # with a second step, perhaps
    client.force_login(clerk)
    answer = client.post("/admin/login/?next=/profile/", {"username": above.email, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.session["_auth_user_id"] == str(clerk.pk)
    change = {"old_password": PASSWORD, "new_password1": "sturdy-words-1", "new_password2": "sturdy-words-1"}
    assert client.post("/admin/password_change/", change)["Location"] == "/accounts/password/change/"
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


@pytest.mark.parametrize(("proxies", "given"), [(0, "6.6.6.{}"), (1, "6.6.6.{}, 9.9.9.9"), (2, "6.6.6.{}")])
def test_nobody_makes_up_where_they_come_from(
    client: Client, settings: Settings, proxies: int, given: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    form = {"login": "nobody@example.ac.uk", "password": "a wrong one"}
    answers = [
        client.post("/accounts/login/", form, headers={"X-Forwarded-For": given.format(number)}).status_code
        for number in range(5)
    ]
    assert answers == [200, 200, 200, 429, 429]
