"""Test delivery over real sockets: each mail once; servers that refuse, hang, break or are away."""

from __future__ import annotations

import datetime as dt
import uuid
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Person
from accounts.waiting import close_items, open_item
from messaging import delivery, outbox
from messaging.delivery import PAUSES, deliver, deliver_owed
from messaging.enums import MessageStatus
from messaging.link_tokens import PLACEHOLDER, new_nonce, stored_placeholder, token_for
from messaging.models import Message
from tests.conftest import Mailbox
from tests.messaging.owed import owed, state, taken
from tests.messaging.sinks import FaultyFolder

pytestmark = pytest.mark.usefixtures("no_rest")


# --- one mail --------------------------------------------------------------------------------------------


def test_mail_arrives_with_its_headers_and_both_parts(person: Person, mailbox: Mailbox) -> None:
    message = owed(person)
    assert deliver(message.pk)
    mail = mailbox.wait_for("mary@example.ac.uk")
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"].datetime == message.dated.replace(microsecond=0)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert state(message).status == MessageStatus.SENT
    assert message.sent_at is not None
    assert message.attempts == 1


def test_sent_mail_is_not_sent_again(person: Person, mailbox: Mailbox) -> None:
    message = owed(person)
    assert deliver(message.pk)
    assert not deliver(message.pk)
    assert deliver_owed() == 0
    assert len(mailbox.mails()) == 1


def test_mail_meant_for_later_waits(person: Person, mailbox: Mailbox) -> None:
    message = owed(person, not_before=timezone.now() + dt.timedelta(minutes=10))
    assert not deliver(message.pk)
    assert deliver_owed() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert deliver_owed() == 1


def test_unknown_key_is_no_trouble(db: None, mailbox: Mailbox) -> None:
    assert not deliver(uuid.uuid4())


def test_link_is_filled_in_while_sending_and_stored_nowhere(
    person: Person, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    nonce, pk = new_nonce(), uuid.uuid4()
    address = f"http://testserver/decide/{stored_placeholder(PLACEHOLDER, pk)}/"
    message = owed(person, pk=pk, text=address, html=f'<a href="{address}">Decide</a>', link_nonce=nonce)
    assert deliver(message.pk)
    token = token_for(nonce)
    raw = mailbox.folder.glob("*.eml").__next__().read_text()
    assert PLACEHOLDER not in raw
    mail = mailbox.mails()[0]
    for part in mail.iter_parts():
        assert f"/decide/{token}/" in part.get_content()
    assert token not in _whole_database()
    assert token not in caplog.text


def _whole_database() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        words = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608  # names of our own tables
            words += [row[0] for row in cursor.fetchall()]
    return "\n".join(words)


def test_words_of_a_code_are_forgotten_once_sent(person: Person, mailbox: Mailbox) -> None:
    message = outbox.enqueue_plain(
        recipient_email=person.email, subject="Your code", text="482913", html="<b>482913</b>"
    )
    assert deliver(message.pk)
    assert "482913" in mailbox.wait_for(person.email).as_string()
    assert "482913" not in _whole_database()


def test_words_of_a_visit_are_kept_when_sent(person: Person, mailbox: Mailbox) -> None:
    message = owed(person)
    deliver(message.pk)
    assert state(message).text


# --- the calendar part -----------------------------------------------------------------------------------


def test_calendar_part_names_its_method_and_charset_once(person: Person, mailbox: Mailbox) -> None:
    text = "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"
    deliver(owed(person, calendar=text, calendar_method="REQUEST").pk)
    raw = next(mailbox.folder.glob("*.eml")).read_bytes()
    kinds = [line for line in raw.replace(b"\r\n ", b" ").splitlines() if b"text/calendar" in line]
    assert kinds == [b"Content-Type: text/calendar; method=REQUEST; charset=utf-8"]
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attached = mail.iter_parts()
    kinds_of_parts = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds_of_parts == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[-1]
    assert calendar.get_payload(decode=True) == text.encode()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_content() == text.encode()


# --- what nobody needs any more --------------------------------------------------------------------------


def test_mail_about_a_closed_item_is_dropped(person: Person, mailbox: Mailbox) -> None:
    item = open_item(person, "manager_decision", person_subject(), plan=[])
    message = owed(person, needed_while=item)
    close_items(person_subject())
    assert not deliver(message.pk)
    assert state(message).status == MessageStatus.DROPPED
    assert mailbox.mails() == []


_SUBJECT = uuid.uuid4()


def person_subject() -> Message:
    """Any record with a UUID will do as the subject of an item."""
    return Message(pk=_SUBJECT)


def test_mail_to_somebody_who_has_left_is_dropped(person: Person, mailbox: Mailbox) -> None:
    message = owed(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert deliver_owed() == 0
    assert state(message).status == MessageStatus.DROPPED


def test_dropped_mail_does_not_end_the_sweep(person: Person, mailbox: Mailbox) -> None:
    item = open_item(person, "manager_decision", person_subject(), plan=[])
    for _ in range(3):
        owed(person, needed_while=item)
    close_items(person_subject())
    last = owed(person)
    assert deliver_owed(limit=1) == 1
    assert state(last).status == MessageStatus.SENT


# --- refusals --------------------------------------------------------------------------------------------


def test_refused_address_fails_for_good_and_says_why(person: Person, server: FaultyFolder) -> None:
    server.refused_addresses[person.email] = "550 5.1.1 No such person here"
    message = owed(person)
    assert not deliver(message.pk)
    assert state(message).status == MessageStatus.FAILED
    assert message.last_error == "The mail server refused the address: 550 5.1.1 No such person here"
    assert message.claim is None


def test_address_refused_for_now_is_tried_again(person: Person, server: FaultyFolder) -> None:
    server.refused_addresses[person.email] = "451 4.7.1 Greylisted, try later"
    message = owed(person)
    assert not deliver(message.pk)
    assert state(message).status == MessageStatus.QUEUED
    server.refused_addresses.clear()
    assert not deliver(message.pk), "not before its pause is over"
    with time_machine.travel(timezone.now() + PAUSES[0] + dt.timedelta(seconds=1)):
        assert deliver(message.pk)
    assert state(message).last_error == ""


def test_mail_refused_for_its_content_fails_for_good(person: Person, server: FaultyFolder) -> None:
    server.refused_words["lottery"] = "554 5.7.1 Looks like spam"
    message = owed(person, "You won the lottery")
    deliver(message.pk)
    assert state(message).status == MessageStatus.FAILED
    assert message.last_error == "The mail server answered: 554 5.7.1 Looks like spam"


def test_pauses_grow_with_each_attempt(person: Person, server: FaultyFolder) -> None:
    server.refused_words["Hello"] = "451 4.3.0 Later, please"
    message = owed(person)
    pauses = []
    for _ in range(len(PAUSES) + 1):
        with time_machine.travel(message.not_before + dt.timedelta(seconds=1), tick=False):
            deliver(message.pk)
            pauses.append(state(message).not_before - timezone.now())
    assert pauses == [*PAUSES, PAUSES[-1]]
    assert pauses == sorted(pauses)


def test_mail_tried_for_days_is_given_up_visibly(person: Person, server: FaultyFolder) -> None:
    server.refused_words["Hello"] = "451 4.3.0 Later, please"
    message = owed(person, attempts=delivery.MAX_ATTEMPTS - 1)
    deliver(message.pk)
    assert state(message).status == MessageStatus.FAILED
    assert "Later, please" in message.last_error


def test_every_attempt_carries_the_same_message_id_and_date(person: Person, server: FaultyFolder) -> None:
    """The server takes the mail, but our commit is lost: the copy that follows can be known as one."""
    message = owed(person)
    deliver(message.pk)
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.QUEUED, sent_at=None)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=5)):
        deliver(message.pk)
    first, second = (message_from_bytes(raw) for raw in taken(server))
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first["Date"] == second["Date"]
