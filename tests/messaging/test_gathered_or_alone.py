"""Test which mail is merged into a digest and which is sent alone."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from email import message_from_bytes

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Person
from accounts.waiting import open_item
from messaging import outbox
from messaging.claims import PERSON_LOCK
from messaging.delivery import deliver, deliver_owed
from messaging.enums import Gathering
from messaging.models import Message
from shadowing.models import Request
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.messaging.gathering import after, mail_about, to_manager
from tests.messaging.owed import another_session, owed, taken
from tests.messaging.sinks import FaultyFolder

pytestmark = pytest.mark.usefixtures("no_rest", "clock")


# --- what is never gathered ------------------------------------------------------------------------------


def owe(person: Person, **given: object) -> Message:
    values: dict[str, object] = {
        "event": f"e:{timezone.now().timestamp()}:{Message.objects.count()}",
        "template": "offer_opened_to_host",
        "recipient": person,
        "context": {"offer": {"title": "A morning", "half_days": 1, "department": {"name": "IT Services"}}},
    }
    message = outbox.enqueue(**{**values, **given})  # type: ignore[arg-type]  # the keywords of owe
    assert message is not None
    return message


def test_invitations_codes_and_undo_links_are_sent_alone(person: Person) -> None:
    item = open_item(person, "manager_decision", Message(), plan=[])
    owe(person, needed_while=item)
    invitation = outbox.Invitation(text="BEGIN", method="REQUEST")
    undone = timezone.now() + dt.timedelta(minutes=10)
    alone = [
        owe(person, needed_while=item, invitation=invitation),
        owe(person, needed_while=item, not_before=undone),
        outbox.enqueue_plain(recipient_email=person.email, subject="Code", text="1", html=""),
    ]
    assert {message.gathering for message in alone} == {Gathering.ALONE}
    assert [message.not_before for message in alone] == [after(0), undone, after(0)]


def test_news_of_somebody_who_wants_it_at_once_is_not_gathered(person: Person, server: FaultyFolder) -> None:
    for _ in range(3):
        owe(person)
    assert deliver_owed() == 3


# --- several senders, and what is kept -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_six_sweepers_make_one_message_for_each_person(server: FaultyFolder) -> None:
    for _ in range(8):
        person = PersonFactory.create()
        for number in range(5):
            item = open_item(person, "manager_decision", Message(), plan=[])
            owed(person, f"Number {number}", needed_while=item, gathering=Gathering.ASKS)
    counts: list[int] = []

    def sweep() -> None:
        counts.append(deliver_owed())
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == len(taken(server)) == 8
    assert {message_from_bytes(raw)["Subject"] for raw in taken(server)} == {"5 things wait for you"}


@pytest.mark.django_db(transaction=True)
def test_mail_somebody_else_is_gathering_is_left_to_them(server: FaultyFolder) -> None:
    busy, free = PersonFactory.create(), PersonFactory.create()
    for person in (busy, free):
        for _ in range(2):
            item = open_item(person, "manager_decision", Message(pk=uuid.uuid4()), plan=[])
            owed(person, needed_while=item, gathering=Gathering.ASKS)
    with another_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PERSON_LOCK, busy.pk])
        assert deliver_owed() == 1
        assert not deliver(Message.objects.filter(recipient=busy)[0].pk)
    assert deliver_owed() == 1


def test_nudge_for_one_takes_along_what_goes_with_it(
    cast: Cast, three: list[Request], server: FaultyFolder
) -> None:
    assert deliver(mail_about(three[0], cast).pk)
    assert not deliver(mail_about(three[1], cast).pk)
    assert len(to_manager(server)) == 1
