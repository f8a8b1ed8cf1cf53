"""Test the profile page: what it shows, and that each form changes one setting of its owner only."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import MailRhythm, WorkingPattern
from accounts.models import Person
from tests.cast import Cast
from tests.factories import DelegationFactory, PersonFactory

PAGE = "/profile/"
FORMS = ("days", "news", "deputies", "calendar-renew")


@pytest.fixture
def me(cast: Cast, client: Client) -> Person:
    """The shadow, signed in."""
    client.force_login(cast.shadow)
    return cast.shadow


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def fresh(person: Person) -> Person:
    found: Person = Person.objects.get(pk=person.pk)
    return found


# --- what it shows ------------------------------------------------------------------------------------------


def test_profile_is_in_the_account_menu_and_asks_strangers_to_sign_in(client: Client) -> None:
    assert reverse("accounts:profile") == PAGE
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")


def test_profile_shows_what_the_staff_list_holds(client: Client, me: Person) -> None:
    me.job_title, me.working_pattern = "Librarian", WorkingPattern.PART_TIME
    me.save()
    shown = text(client)
    for words in ("Sam Shadow", me.email, "Librarian", "Library Services", "Mary Manager", "Part-time"):
        assert words in shown, words
    assert "Tell your HR team" in shown
    assert "choose the days that are yours" in shown


def test_profile_of_somebody_without_place_or_manager_makes_sense(client: Client, db: None) -> None:
    client.force_login(PersonFactory.create(job_title=""))
    shown = text(client)
    assert shown.count("Not given") == 8
    assert "Somebody above you in the departments decides" in shown


def test_profile_is_kept_in_no_cache(client: Client, me: Person) -> None:
    answer = client.get(PAGE)
    assert answer["Cache-Control"] == "private, no-store"
    assert me.calendar_token in answer.content.decode()


def test_profile_leads_to_password_and_second_step(client: Client, me: Person) -> None:
    shown = text(client)
    assert reverse("account_change_password") in shown
    assert reverse("mfa_index") in shown


def test_profile_says_for_whom_one_acts(client: Client, cast: Cast) -> None:
    client.force_login(cast.deputy)
    assert "You are the deputy now" in text(client)
    client.force_login(cast.stranger)
    assert "For whom I act" not in text(client)


def test_profile_costs_the_same_however_many_deputies(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    cast.manager.delegations.update(ends_on="2030-12-31")

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    few = cost()
    for year in range(2031, 2036):
        for manager, deputy in (
            (cast.manager, PersonFactory.create()),
            (PersonFactory.create(), cast.manager),
        ):
            DelegationFactory.create(
                manager=manager, deputy=deputy, starts_on=f"{year}-01-01", ends_on=f"{year}-02-01"
            )
        DelegationFactory.create(
            manager=cast.manager,
            deputy=PersonFactory.create(),
            starts_on=f"{year - 20}-01-01",
            ends_on=f"{year - 20}-02-01",
        )
    assert cost() == few <= 14  # three of them: offers, their dates, who looked


# --- its forms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_opening_where_a_form_goes_changes_nothing_and_leads_back(
    client: Client, me: Person, name: str
) -> None:
    before = Person.objects.filter(pk=me.pk).values().get()
    answer = client.get(reverse(f"accounts:{name}"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'href="{PAGE}"' in answer.content.decode()
    assert Person.objects.filter(pk=me.pk).values().get() == before


@pytest.mark.parametrize("name", FORMS)
def test_forms_are_refused_without_their_token_and_to_strangers(
    client: Client, me: Person, name: str
) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(me)
    assert careful.post(reverse(f"accounts:{name}"), {}).status_code == 403
    assert Client().post(reverse(f"accounts:{name}"), {})["Location"].startswith("/accounts/login/")
    assert fresh(me).calendar_token == me.calendar_token


def test_days_are_saved(client: Client, me: Person) -> None:
    answer = client.post(reverse("accounts:days"), {"working_days": ["1", "2", "6"]})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}#days")
    assert fresh(me).working_days == [1, 2, 6]
    assert "Saved: you work on Monday, Tuesday, Saturday." in text(client)


@pytest.mark.parametrize("days", [[], ["8"], ["x"], ["1", "\x00"]])
def test_days_that_are_none_are_refused(client: Client, me: Person, days: list[str]) -> None:
    answer = client.post(reverse("accounts:days"), {"working_days": days})
    assert answer.status_code == 422
    assert "Please look at this again" in answer.content.decode()
    assert 'href="#div_days_working_days"' in answer.content.decode()
    assert fresh(me).working_days == [1, 2, 3, 4, 5]


def test_rhythm_is_saved(client: Client, me: Person) -> None:
    assert "is never switched off; several within an hour come as one message." in text(client)
    answer = client.post(reverse("accounts:news"), {"mail_rhythm": "daily"})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}#mail")
    assert fresh(me).mail_rhythm == MailRhythm.DAILY
    assert client.post(reverse("accounts:news"), {"mail_rhythm": "never"}).status_code == 422
    assert fresh(me).mail_rhythm == MailRhythm.DAILY


def test_calendar_address_is_shown_and_renewed(client: Client, me: Person) -> None:
    assert f"/calendar/{me.calendar_token}.ics" in text(client)
    answer = client.post(reverse("accounts:calendar-renew"))
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}#calendar")
    new = fresh(me).calendar_token
    assert new != me.calendar_token
    assert len(new) == len(me.calendar_token)
    shown = text(client)
    assert "The old one no longer works" in shown
    assert new in shown
    assert me.calendar_token not in shown


@pytest.mark.parametrize("name", ["days", "news", "deputies"])
def test_forms_write_no_other_field(client: Client, me: Person, name: str) -> None:
    """Additional fields in the request are ignored."""
    untouched = {"email": "x@example.com", "is_staff": "1", "is_superuser": "1", "line_manager": str(me.pk)}
    given = {"working_days": "1", "mail_rhythm": "daily", "deputy": "nobody", "starts_on": "x", **untouched}
    client.post(reverse(f"accounts:{name}"), given)
    now = fresh(me)
    assert (now.email, now.is_staff, now.is_superuser) == (me.email, False, False)
    assert now.line_manager_id == me.line_manager_id
