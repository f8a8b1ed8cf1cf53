"""Test that only failed mail is sent again, once, to the reader's present address."""

from __future__ import annotations

import pytest

from accounts.models import Person
from messaging import outbox
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.messaging.owed import owed, state, taken
from tests.messaging.sinks import FaultyFolder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rest")]


def failed(person: Person, **given: str) -> Message:
    return owed(person, **{"status": MessageStatus.FAILED, "last_error": "refused", **given})


def again(message: Message) -> Message:
    outbox.requeue_failed(Message.objects.filter(pk=message.pk))
    return state(message)


def test_mail_follows_its_reader_to_the_corrected_address(person: Person, server: FaultyFolder) -> None:
    message = failed(person, to_email="marry@example.ac.uk")
    message = again(message)
    assert (message.status, message.to_email, message.attempts) == (
        MessageStatus.QUEUED,
        "mary@example.ac.uk",
        0,
    )
    assert deliver_owed() == 1
    assert b"To: mary@example.ac.uk" in taken(server)[0]


def test_other_failed_mail_stays_where_it_is(person: Person) -> None:
    chosen, other = failed(person), failed(person, to_email="old@example.ac.uk")
    again(chosen)
    assert (state(other).status, state(other).to_email) == (MessageStatus.FAILED, "old@example.ac.uk")


@pytest.mark.parametrize("status", [MessageStatus.QUEUED, MessageStatus.DROPPED])
def test_what_has_not_failed_keeps_its_address(person: Person, status: MessageStatus) -> None:
    message = again(owed(person, status=status, to_email="old@example.ac.uk"))
    assert (message.status, message.to_email) == (status, "old@example.ac.uk")


def test_code_goes_to_the_very_address_it_was_made_for(person: Person) -> None:
    """It may prove a new address: sent to the old one, it would prove nothing."""
    message = again(failed(person, template=outbox.PLAIN, to_email="new@example.ac.uk"))
    assert (message.status, message.to_email) == (MessageStatus.QUEUED, "new@example.ac.uk")


def test_mail_to_nobody_known_keeps_its_address() -> None:
    message = Message.objects.create(
        key="test:nobody",
        template="test",
        to_email="nobody@example.ac.uk",
        subject="Hello",
        message_id="<nobody@test>",
        status=MessageStatus.FAILED,
    )
    assert again(message).to_email == "nobody@example.ac.uk"
