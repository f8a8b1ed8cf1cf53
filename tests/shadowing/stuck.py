"""Things that are stuck, made cheaply: requests whose answer is overdue, and mail that came back."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection
from django.utils import timezone

from accounts.models import Person, WaitingItem
from departments.models import Department
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import WaitingKind
from shadowing.models import Request
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory

REFUSED = "The mail server refused the address: 550 5.1.1 no such mailbox"


def overdue(request: Request, days: int = 3) -> WaitingItem:
    """The open item of ``request``, due so many days ago."""
    item = WaitingItem.objects.open().about(request).exclude(kind=WaitingKind.HELP).get()
    item.since = timezone.now() - dt.timedelta(days=days + 10)
    item.due_on = timezone.localdate() - dt.timedelta(days=days)
    item.save(update_fields=["since", "due_on"])
    return item


def lost(person: Person, subject: str = "IT Services visit: decide", **given: object) -> Message:
    """A mail to ``person`` that was refused."""
    values = {
        "key": f"test:{uuid.uuid4()}",
        "template": "request_submitted_to_manager",
        "recipient": person,
        "to_email": person.email,
        "subject": subject,
        "text": "Their words are nobody else’s business.",
        "message_id": f"<{uuid.uuid4()}@test>",
        "status": MessageStatus.FAILED,
        "attempts": 1,
        "last_error": REFUSED,
        **given,
    }
    return Message.objects.create(**values)


def many_waiting(
    cast: Cast,
    number: int,
    *,
    days_overdue: int | None = None,
    since: dt.datetime | None = None,
    origin: Department | None = None,
) -> list[WaitingItem]:
    """Make ``number`` requests that wait for the manager: requests and waiting items, nothing else.

    They wait a minute apart, from ``since`` on (30 days ago if None), and have no due day without
    ``days_overdue``.
    """
    origin = origin or cast.library
    people = [member(origin, line_manager=cast.manager) for _ in range(min(number, 10))]
    offers = [OfferFactory.create(scheme=cast.scheme, department=cast.it) for _ in range(-(-number // 10))]
    sessions = [SessionFactory.create(offer=offer) for offer in offers]
    made = [
        RequestFactory.build(shadow=person, origin=origin, session=session, offer=session.offer)
        for session in sessions
        for person in people
    ][:number]
    Request.objects.bulk_create(made)
    start = since or timezone.now() - dt.timedelta(days=30)
    due_on = None if days_overdue is None else timezone.localdate() - dt.timedelta(days=days_overdue)
    waiting = WaitingItem.objects.bulk_create(
        WaitingItem(
            owner=cast.manager,
            kind=WaitingKind.MANAGER_DECISION,
            subject_type=Request._meta.label_lower,
            subject_id=request.pk,
            deputies_may_act=True,
            since=start + dt.timedelta(minutes=place),
            due_on=due_on,
        )
        for place, request in enumerate(made)
    )
    renew_statistics()
    return waiting


def renew_statistics() -> None:
    """Tell the planner how many rows there are now, as autovacuum does soon after so many inserts.

    Statistics of an empty table make it choose nested loops over a thousand rows, which take minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
