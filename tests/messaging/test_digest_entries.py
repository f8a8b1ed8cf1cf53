"""Test entries of a digest: what the approver needs, and no text common to all mails."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage

import pytest
import time_machine

from accounts.models import WaitingItem
from coordination.workflow.manual_reminders import remind_now
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from schedule.due import run_due
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.messaging.gathering import asks, markup, words
from tests.shadowing.clock import on
from tests.shadowing.reassigning import newcomer_manages

pytestmark = pytest.mark.usefixtures("no_rest", "clock")
Clock = time_machine.Traveller


def shown(mail: EmailMessage) -> list[str]:
    """Text and HTML as read, on one line each."""
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in (words(mail), markup(mail))]


def says_what_is_needed(mail: EmailMessage) -> None:
    """Check in both parts that each entry names who asks, for what, when, how long, and its state."""
    for part in shown(mail):
        for name in ("Ann", "Bob"):
            assert re.search(
                rf"{name} Report \(? ?Officer, Library Services ?\)? (would like to visit|has waited)", part
            )
        assert (
            len(re.findall(r"What:? A morning at the service desk, with Hana Host in IT Services", part)) == 2
        )
        assert len(re.findall(r"When:? \w{3} \d+ March, \d\d:00 to \d\d:00", part)) == 2
        assert len(re.findall(r"Takes:? half a day", part)) == 2
        assert len(re.findall(r"Where it is now:? With \w+ \w+ for the line manager", part)) == 2
        assert "You get this as deputy of" not in part
        assert "was asked before" not in part


def test_entries_say_who_what_when_and_where_it_is(cast: Cast, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob"):
        asks(cast, name)
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    says_what_is_needed(mail)


def test_entries_of_a_deputy_say_the_same(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob"):
        asks(cast, name)
    deliver_owed()
    clock.move_to(on(4), tick=False)
    run_due()
    deliver_owed()
    for mail in mailbox.to(cast.deputy.email):
        says_what_is_needed(mail)


def test_entries_of_what_was_handed_over_say_the_same(cast: Cast, mailbox: Mailbox) -> None:
    requests = [asks(cast, name) for name in ("Ann", "Bob")]
    newcomer = newcomer_manages(requests[0].shadow, cast)
    requests[1].shadow.line_manager = newcomer
    requests[1].shadow.save()
    run_due()
    deliver_owed()
    (mail,) = mailbox.to(newcomer.email)
    says_what_is_needed(mail)


def test_words_of_people_are_no_facts(cast: Cast, mailbox: Mailbox) -> None:
    cast.submitted(dates_note="When: whenever I like")
    asks(cast, "Ann")
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    assert words(mail).count("When:") == 2
    for part in shown(mail):
        assert "whenever I like" not in part


def test_subject_never_names_a_day_that_is_over_as_a_deadline(
    cast: Cast, clock: Clock, mailbox: Mailbox
) -> None:
    for name in ("Ann", "Bob"):
        asks(cast, name)
    Message.objects.update(status=MessageStatus.DROPPED)
    clock.move_to(on(22), tick=False)
    items = WaitingItem.objects.open()
    assert {item.due_on for item in items} == {dt.date(2027, 3, 12)}
    for item in items:
        remind_now(item, cast.dept_coordinator)
    (reminder, _) = Message.objects.filter(recipient=cast.manager, template="decision_reminder_to_manager")
    assert reminder.subject.startswith("IT Services visit: still to decide, was due on Fri 12 March (")
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    assert mail["Subject"] == "IT Services visits: 2 things wait for you, the first is overdue"
    says_what_is_needed(mail)


def test_item_due_today_is_not_overdue(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob"):
        asks(cast, name)
    clock.move_to(on(12), tick=False)
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    assert mail["Subject"] == "IT Services visits: 2 things wait for you, the first by Fri 12 March"
