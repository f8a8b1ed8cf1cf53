"""Test deputies on the profile page: finding the person, refusals, changing and ending."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import deputies
from accounts.enums import WorkingPattern
from accounts.forms.people import MOST_SHOWN, UNKNOWN_ADDRESS, UNKNOWN_NAME, WHICH
from accounts.models import Delegation, Person
from messaging.models import Message
from shadowing.rules import policies
from tests.cast import Cast
from tests.factories import DelegationFactory, PersonFactory

NAME = "/profile/deputies/"


@pytest.fixture
def manager(cast: Cast, client: Client) -> Person:
    """The line manager without a deputy, signed in."""
    Delegation.objects.all().delete()
    client.force_login(cast.manager)
    return cast.manager


def on(days: int) -> dt.date:
    """So many days from today."""
    return timezone.localdate() + dt.timedelta(days=days)


def send(
    client: Client, deputy: str, first: int | str = 1, last: int | str = "", **more: str
) -> HttpResponse:
    days = [on(each).isoformat() if isinstance(each, int) else each for each in (first, last)]
    given = {"deputy": deputy, "starts_on": days[0], "ends_on": days[1], **more}
    answer = client.post(NAME, given)
    assert isinstance(answer, HttpResponse)
    return answer


def refused(answer: HttpResponse, field: str) -> str:
    """Return the page with the error at ``field`` and in the summary; no deputy was named."""
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'id="deputy_{field}_error"' in shown, shown
    assert "Please look at this again" in shown
    return shown


# --- finding the person -------------------------------------------------------------------------------------


WAYS_TO_TYPE = ("deputy@example.ac.uk", " DEPUTY@example.ac.uk ", "Dev Deputy", "dev deputy")


@pytest.mark.parametrize("words", WAYS_TO_TYPE)
def test_deputy_is_found_by_email_and_by_full_name(
    client: Client, manager: Person, cast: Cast, words: str
) -> None:
    answer = send(client, words, 1, 5)
    assert (answer.status_code, answer["Location"]) == (303, "/profile/#deputies")
    named = Delegation.objects.get()
    assert (named.manager, named.deputy) == (manager, cast.deputy)
    assert (named.starts_on, named.ends_on) == (on(1), on(5))
    assert Message.objects.get().recipient == cast.deputy
    shown = client.get("/profile/").content.decode()
    assert f"Dev Deputy acts for you {named.span}. We tell them by mail." in shown
    assert "Will act for you" in shown


def test_ambiguous_name_asks_which_person_and_keeps_input(
    client: Client, manager: Person, cast: Cast
) -> None:
    shown = refused(send(client, "de", 3, 9), "chosen")
    assert WHICH in shown
    assert f'value="{cast.deputy.email}"' in shown
    assert f'value="{cast.dept_coordinator.email}"' in shown
    assert f'value="{on(3).isoformat()}"' in shown
    assert send(client, "de", 3, 9, chosen=cast.deputy.email).status_code == 303
    assert Delegation.objects.get().deputy == cast.deputy


def test_ambiguous_deputy_name_shows_addresses(client: Client, manager: Person, cast: Cast) -> None:
    PersonFactory.create(first_name="Dev", last_name="Deputy", email="other@example.ac.uk")
    assert "(other@example.ac.uk)" in refused(send(client, "Dev Deputy"), "chosen")


def test_choice_outside_what_was_typed_is_none(client: Client, manager: Person, cast: Cast) -> None:
    refused(send(client, "de", chosen=cast.stranger.email), "chosen")
    assert not Delegation.objects.exists()


def test_long_list_is_cut_and_says_so(client: Client, manager: Person) -> None:
    for _ in range(MOST_SHOWN + 1):
        PersonFactory.create(first_name="Zoe")
    shown = refused(send(client, "zoe"), "chosen")
    assert "type more of the name" in shown
    assert shown.count('name="chosen"') == MOST_SHOWN


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("nobody@example.ac.uk", UNKNOWN_ADDRESS),
        ("Nobody Atall", UNKNOWN_NAME),
        ("%", UNKNOWN_NAME),
        ("", "Type the email or the name of your deputy."),
        ("a\x00b", "An invisible character in this cannot be kept."),
        ("x" * 600, "Please shorten this to 500 characters"),
    ],
)
def test_unknown_person_is_refused(client: Client, manager: Person, words: str, sentence: str) -> None:
    assert sentence in refused(send(client, words), "deputy")


def test_people_are_suggested_while_typing(client: Client, manager: Person, cast: Cast) -> None:
    PersonFactory.create(first_name="Dev", last_name="Gone", is_active=False)
    shown = client.get("/profile/people/?deputy=dev").content.decode()
    assert f'<option value="{cast.deputy.email}">Dev Deputy, Officer</option>' in shown
    assert "Gone" not in shown
    for words in ("d", "", "mary", "\x00"):
        assert "<option" not in client.get("/profile/people/", {"deputy": words}).content.decode(), words
    assert Client().get("/profile/people/?deputy=dev").status_code == 302


def test_people_are_found_by_any_part_and_in_any_order(db: None) -> None:
    person = PersonFactory.create(first_name="Zoë", last_name="Al-Amin O'Hara", email="z.amin@example.ac.uk")
    PersonFactory.create_batch(3)
    for words in ("zoë", "ZOË", "hara zo", "amin", "z.am", "Al-", "al"):
        assert list(Person.objects.named(words)) == [person], words
    for words in ("", " ", "\x00", "x_zo", "%%%", "in"):
        assert person not in Person.objects.named(words), words


def test_search_among_many_uses_its_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for words in ("mary", "ma hall"):
        assert "person_found_by" in Person.objects.named(words).explain()


# --- what is refused ----------------------------------------------------------------------------------------


def test_oneself_is_refused(client: Client, manager: Person) -> None:
    assert deputies.ONESELF in refused(send(client, manager.email), "deputy")


def test_somebody_who_has_left_is_refused(client: Client, manager: Person) -> None:
    gone = PersonFactory.create(first_name="Gerda", is_active=False)
    assert "no longer works here" in refused(send(client, gone.email), "deputy")


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        (-1, 3, "starts_on", deputies.PAST),
        (5, 4, "ends_on", deputies.BACKWARDS),
        ("", 4, "starts_on", "Choose the first day."),
        ("31.2.2027", "", "starts_on", "not a day of the calendar"),
        (3, "2999-01-01", "ends_on", "Is the year right?"),
    ],
)
def test_days_that_cannot_be_are_refused(
    client: Client, manager: Person, first: int | str, last: int | str, field: str, sentence: str
) -> None:
    assert sentence in refused(send(client, "deputy@example.ac.uk", first, last), field)
    assert not Delegation.objects.exists()


def test_day_that_is_taken_is_refused(client: Client, manager: Person, cast: Cast) -> None:
    send(client, cast.deputy.email, 5, 9)
    assert "Dev Deputy stands in" in refused(send(client, cast.host.email, 9), "starts_on")


def test_circle_is_refused(client: Client, manager: Person, cast: Cast) -> None:
    DelegationFactory.create(manager=cast.deputy, deputy=manager)
    shown = refused(send(client, cast.deputy.email), "deputy")
    assert "That would go round in a circle: Mary Manager stands in for Dev Deputy" in shown


def test_form_sent_twice_names_one_deputy(client: Client, manager: Person, cast: Cast) -> None:
    assert [send(client, cast.deputy.email).status_code for _ in range(2)] == [303, 303]
    assert Delegation.objects.count() == Message.objects.count() == 1


# --- changing and ending ------------------------------------------------------------------------------------


@pytest.fixture
def running(manager: Person, cast: Cast) -> Delegation:
    """A deputy for ten days now, until further notice."""
    return DelegationFactory.create(manager=manager, deputy=cast.deputy, starts_on=on(-10))


def address(named: Delegation, act: str) -> str:
    return reverse(f"accounts:deputy-{act}", args=[named.starts_on.isoformat()])


def test_last_day_is_changed(client: Client, running: Delegation) -> None:
    answer = client.post(address(running, "until"), {"ends_on": on(4).isoformat()})
    assert answer.status_code == 303
    running.refresh_from_db()
    assert running.ends_on == on(4)
    assert f"Dev Deputy now acts for you {running.span}." in client.get("/profile/").content.decode()


def test_wrong_last_day_shows_error_at_field(client: Client, running: Delegation) -> None:
    Delegation.objects.filter(pk=running.pk).update(ends_on=on(2))
    DelegationFactory.create(manager=running.manager, deputy=PersonFactory.create(), starts_on=on(20))
    for day in (on(-1), on(25)):
        answer = client.post(address(running, "until"), {"ends_on": day.isoformat()})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="until_{running.starts_on:%Y%m%d}_ends_on_error"' in shown
        assert '<details class="more" open>' in shown
    running.refresh_from_db()
    assert running.ends_on == on(2)


def test_deputy_is_ended(client: Client, running: Delegation, cast: Cast) -> None:
    request = cast.submitted()
    assert policies.can_decide_as_manager(cast.deputy, request)
    assert client.post(address(running, "end")).status_code == 303
    assert not policies.can_decide_as_manager(cast.deputy, request)
    shown = client.get("/profile/").content.decode()
    assert "Dev Deputy no longer acts for you" in shown
    assert "You have no deputy at the moment." in shown
    assert "Earlier deputies" in shown
    assert client.post(address(running, "end")).status_code == 409


@pytest.mark.parametrize("act", ["until", "end"])
@pytest.mark.parametrize("first", [-10, 0, 3])
def test_old_tab_about_a_deputy_who_has_ended_gets_a_sentence(
    client: Client, manager: Person, cast: Cast, first: int, act: str
) -> None:
    named = DelegationFactory.create(manager=manager, deputy=cast.deputy, starts_on=on(first))
    assert client.post(address(named, "end")).status_code == 303
    answer = client.post(address(named, act), {"ends_on": on(5).isoformat()})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert deputies.OVER in shown
    assert 'href="/profile/#deputies"' in shown
    assert not Delegation.objects.meeting(on(0), None).exists()


@pytest.mark.parametrize("act", ["until", "end"])
def test_deputies_of_others_are_left_alone(client: Client, running: Delegation, cast: Cast, act: str) -> None:
    client.force_login(cast.deputy)
    given = {"ends_on": on(1).isoformat()}
    answer = client.post(address(running, act), given)
    nothing = client.post(f"{NAME}{on(40).isoformat()}/{act}/", given)
    assert (answer.status_code, nothing.status_code) == (409, 409)
    for page in (answer, nothing):
        assert deputies.OVER in page.content.decode(), "whether others have one is not told"
        assert "Dev Deputy no longer" not in page.content.decode()
    client.force_login(running.manager)
    assert client.get(address(running, act)).status_code == 405
    for nonsense in ("2027-99-99", "x", "0"):
        assert client.post(f"{NAME}{nonsense}/{act}/").status_code == 404
    running.refresh_from_db()
    assert running.ends_on is None


def test_deputy_who_has_left_meanwhile_is_marked(client: Client, running: Delegation) -> None:
    Person.objects.filter(pk=running.deputy_id).update(is_active=False)
    assert "They have left, so nobody acts for you" in client.get("/profile/").content.decode()


def test_requester_may_be_deputy_and_never_decides_for_themselves(
    client: Client, manager: Person, cast: Cast
) -> None:
    request = cast.submitted()
    assert send(client, cast.shadow.email, 0).status_code == 303
    assert not policies.can_decide_as_manager(cast.shadow, request)
    client.force_login(cast.shadow)
    given = {"answer": "approve"}
    assert client.post(f"/requests/{request.pk}/act/approve/", given).status_code == 403
    request.refresh_from_db()
    assert request.status == "with_manager"


def test_pattern_is_no_condition(client: Client, cast: Cast) -> None:
    """People without reports may name a deputy too, because they may head a department."""
    Person.objects.filter(pk=cast.stranger.pk).update(working_pattern=WorkingPattern.SHIFTS)
    client.force_login(cast.stranger)
    assert "Nobody has you as line manager" in client.get("/profile/").content.decode()
    assert send(client, cast.deputy.email).status_code == 303
