"""Test the list of sessions, ending the others, and a session's queries."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from accounts.sign_in.user_agents import browser_words
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
AGENTS = [
    (PHONE, "Safari on an iPhone"),
    (OFFICE, "Edge on Windows"),
    ("curl/8", "A browser"),
    ("", "A browser"),
]


def signed_in(person: Person, agent: str) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return browser


@pytest.mark.parametrize(("agent", "words"), AGENTS)
def test_browsers_are_named_as_people_name_them(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_sessions_are_listed_and_others_can_be_ended() -> None:
    person, other = PersonFactory.create(), PersonFactory.create()
    office, phone, foreign = signed_in(person, OFFICE), signed_in(person, PHONE), signed_in(other, "curl/8")
    page = phone.get("/accounts/sessions/").content.decode()
    assert "Edge on Windows" in page
    assert "Safari on an iPhone</strong> (this one)" in page
    assert "A browser" not in page
    done = phone.post("/accounts/sessions/", follow=True).content.decode()
    assert "You are signed out everywhere else." in done
    assert "You are signed in nowhere else." in done
    assert office.get("/profile/").status_code == 302
    assert phone.get("/profile/").status_code == foreign.get("/profile/").status_code == 200


def test_a_new_password_ends_the_other_sessions() -> None:
    person = PersonFactory.create()
    office, phone = signed_in(person, OFFICE), signed_in(person, PHONE)
    new = "quite-another-passphrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert office.post(reverse("account_change_password"), form).status_code == 302
    assert office.get("/profile/").status_code == 200
    assert phone.get("/profile/").status_code == 302


def test_a_request_reads_its_session_once_and_writes_nothing() -> None:
    browser = signed_in(PersonFactory.create(), OFFICE)
    browser.get("/accessibility/")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/accessibility/")
    statements = [query["sql"] for query in asked]
    assert sum('FROM "django_session"' in sql for sql in statements) == 1
    assert not [sql for sql in statements if sql.startswith(("UPDATE", "INSERT", "DELETE"))]
    assert not [sql for sql in statements if UserSession._meta.db_table in sql]
