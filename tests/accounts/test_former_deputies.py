"""Test that queued mail no longer asks former deputies to decide."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import deputies
from accounts.models import Delegation, Person
from messaging import claims, digests
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.cast import Cast
from tests.factories import take_on
from tests.messaging.gathering import after, asks, clock  # noqa: F401  # a fixture
from tests.messaging.owed import state

pytestmark = pytest.mark.usefixtures("clock")
ASKED = "request_submitted_to_manager"


def asked(cast: Cast, *names: str) -> list[Message]:
    """What asks the deputy to decide on the requests of these people; it may go now."""
    for name in names:
        asks(cast, name)
    Message.objects.filter(template=ASKED).update(not_before=after(0))
    return list(Message.objects.filter(template=ASKED, recipient=cast.deputy))


def ended() -> None:
    deputies.end_delegation(Delegation.objects.get(), timezone.localdate())


def going_to(person: Person) -> list[str]:
    return [message.template for message in claims.claim(50) if message.recipient == person]


def test_deputy_is_asked_while_it_lasts(cast: Cast) -> None:
    asked(cast, "Ann")
    assert ASKED in going_to(cast.deputy)


def test_former_deputy_is_not_asked_and_the_manager_is(cast: Cast) -> None:
    (message,) = asked(cast, "Ann")
    ended()
    going = claims.claim(50)
    assert [m.recipient for m in going if m.template == ASKED] == [cast.manager]
    assert "deputy_ended_to_deputy" in [m.template for m in going if m.recipient == cast.deputy]
    assert state(message).status == MessageStatus.DROPPED


def test_nothing_is_gathered_for_a_former_deputy(cast: Cast) -> None:
    asked(cast, "Ann", "Bob")
    ended()
    assert going_to(cast.deputy) == ["deputy_ended_to_deputy"]


def test_message_of_several_that_is_tried_again_asks_no_former_deputy(cast: Cast) -> None:
    asked(cast, "Ann", "Bob")
    assert digests.TEMPLATE in going_to(cast.deputy)
    for message in Message.objects.filter(template=digests.TEMPLATE):
        Message.objects.filter(pk=message.pk).update(
            status=MessageStatus.QUEUED, claim=None, leased_until=None, not_before=after(0)
        )
    ended()
    assert digests.TEMPLATE not in going_to(cast.deputy)
    assert not Message.objects.filter(recipient=cast.deputy, status=MessageStatus.GATHERED).exists()


def test_co_host_who_is_nobodys_deputy_is_asked(cast: Cast) -> None:
    take_on(cast.offer, cast.stranger)
    cast.approved()
    Message.objects.update(not_before=after(0))
    assert "request_approved_to_host" in going_to(cast.stranger)


def test_question_is_asked_once_a_batch(cast: Cast) -> None:
    asked(cast, "Ann", "Bob", "Cleo")
    Message.objects.update(gathering="", attempts=1)
    with CaptureQueriesContext(connection) as found:
        claims.claim(50)
    assert len([query for query in found if "accounts_delegation" in query["sql"]]) == 1
