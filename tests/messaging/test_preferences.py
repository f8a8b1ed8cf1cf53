"""Test mail preferences from a mail's footer: who may, what changes, and what leaks."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.enums import MailRhythm
from accounts.models import Person
from messaging.preferences import masked, person_of, token_of
from tests.factories import PersonFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
GUARDS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def address(person: Person) -> str:
    return f"/mail/{token_of(person)}/"


def rhythm(person: Person) -> str:
    person.refresh_from_db()
    return person.mail_rhythm


# --- tokens -------------------------------------------------------------------------------------------------


def test_token_is_the_same_each_time_and_leads_back(person: Person) -> None:
    assert token_of(person) == token_of(person)
    assert person_of(token_of(person)) == person
    assert not set(token_of(person)) & set("/?&#. ")


@pytest.mark.parametrize(
    "forge", [str.upper, str.lower, lambda t: t[:-1], lambda t: f"{t}x", lambda t: "1" + t]
)
def test_forged_token_is_nobodys(person: Person, forge: object) -> None:
    assert callable(forge)
    assert person_of(forge(token_of(person))) is None


@pytest.mark.parametrize("token", ["", "~", "1", "1~", "~x", "é~ü", "\x00", "9" * 5000])
def test_nonsense_is_nobodys(db: None, token: str) -> None:
    assert person_of(token) is None


def test_token_is_not_another_persons(person: Person) -> None:
    other = PersonFactory.create()
    swapped = token_of(person).replace(f"{person.pk}~", f"{other.pk}~", 1)
    assert person_of(swapped) is None


def test_token_needs_the_sites_key(person: Person, settings: Settings) -> None:
    token = token_of(person)
    settings.SECRET_KEY = "another-key-of-at-least-32-characters"
    assert person_of(token) is None


def test_token_of_somebody_who_left_opens_nothing(person: Person) -> None:
    person.is_active = False
    person.save()
    assert person_of(token_of(person)) is None


@pytest.mark.parametrize(
    ("email", "shown"), [("sam@example.ac.uk", "s…@example.ac.uk"), ("@example.ac.uk", "…@example.ac.uk")]
)
def test_address_is_masked(email: str, shown: str) -> None:
    assert masked(email) == shown


# --- the page -----------------------------------------------------------------------------------------------


def test_mail_choice_page_masks_the_address(client: Client, person: Person) -> None:
    answer = client.get(address(person))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "m…@example.ac.uk" in shown
    assert person.email not in shown
    assert person.full_name not in shown
    assert "is never switched off; several within an hour come as one message." in shown
    assert {name: answer[name] for name in GUARDS} == GUARDS


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["", "one-click/"])
def test_opening_changes_nothing(client: Client, person: Person, method: str, path: str) -> None:
    answer = getattr(client, method)(f"{address(person)}{path}?mail_rhythm=daily&List-Unsubscribe=One-Click")
    assert answer.status_code == (302 if path else 200)
    assert rhythm(person) == MailRhythm.AT_ONCE


def test_choice_is_taken_without_signing_in(client: Client, person: Person) -> None:
    for choice in ("daily", "at_once"):
        answer = client.post(address(person), {"mail_rhythm": choice})
        assert answer.status_code == 200
        assert "Saved." in answer.content.decode()
        assert rhythm(person) == choice
        assert {name: answer[name] for name in GUARDS} == GUARDS
    assert "_auth_user_id" not in client.session


def test_choice_that_is_none_is_refused(client: Client, person: Person) -> None:
    for given in ({}, {"mail_rhythm": "never"}):
        answer = client.post(address(person), given)
        assert answer.status_code == 422
        assert answer["Cache-Control"] == "no-store"
    assert rhythm(person) == MailRhythm.AT_ONCE


def test_page_is_guarded_against_other_sites(person: Person) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(address(person), {"mail_rhythm": "daily"}).status_code == 403
    assert rhythm(person) == MailRhythm.AT_ONCE


def test_mail_program_needs_one_click(person: Person) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(f"{address(person)}one-click/", ONE_CLICK).status_code == 200
    assert rhythm(person) == MailRhythm.DAILY
    assert careful.post(f"{address(person)}one-click/", ONE_CLICK).status_code == 200


def test_one_click_takes_only_what_mail_programs_send(client: Client, person: Person) -> None:
    """Whatever presses every button it finds does not send these words."""
    for given in ({}, {"List-Unsubscribe": "yes"}):
        assert client.post(f"{address(person)}one-click/", given).status_code == 302
    assert rhythm(person) == MailRhythm.AT_ONCE


@pytest.mark.parametrize("path", ["", "one-click/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_address_leads_nowhere(client: Client, db: None, path: str, method: str) -> None:
    answer = getattr(client, method)(f"/mail/1~forged/{path}", ONE_CLICK | {"mail_rhythm": "daily"})
    assert answer.status_code == 404
    assert {name: answer[name] for name in GUARDS} == GUARDS
    assert "This address leads nowhere" in answer.content.decode()


def test_address_of_somebody_who_left_leads_nowhere(client: Client, person: Person) -> None:
    where = address(person)
    Person.objects.update(is_active=False)
    assert client.post(where, {"mail_rhythm": "daily"}).status_code == 404
    assert client.post(f"{where}one-click/", ONE_CLICK).status_code == 404
    assert rhythm(person) == MailRhythm.AT_ONCE


def test_preferences_link_changes_its_owner_for_any_session(client: Client, person: Person) -> None:
    other = PersonFactory.create()
    client.force_login(other)
    client.post(address(person), {"mail_rhythm": "daily"})
    assert (rhythm(person), rhythm(other)) == (MailRhythm.DAILY, MailRhythm.AT_ONCE)
