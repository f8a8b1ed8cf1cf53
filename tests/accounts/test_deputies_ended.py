"""Test the mail to deputies whose days have ended, were withdrawn, or are a single day."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.deputies import announce_started, end_delegation
from accounts.models import Person, WaitingItem
from messaging.models import Message
from tests.accounts.test_deputies import MONDAY, mails, named, waits_for
from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def monday() -> object:
    """It is Monday 1 March, ten in the morning."""
    with time_machine.travel(dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    names = ("Ann", "Bea", "Cy", "Dan")
    return {name[0]: PersonFactory.create(first_name=name, last_name=f"{name}son") for name in names}


def test_mail_about_deputising_ended_on_first_day_names_its_start(people: dict[str, Person]) -> None:
    waits_for(people["A"])
    end_delegation(named(people, "AB"), MONDAY)
    (mail,) = mails("deputy_ended_to_deputy")
    assert mail.subject == "you need not act for Ann Annson any more"
    for part in (mail.text, mail.html):
        for words in ("since Mon 1 March", "you no longer see what waits", "What you decided"):
            assert words in part
        for wrong in ("you were to be", "See what waits", "/approvals/"):
            assert wrong not in part


def test_deputy_is_notified_when_delegation_ends_before_it_begins(people: dict[str, Person]) -> None:
    end_delegation(named(people, "AB", 8, 19), MONDAY)
    (mail,) = mails("deputy_ended_to_deputy")
    assert mail.subject == "you need not act for Ann Annson from Mon 8 to Fri 19 March after all"
    for part in (mail.text, mail.html):
        assert "has taken back what was planned: you were to be the deputy" in part
        for wrong in ("no longer see", "any more", "What you decided"):
            assert wrong not in part


def test_one_day_does_not_read_as_the_day_of_naming(people: dict[str, Person]) -> None:
    named(people, "AB", 8, 8)
    named(people, "CD", 8, 9)
    one, more = sorted(mails("deputy_named_to_deputy"), key=lambda mail: mail.recipient_id or 0)
    assert "has named you as deputy for Mon 8 March." in one.text
    assert "<strong>for Mon 8 March</strong>" in one.html
    assert "On that day you see" in one.text
    assert "has named you as deputy from Mon 8 to Tue 9 March." in more.text
    assert "In these days you see" in more.text


def test_start_is_not_announced_after_delegation_ended(
    people: dict[str, Person], monday: time_machine.Traveller
) -> None:
    delegation = named(people, "AB", 2)
    monday.move_to(dt.datetime(2027, 3, 2, 0, 1, tzinfo=dt.UTC), tick=False)  # said at half past seven
    assert announce_started(MONDAY + dt.timedelta(days=1)) == 1
    end_delegation(delegation, MONDAY + dt.timedelta(days=1))
    unsent = {mail.template for mail in Message.objects.filter(status="queued")}
    assert unsent == {"deputy_ended_to_deputy"}


def test_deputy_cannot_decide_on_own_request(people: dict[str, Person]) -> None:
    waits_for(people["A"])
    WaitingItem.objects.update(about=people["B"])
    named(people, "AB")
    assert "Nothing waits for a decision" in mails("deputy_named_to_deputy")[0].text
