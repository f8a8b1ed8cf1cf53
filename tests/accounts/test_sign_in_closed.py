"""Test that leavers are signed out at once, and that sign-in never redirects off the site."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from tests.cast import Cast
from tests.factories import PASSWORD, PersonFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db

CLOSED = "This account is closed"
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example",
    "\thttps://evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ftp://testserver/",
    "/%09/evil.example\r\nLocation: https://evil.example",
]


def leave(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def test_a_person_who_leaves_while_signed_in_is_out_at_once(client: Client) -> None:
    person = PersonFactory.create()
    sign_in(client, person)
    assert client.get("/profile/").status_code == 200
    leave(person)
    for method, path in (("get", "/profile/"), ("post", "/profile/days/"), ("get", "/accounts/login/")):
        sign_in(client, person)
        answer = getattr(client, method)(path)
        assert answer.status_code == 403
        assert CLOSED in answer.content.decode()
        assert "_auth_user_id" not in client.session
        assert "Sign in" in client.get(path, follow=True).content.decode()


def test_nothing_that_is_posted_meanwhile_is_done(client: Client) -> None:
    person = PersonFactory.create(working_days=[1, 2, 3, 4, 5])
    sign_in(client, person)
    leave(person)
    client.post("/profile/calendar/renew/")
    before = person.calendar_token
    person.refresh_from_db()
    assert person.calendar_token == before


def test_part_of_a_page_lets_the_whole_page_say_it(client: Client) -> None:
    person = PersonFactory.create()
    sign_in(client, person)
    leave(person)
    part = client.get("/profile/people/", headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert CLOSED in client.get("/profile/").content.decode()


def test_every_session_of_theirs_is_over(client: Client) -> None:
    person = PersonFactory.create()
    browsers = [sign_in(Client(), person) for _ in range(2)]
    leave(person)
    assert [CLOSED in browser.get("/").content.decode() for browser in browsers] == [True, True]
    assert not Session.objects.exists()


def test_keys_in_addresses_open_nothing_either(client: Client, cast: Cast) -> None:
    feed = f"/calendar/{cast.shadow.calendar_token}.ics"
    assert client.get(feed).status_code == 200
    leave(cast.shadow)
    assert client.get(feed).status_code == 404


def test_right_password_and_code_open_no_closed_account(client: Client) -> None:
    person = PersonFactory.create(is_active=False)
    form = {"login": person.email, "password": PASSWORD}
    assert CLOSED in client.post(reverse("account_login"), form, follow=True).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("wanted", EVIL)
def test_nobody_is_led_off_the_site(client: Client, wanted: str) -> None:
    person = PersonFactory.create()
    login = reverse("account_login")
    answers = [client.post(login, {"login": person.email, "password": PASSWORD, "next": wanted})]
    answers.append(client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": wanted}))
    answers.append(client.post("/profile/news/", {"mail_rhythm": "at_once", "next": wanted}))
    answers.append(client.get(login, {"next": wanted}))
    answers.append(client.post("/accounts/logout/", {"next": wanted}))
    for answer in answers:
        location = answer.headers.get("Location", "/")
        assert location.startswith("/"), (wanted, location)
        assert not location.startswith(("//", "/\\")), (wanted, location)


def test_the_way_on_leads_to_pages_of_the_site(client: Client) -> None:
    person = PersonFactory.create()
    form = {"login": person.email, "password": PASSWORD, "next": "/offers/?q=x"}
    assert client.post(reverse("account_login"), form)["Location"] == "/offers/?q=x"
