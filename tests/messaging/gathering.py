"""Helpers: several people ask one manager, and the resulting mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine

from accounts.workflow import perform
from departments.models import Department
from messaging import digests
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.models import Request
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory
from tests.messaging.owed import taken
from tests.messaging.sinks import FaultyFolder
from tests.shadowing.clock import MONDAY

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is Monday, nine o'clock; nothing moves but by hand."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def after(minutes: float) -> dt.datetime:
    return MONDAY + minutes * MINUTE


def asks(cast: Cast, name: str, department: Department | None = None) -> Request:
    """Another report of the manager asks for a place."""
    shadow = member(cast.library, first_name=name, last_name="Report", line_manager=cast.manager)
    session = cast.session
    if department is not None:
        offer = OfferFactory.create(scheme=cast.scheme, department=department, host=cast.stranger)
        session = SessionFactory.create(offer=offer)
    return perform(RequestFactory.create(shadow=shadow, session=session), "submit", actor=shadow)


def mail_about(request: Request, cast: Cast) -> Message:
    """The mail that asks the manager for it."""
    return Message.objects.get(
        key__startswith=f"{request.pk}:", recipient=cast.manager, template="request_submitted_to_manager"
    )


def words(mail: EmailMessage) -> str:
    """Its text part."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def markup(mail: EmailMessage) -> str:
    """Its HTML part."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def to_manager(server: FaultyFolder) -> list[EmailMessage]:
    """What the manager got."""
    found: list[EmailMessage] = [message_from_bytes(raw, policy=policy.default) for raw in taken(server)]
    return [mail for mail in found if mail["To"] == "manager@example.ac.uk"]


def digest_of(cast: Cast) -> Message:
    """The one message of several to the manager."""
    return Message.objects.get(template=digests.TEMPLATE, recipient=cast.manager)


@pytest.fixture
def three(cast: Cast) -> list[Request]:
    """Queue three mails to the manager at one moment, and none to others."""
    asked = [asks(cast, name) for name in ("Ann", "Bob", "Cleo")]
    Message.objects.exclude(recipient=cast.manager).update(status=MessageStatus.DROPPED)
    return asked
