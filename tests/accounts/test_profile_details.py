"""Test the staff list's details, corrections and the access log on the profile page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.workflow import perform
from messaging.models import Message
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.messaging.parts_of_mails import same_words

PAGE, WRONG, LOOKED = "/profile/", "/profile/details/wrong/", "/profile/looked/"
HR = "hr@example.ac.uk"


@pytest.fixture
def me(cast: Cast, client: Client) -> Person:
    """The shadow, signed in, with everything a staff list can hold."""
    held = {"staff_number": "S-4711", "grade": "6", "start_date": "2024-09-02", "probation_end": "2025-03-01"}
    Person.objects.filter(pk=cast.shadow.pk).update(**held)
    client.force_login(cast.shadow)
    return cast.shadow


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_that_the_list_holds_is_shown_in_words(client: Client, me: Person) -> None:
    shown = text(client)
    for words in (
        "S-4711",
        "First day here",
        "2 September 2024",
        "End of probation",
        "1 March 2025",
        "Grade",
    ):
        assert words in shown, words
    assert set(re.findall(r'<li><a href="#([\w-]+)"', shown)) <= set(re.findall(r'id="([\w-]+)"', shown))


def test_who_can_put_it_right_is_named(client: Client, me: Person, cast: Cast, settings: Settings) -> None:
    assert "This is wrong" not in text(client)
    cast.library.contact_email = "library@example.ac.uk"
    cast.library.save()
    assert "mailto:library@example.ac.uk" in text(client)
    settings.HR_CONTACT = "https://hr.example.ac.uk/changes"
    assert 'href="https://hr.example.ac.uk/changes"' in text(client)
    assert client.post(WRONG, {"detail": "name", "right": "Samira"}).status_code == 404
    settings.HR_CONTACT = HR
    assert f"mailto:{HR}" in text(client)
    assert "This is wrong" in text(client)


def test_what_is_wrong_goes_to_hr_once_and_changes_nothing(
    client: Client, me: Person, settings: Settings
) -> None:
    settings.HR_CONTACT = HR
    for _ in range(2):
        answer = client.post(WRONG, {"detail": "line_manager", "right": "Hana\nHost"})
        assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}#details")
    mail = Message.objects.get()
    assert (mail.to_email, mail.recipient) == (HR, None)
    assert mail.subject == "Staff list: the line manager of Sam Shadow may be wrong"
    same_words(mail)
    for part in (mail.text, mail.html):
        for words in ("Mary Manager", "Hana Host", "S-4711", me.email, "corrections of the staff list"):
            assert words in part, words
        assert "Choose how often" not in part
    assert Person.objects.get(pk=me.pk).line_manager_id == me.line_manager_id
    assert "We have written to HR about your line manager." in text(client)


@pytest.mark.parametrize("sent", [{"detail": "password", "right": "x"}, {"detail": "name", "right": " "}, {}])
def test_nonsense_is_not_sent(client: Client, me: Person, settings: Settings, sent: dict[str, str]) -> None:
    settings.HR_CONTACT = HR
    answer = client.post(WRONG, sent)
    assert answer.status_code == 422
    assert "Please look at this again" in answer.content.decode()
    assert not Message.objects.exists()


def test_corrections_are_limited_per_person_and_day(client: Client, me: Person, settings: Settings) -> None:
    settings.HR_CONTACT = HR
    answers = [client.post(WRONG, {"detail": "name", "right": f"Sam {n}"}).status_code for n in range(6)]
    assert answers == [303] * 5 + [422]
    assert Message.objects.count() == 5
    client.force_login(PersonFactory.create())
    assert client.post(WRONG, {"detail": "name", "right": "Ann"}).status_code == 303


def test_access_log_shows_acts_of_others_only(client: Client, me: Person, cast: Cast) -> None:
    assert "Nobody has, up to now." in text(client)
    assert "Nobody has, up to now" in text(client, LOOKED)
    for number in range(35):
        audit.note(
            AuditKind.CHANGED,
            f"Changed: person ({number}).",
            actor=cast.coordinator,
            how=How.ADMIN,
            person=me,
        )
    audit.note(AuditKind.ACTED, "Done by myself.", actor=me, person=me)
    audit.note(AuditKind.LOOKED, "Looked at Stan.", actor=cast.manager, person=cast.stranger)
    audit.note(AuditKind.ACTED, "Handed over.", actor=None, how=How.SYSTEM, person=me)
    shown = text(client)
    assert "Cora Coordinator" in shown
    assert "in the administration" in shown
    assert "This site, by itself" in shown
    assert shown.count("Changed: person (") == 19
    for words in ("Done by myself.", "Looked at Stan."):
        assert words not in shown + text(client, LOOKED)
    first = text(client, LOOKED)
    following = re.search(r'href="(/profile/looked/\?after=[^"]+)" rel="next"', first)
    assert following is not None
    assert first.count("Changed: person (") + text(client, following[1]).count("Changed: person (") == 35


def test_what_one_offers_is_shown_with_dates_and_places(client: Client, cast: Cast) -> None:
    client.force_login(cast.stranger)
    assert "You offer nothing at the moment." in text(client)
    cast.agreed()
    client.force_login(cast.host)
    shown = text(client)
    assert "A morning at the service desk" in shown
    assert re.search(r"Next: .*; \d of \d places? free", shown)
    assert reverse("shadowing:offer-edit", args=[cast.offer.pk]) in shown
    perform(cast.offer, "close_offer", actor=cast.host)
    assert "A morning at the service desk" not in text(client)
