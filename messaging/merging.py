"""Merge mail: each person gets one message per event, whatever their roles in it.

Somebody who is told as host and as manager, or is both asked and told, gets one message with both. The mails
are queued as usual; those to the same person are merged when the operation is complete.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils import timezone

from messaging import digests, outbox
from messaging.collecting import collecting
from messaging.enums import MessageStatus
from messaging.models import Message


@contextmanager
def merge_mail_per_person() -> Iterator[None]:
    """Merge the mail queued inside into one message per person; when nested, the outermost one merges."""
    with collecting() as owed:
        yield
        if owed is not None:
            times = Counter(message.recipient_id for message in owed)
            merge(message for message in owed if times[message.recipient_id] > 1)


def merge(owed: Iterable[Message]) -> None:
    """Merge mail to the same person that is to be sent at the same time."""
    groups: dict[tuple[object, object], list[Message]] = {}
    for message in owed:
        later = max(message.not_before, timezone.now())
        moment = later if message.not_before == later else None  # None: may be sent now
        groups.setdefault((message.recipient_id, moment), []).append(message)
    for parts in groups.values():
        if len(parts) > 1:
            _gather(parts)


def _gather(parts: list[Message]) -> None:
    calendars = [part for part in parts if part.calendar]
    whole = Message(
        key=f"digest:{uuid.uuid4()}",
        template=digests.TEMPLATE,
        recipient=parts[0].recipient,
        to_email=parts[0].to_email,
        message_id=outbox.new_message_id(),
        not_before=max(part.not_before for part in parts),
        calendar="".join(part.calendar for part in calendars),
        calendar_method=calendars[0].calendar_method if calendars else "",
    )
    digests.write(whole, parts)
    whole.save(force_insert=True)
    keys = [part.pk for part in parts]
    Message.objects.filter(pk__in=keys).update(status=MessageStatus.GATHERED, gathered_into=whole)
    outbox.nudge_after_commit(whole)
