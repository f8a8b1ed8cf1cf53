"""Test that strangers' attempts neither lock out known browsers nor flood a mailbox."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.totp.internal import auth
from django.core import signing
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Person
from accounts.sign_in.known_browsers import MOST, SALT
from messaging.models import Message
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
LOGIN, CODE, RESET, SECOND = (
    reverse(name)
    for name in (
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "mfa_authenticate",
    )
)


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="known@example.ac.uk")


def log_in(client: Client, person: Person, password: str = PASSWORD) -> bool:
    client.post(LOGIN, {"login": person.email, "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture
def own(person: Person) -> Client:
    """A browser in which the person has signed in, and out again."""
    client = Client(REMOTE_ADDR="10.0.0.1")
    assert log_in(client, person)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
    return client


def attack(person: Person, times: int = 20) -> None:
    """From the same address and from others: wrong passwords, and every mail there is."""
    for number in range(times):
        stranger = Client(REMOTE_ADDR=f"10.0.0.{number % 4 + 1}")
        log_in(stranger, person, "a wrong one")
        for address in (CODE, RESET):
            stranger.post(address, {"email": person.email})


def test_wrong_passwords_of_strangers_leave_the_persons_own_browser_alone(
    own: Client, person: Person
) -> None:
    attack(person)
    assert not log_in(Client(REMOTE_ADDR="10.9.9.9"), person)
    assert log_in(own, person)


def test_mails_for_strangers_leave_the_persons_own_browser_theirs(own: Client, person: Person) -> None:
    attack(person)
    for address in (CODE, RESET):
        before = Message.objects.count()
        own.post(address, {"email": person.email})
        assert Message.objects.count() == before + 1


def test_own_browser_is_counted_too(own: Client, person: Person) -> None:
    for _ in range(5):
        assert not log_in(own, person, "a wrong one")
    assert not log_in(own, person)
    for number in range(10):
        again = Client(REMOTE_ADDR=f"10.0.2.{number}")
        again.cookies["known-browser"] = own.cookies["known-browser"].value
        again.post(CODE, {"email": person.email})
    assert Message.objects.count() == 3


def test_one_mailbox_gets_so_many_mails_an_hour(person: Person) -> None:
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False) as clock:
        for number in range(59):
            stranger = Client(REMOTE_ADDR=f"10.1.0.{number}")
            stranger.post(CODE, {"email": person.email.upper()})
            stranger.post(RESET, {"email": person.email})
            clock.shift(60)
        assert Message.objects.count() == 6
        clock.shift(3600)
        Client().post(CODE, {"email": person.email})
        assert Message.objects.count() == 7


def test_unknown_address_is_counted_like_a_known_one(person: Person) -> None:
    said: dict[str, list[str]] = {}
    for email in (person.email, "nobody@example.ac.uk"):
        answers = [Client().post(CODE, {"email": email}) for _ in range(5)]
        said[email] = [f"{one.status_code} {'Too many' in one.content.decode()}" for one in answers]
    assert said[person.email] == said["nobody@example.ac.uk"]


def test_browser_known_for_somebody_else_is_a_stranger(person: Person) -> None:
    colleague, theirs = PersonFactory.create(), Client()
    assert log_in(theirs, colleague)
    theirs.post(reverse("account_logout"))
    attack(person, 5)
    assert not log_in(theirs, person)


@pytest.mark.parametrize("forged", ["1", "[1]", '["x"]', "x:y:z", ""])
def test_cookie_that_is_not_ours_is_none(person: Person, forged: str) -> None:
    attack(person, 5)
    client = Client()
    client.cookies["known-browser"] = forged
    assert not log_in(client, person)


def test_cookie_is_old_at_some_time(own: Client, person: Person) -> None:
    with time_machine.travel(time.time() + 366 * 24 * 3600):
        attack(person, 5)
        assert not log_in(own, person)


def test_cookie_names_whom_it_knows_and_opens_nothing(person: Person, settings: Settings) -> None:
    client = Client()
    for one in [*(PersonFactory.create() for _ in range(MOST + 1)), person]:
        assert log_in(client, one)
        client.post(reverse("account_logout"))
    cookie = client.cookies["known-browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    people = signing.loads(cookie.value, salt=SALT)
    assert people[0] == person.pk
    assert len(people) == MOST
    other = Client()
    other.cookies["known-browser"] = cookie.value
    assert other.get("/profile/").status_code == 302
    settings.SESSION_COOKIE_SECURE = True
    assert log_in(third := Client(), person)
    assert third.cookies["__Host-known-browser"]["secure"]


def code_of(secret: str) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))))


def test_wrong_second_steps_leave_the_persons_own_browser_alone(own: Client, person: Person) -> None:
    secret = str(auth.generate_totp_secret())
    auth.TOTP.activate(person, secret)
    for _ in range(6):  # somebody knows the password
        stranger = Client()
        stranger.post(LOGIN, {"login": person.email, "password": PASSWORD})
        stranger.post(SECOND, {"code": "000000"})
    stranger.post(SECOND, {"code": code_of(secret)})
    assert "_auth_user_id" not in stranger.session
    own.post(LOGIN, {"login": person.email, "password": PASSWORD})
    own.post(SECOND, {"code": code_of(secret)})
    assert "_auth_user_id" in own.session


def test_strangers_attempts_do_not_block_reauthentication(person: Person) -> None:
    client = Client()
    client.force_login(person)
    attack(person)
    again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/profile/"})
    assert again["Location"] == "/profile/"
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    before = Message.objects.count()
    client.post("/accounts/still-you/", {"send": "1"})
    assert Message.objects.count() == before + 1


def test_campus_is_not_locked_out_by_one_of_its_addresses(own: Client, person: Person) -> None:
    for number in range(130):
        Client(REMOTE_ADDR="10.0.0.1").post(LOGIN, {"login": f"p{number}@example.ac.uk", "password": "no"})
    assert (
        Client(REMOTE_ADDR="10.0.0.1").post(LOGIN, {"login": "a@example.ac.uk", "password": "no"}).status_code
        == 429
    )
    assert log_in(own, person)


def test_reset_link_is_of_our_own_address(person: Person, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://shadowing.example.ac.uk"
    forged = {"Host": "forged.example", "X-Forwarded-Host": "forged.example", "X-Forwarded-Proto": "http"}
    for address in (RESET, CODE):
        Client().post(address, {"email": person.email}, headers=forged)
    mails = list(Message.objects.all())
    assert len(mails) == 2
    for mail in mails:
        assert "forged" not in f"{mail.subject}{mail.text}{mail.html}"
    links = re.findall(
        r"(https?://[^/\s]+)/accounts/password/reset/key/", " ".join(mail.text for mail in mails)
    )
    assert set(links) == {"https://shadowing.example.ac.uk"}
