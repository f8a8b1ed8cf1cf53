"""Test deputies: refusals, concurrent requests, and notifications."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import deputies, waiting
from accounts.deputies import announce_started, change_end, end_delegation, name_deputy
from accounts.enums import MailRhythm
from accounts.models import Delegation, Person
from accounts.workflow import TransitionError
from messaging.models import Message
from tests.factories import DelegationFactory, PersonFactory

MONDAY = dt.date(2027, 3, 1)
SUBJECT = Message(pk="00000000-0000-4000-8000-000000000001")


def day(march: int) -> dt.date:
    return dt.date(2027, 3, march)


@pytest.fixture(autouse=True)
def monday() -> object:
    """It is Monday 1 March, ten in the morning."""
    with time_machine.travel(dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    names = ("Ann", "Bea", "Cy", "Dan")
    return {name[0]: PersonFactory.create(first_name=name, last_name=f"{name}son") for name in names}


def named(people: dict[str, Person], who: str, first: int = 1, last: int | None = None) -> Delegation:
    """``who`` is "AB": Bea acts for Ann."""
    ends = day(last) if last else None
    return name_deputy(people[who[0]], people[who[1]], day(first), ends, MONDAY)


def refusal(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        act()
    return found.value.message_dict


def mails(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template))


def waits_for(person: Person, *, deputies_may_act: bool = True) -> None:
    kind = "manager_decision" if deputies_may_act else "confirm_dates"
    waiting.open_item(person, kind, SUBJECT, plan=[], deputies_may_act=deputies_may_act)


# --- what is refused ----------------------------------------------------------------------------------------


def test_deputy_is_somebody_else(people: dict[str, Person]) -> None:
    assert refusal(lambda: named(people, "AA")) == {"deputy": [deputies.ONESELF]}


def test_deputy_who_has_left_is_refused_by_name(people: dict[str, Person]) -> None:
    people["B"].is_active = False
    people["B"].save()
    sentence = "Bea Beason no longer works here. Choose somebody else."
    assert refusal(lambda: named(people, "AB")) == {"deputy": [sentence]}


def test_days_run_forwards(people: dict[str, Person]) -> None:
    assert refusal(lambda: named(people, "AB", 9, 8)) == {"ends_on": [deputies.BACKWARDS]}
    assert named(people, "AB", 9, 9).span == "on Tue 9 March"


def test_days_that_are_past_are_refused(people: dict[str, Person]) -> None:
    yesterday = MONDAY - dt.timedelta(days=1)
    act = partial(name_deputy, people["A"], people["B"], yesterday, None, MONDAY)
    assert refusal(act) == {"starts_on": [deputies.PAST]}
    assert named(people, "AB").starts_on == MONDAY


def test_one_deputy_a_day_and_the_sentence_names_who_it_is(people: dict[str, Person]) -> None:
    named(people, "AB", 5, 12)
    sentence = (
        "Bea Beason stands in from Fri 5 to Fri 12 March already. Choose other days, or end that first."
    )
    for first, last in ((12, None), (1, 5), (6, 7), (1, None)):
        assert refusal(partial(named, people, "AC", first, last)) == {"starts_on": [sentence]}
    named(people, "AC", 13)
    named(people, "AC", 1, 4)
    assert Delegation.objects.count() == 3


def test_open_end_overlaps_all_that_comes(people: dict[str, Person]) -> None:
    named(people, "AB", 5)
    found = refusal(lambda: named(people, "AC", 30, 31))
    assert "Bea Beason stands in from Fri 5 March on already." in found["starts_on"][0]


def test_same_deputy_for_the_same_days_is_named_once(people: dict[str, Person]) -> None:
    assert named(people, "AB", 5, 12) == named(people, "AB", 5, 12)
    assert len(mails("deputy_named_to_deputy")) == 1


@pytest.mark.parametrize("way", [["BA"], ["BC", "CA"], ["BC", "CD", "DA"]])
def test_circle_is_refused_and_says_who_is_in_it(people: dict[str, Person], way: list[str]) -> None:
    for link in way:
        named(people, link, 3, 20)
    sentence = refusal(lambda: named(people, "AB", 10, 11))["deputy"][0]
    assert sentence.startswith("That would go round in a circle: ")
    for link in way:
        words = f"{people[link[1]]} stands in for {people[link[0]]} from Wed 3 to Sat 20 March"
        assert words in sentence
    assert named(people, "AB", 21).pk


def test_circle_needs_one_day_on_which_all_of_it_holds(people: dict[str, Person]) -> None:
    named(people, "BC", 1, 9)
    named(people, "CA", 10, 20)
    assert named(people, "AB", 1, 31).pk


def test_existing_cycle_elsewhere_does_not_loop(people: dict[str, Person]) -> None:
    DelegationFactory.create(manager=people["B"], deputy=people["C"], starts_on=MONDAY)
    DelegationFactory.create(manager=people["C"], deputy=people["B"], starts_on=MONDAY)
    assert named(people, "AB").pk


def test_later_end_is_checked_like_a_new_deputy(people: dict[str, Person]) -> None:
    first, _ = named(people, "AB", 1, 4), named(people, "AC", 8, 9)
    named(people, "BA", 15, 16)
    assert "Cy Cyson stands in" in refusal(lambda: change_end(first, day(8), MONDAY))["ends_on"][0]
    end_delegation(Delegation.objects.get(deputy=people["C"]), MONDAY)
    assert "in a circle" in refusal(lambda: change_end(first, None, MONDAY))["ends_on"][0]
    assert refusal(lambda: change_end(first, day(1) - dt.timedelta(1), MONDAY))["ends_on"]
    assert change_end(first, day(14), MONDAY).ends_on == day(14)


def test_end_before_today_is_refused_though_it_began_long_ago(people: dict[str, Person]) -> None:
    running = DelegationFactory.create(manager=people["A"], deputy=people["B"], starts_on=dt.date(2027, 2, 1))
    assert refusal(lambda: change_end(running, dt.date(2027, 2, 20), MONDAY)) == {"ends_on": [deputies.PAST]}
    assert change_end(running, MONDAY, MONDAY).ends_on == MONDAY


# --- what the deputy is told --------------------------------------------------------------------------------


def test_new_deputy_gets_mail_with_dates_and_contact(people: dict[str, Person]) -> None:
    named(people, "AB", 8, 19)
    (mail,) = mails("deputy_named_to_deputy")
    assert mail.recipient == people["B"]
    assert mail.subject == "please act for Ann Annson from Mon 8 to Fri 19 March"
    for part in (mail.text, mail.html):
        for words in ("Please tell", people["A"].email, "On the first day you hear from us again"):
            assert words in part
    assert "/profile/" in mail.text
    assert Delegation.objects.get().announced_at is None


def test_duty_does_not_wait_for_the_daily_mail(people: dict[str, Person]) -> None:
    people["B"].mail_rhythm = MailRhythm.DAILY
    people["B"].save()
    named(people, "AB", 8)
    with time_machine.travel(dt.datetime(2027, 3, 8, 12, tzinfo=dt.UTC), tick=False):
        announce_started(day(8))
    begins, told = Message.objects.order_by("-not_before")
    assert told.not_before == timezone.now()
    assert begins.not_before - told.not_before == dt.timedelta(days=7, hours=2)


def test_deputy_who_begins_today_gets_one_mail(people: dict[str, Person]) -> None:
    waits_for(people["A"])
    named(people, "AB")
    (mail,) = mails("deputy_named_to_deputy")
    assert "It begins today: 1 thing waits for a decision now." in mail.text
    assert "/approvals/" in mail.text
    assert announce_started(MONDAY) == 0


def test_deputy_gets_mail_on_first_day_with_number_of_items(people: dict[str, Person]) -> None:
    named(people, "AB", 8, 19)
    waits_for(people["A"])
    waits_for(people["A"], deputies_may_act=False)
    assert announce_started(day(7)) == 0
    with time_machine.travel(dt.datetime(2027, 3, 8, 0, 1, tzinfo=dt.UTC), tick=False):
        assert announce_started(day(8)) == 1
        assert announce_started(day(8)) == 0
    (mail,) = mails("deputising_started_to_deputy")
    assert "you act for Ann Annson from today, 1 thing to decide" in mail.subject
    assert "1 thing waits for a decision now." in mail.text
    assert timezone.localtime(mail.not_before).time() == deputies.MORNING
    assert "/approvals/" in mail.html


def test_start_is_announced_on_a_later_day_too_and_never_after_the_end(people: dict[str, Person]) -> None:
    named(people, "AB", 8, 19)
    named(people, "CD", 8, 9)
    with time_machine.travel(dt.datetime(2027, 3, 10, 12, tzinfo=dt.UTC), tick=False):
        assert announce_started(day(10)) == 1
        assert mails("deputising_started_to_deputy")[0].not_before == timezone.now()


def test_nothing_is_announced_for_those_who_left(people: dict[str, Person]) -> None:
    named(people, "AB", 8)
    named(people, "CD", 8)
    Person.objects.filter(pk__in=[people["B"].pk, people["C"].pk]).update(is_active=False)
    assert announce_started(day(8)) == 0


def test_announcing_nothing_costs_one_query(people: dict[str, Person]) -> None:
    named(people, "AB", 8)
    with CaptureQueriesContext(connection) as found:
        announce_started(MONDAY)
    assert len(found) == 1


def test_changed_last_day_is_mailed_once(people: dict[str, Person]) -> None:
    delegation = named(people, "AB", 8, 19)
    change_end(delegation, day(26), MONDAY)
    change_end(delegation, day(26), MONDAY)
    (mail,) = mails("deputy_changed_to_deputy")
    assert "from Mon 8 to Fri 26 March" in mail.subject
    change_end(delegation, None, MONDAY)
    assert len(mails("deputy_changed_to_deputy")) == 2


def test_running_delegation_ends_with_yesterday_and_is_kept(people: dict[str, Person]) -> None:
    running = DelegationFactory.create(manager=people["A"], deputy=people["B"], starts_on=dt.date(2027, 2, 1))
    end_delegation(running, MONDAY)
    running.refresh_from_db()
    assert running.ends_on == dt.date(2027, 2, 28)
    (mail,) = mails("deputy_ended_to_deputy")
    assert mail.recipient == people["B"]
    assert "need not act for Ann Annson any more" in mail.subject
    with pytest.raises(TransitionError, match=deputies.OVER):
        end_delegation(running, MONDAY)


@pytest.mark.parametrize("first", [1, 8])
def test_delegation_that_has_not_lasted_a_day_is_taken_away(people: dict[str, Person], first: int) -> None:
    delegation = named(people, "AB", first)
    end_delegation(delegation, MONDAY)
    assert not Delegation.objects.exists()
    assert len(mails("deputy_ended_to_deputy")) == 1
    with pytest.raises(TransitionError, match=deputies.OVER):
        change_end(delegation, None, MONDAY)


# --- races --------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same time; return how each ended."""
    barrier, ends = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait(timeout=30)
        try:
            act()
            ends[number] = "done"
        except (ValidationError, TransitionError) as error:
            ends[number] = str(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


@pytest.mark.django_db(transaction=True)
def test_two_tabs_name_one_deputy(people: dict[str, Person]) -> None:
    for first in range(2, 12):
        ends = at_once(*(partial(named, people, who, first, first) for who in ("AB", "AC", "AD")))
        assert ends.count("done") == 1, ends
        assert sum("stands in on" in end for end in ends) == 2, ends
    assert Delegation.objects.count() == len(mails("deputy_named_to_deputy")) == 10


@pytest.mark.django_db(transaction=True)
def test_circle_does_not_close_at_the_same_moment(people: dict[str, Person]) -> None:
    for first in range(2, 12):
        ends = at_once(*(partial(named, people, way, first, first) for way in ("AB", "BC", "CD", "DA")))
        assert ends.count("done") == 3, ends
        assert sum("in a circle" in end for end in ends) == 1, ends
