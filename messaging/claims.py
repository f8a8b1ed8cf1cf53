"""Claims: reserve mail for one sender for a limited time, and record the result of sending it.

A claim is committed before anything is sent, so a sender may die at any instruction: its mail is found again
when the lease expires. Several senders work in parallel; a row that another one has locked is skipped.
Digests, which merge several mails to one person, are built in the transaction of the claim.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Delegation
from accounts.shortening import shortened
from messaging import digests
from messaging.enums import Gathering, MessageStatus
from messaging.models import Message, MessageQuerySet
from messaging.outbox import PLAIN, new_message_id

log = structlog.get_logger(__name__)

# Longer than any mail server's answer (60 s a step, EMAIL_TIMEOUT) and than a task may run: a shorter lease
# would send duplicates.
LEASE = dt.timedelta(minutes=15)
# Least time on the lease to start sending: five SMTP steps of 60 s, and a restart of the database.
MIN_LEASE_LEFT = dt.timedelta(minutes=8)
MARK_SECONDS = 120.0  # how long recording a result waits for a database that is away
PERSON_LOCK = 20_301  # class of the advisory locks held while building a person's digest
ERROR_LENGTH = 500
MAX_PARTS = 200  # of one digest; the rest goes into the next
SENT_ALONE = Q(gathering=Gathering.ALONE) | Q(attempts__gt=0)
Result = TypeVar("Result")


def claim(limit: int, *, only: uuid.UUID | str | None = None, without: Iterable[str] = ()) -> list[Message]:
    """Claim up to ``limit`` messages that may be sent now (or only the message ``only``) and return them.

    Messages in ``without`` are skipped. Mail that is no longer needed is dropped on the way, so that an
    hour-old "please decide" is not sent for a withdrawn request.
    """
    owed = Message.objects.filter(pk=only) if only else Message.objects.exclude(pk__in=list(without))
    seen: set[int] = set()
    while True:
        now = timezone.now()
        with transaction.atomic():
            single, people = _next_due(owed, limit, seen, now)
            found = _lock(owed.due(now).filter(SENT_ALONE), single)
            if single + len(people) < limit:
                found += _lock(owed.abandoned(now), limit - single - len(people))
            ready = _needed(found)
            for person in _lock_people(people):
                ready += _build_digests(person, now, owed if without else Message.objects.all())
            _take(ready, now)
        if ready or not (found or people):
            return ready
        seen.update(people)


def claim_alone(pk: uuid.UUID | str) -> list[Message]:
    """Claim this message by itself, without building a digest; return it in a list, empty if not sendable."""
    now = timezone.now()
    with transaction.atomic():
        owed = Message.objects.filter(pk=pk)
        ready = _needed(_lock(owed.due(now), 1) or _lock(owed.abandoned(now), 1))
        _take(ready, now)
    return ready


def release(messages: Iterable[Message]) -> None:
    """Give back claimed messages that were not tried, without counting an attempt."""
    for message in messages:
        _write_result(message, status=MessageStatus.QUEUED, attempts=F("attempts") - 1)


def has_time(message: Message) -> bool:
    """Return whether enough of the message's lease is left to send it."""
    return message.leased_until is not None and message.leased_until - timezone.now() > MIN_LEASE_LEFT


def mark_sent(message: Message) -> None:
    """Record that the mail server accepted the message; erase the text of codes and password links."""
    spent = {"text": "", "html": ""} if message.template == PLAIN else {}
    _write_result(message, status=MessageStatus.SENT, sent_at=timezone.now(), last_error="", **spent)


def retry_later(message: Message, pause: dt.timedelta, why: str) -> None:
    """Return the message to the queue until ``pause`` is over; ``why`` is shown as its last error."""
    _write_result(
        message,
        status=MessageStatus.QUEUED,
        not_before=timezone.now() + pause,
        last_error=shortened(why, ERROR_LENGTH),
    )


def give_up(message: Message, why: str) -> None:
    """Mark the message as failed for good; ``why`` is shown as its last error."""
    _write_result(message, status=MessageStatus.FAILED, last_error=shortened(why, ERROR_LENGTH))


def split_digest(digest: Message) -> None:
    """Drop a digest that the mail server rejects and queue its parts to be sent one by one."""
    with transaction.atomic():
        parts = digest.parts.filter(status=MessageStatus.GATHERED, gathered_into__claim=digest.claim)
        parts.update(status=MessageStatus.QUEUED, gathering=Gathering.ALONE, not_before=timezone.now())
        _write_result(digest, status=MessageStatus.DROPPED)


def _next_due(owed: MessageQuerySet, limit: int, seen: set[int], now: dt.datetime) -> tuple[int, list[int]]:
    """Look at the oldest due mail, without locking.

    Returns how many messages go alone, and the people for whom a digest is to be built.
    """
    together = Q(gathering__in=(Gathering.ASKS, Gathering.NEWS), attempts=0)
    due = owed.due(now).exclude(together, recipient__in=seen) if seen else owed.due(now)
    line = list(due.values_list("recipient", "gathering", "attempts")[:limit])
    people = [person for person, gathering, attempts in line if gathering and not attempts]
    return len(line) - len(people), list(dict.fromkeys(people))


def _lock(messages: MessageQuerySet, limit: int) -> list[Message]:
    """Lock and return the first ``limit`` messages that no other sender has locked."""
    free = messages.select_related("needed_while", "recipient")
    return list(free.select_for_update(skip_locked=True, of=("self",))[:limit]) if limit else []


def _lock_people(people: list[int]) -> list[int]:
    """Take the advisory lock of each person until the transaction ends; return those whose lock was free."""
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM unnest(%s::integer[]) AS person WHERE pg_try_advisory_xact_lock(%s, person)",
            [people, PERSON_LOCK],
        )
        return [row[0] for row in cursor.fetchall()]


def _build_digests(person: int, now: dt.datetime, owed: MessageQuerySet) -> list[Message]:
    """Return what goes to ``person`` now: one message of what asks, if any is due, and one of due news."""
    free = owed.filter(recipient=person).gatherable().order_by("dated")
    asks = _lock(free.filter(gathering=Gathering.ASKS), MAX_PARTS)
    if not any(part.not_before <= now for part in asks):
        asks = []
    news = _lock(free.filter(gathering=Gathering.NEWS, not_before__lte=now), MAX_PARTS)
    return [message for parts in (asks, news) for message in _merge_parts(_needed(parts), now)]


def _merge_parts(parts: list[Message], now: dt.datetime) -> list[Message]:
    """Return one digest of ``parts``; if it cannot be written, the parts themselves."""
    if len(parts) < 2:
        return parts
    reader = parts[0].recipient
    digest = Message(
        key=f"digest:{uuid.uuid4()}",
        template=digests.TEMPLATE,
        recipient=reader,
        to_email=reader.email if reader else "",
        message_id=new_message_id(),
        dated=now,
    )
    try:
        digests.write(digest, parts)
    except Exception:  # if one part breaks the digest, send the parts singly
        log.exception("digest_not_written", parts=[str(part.pk) for part in parts])
        return parts
    digest.save(force_insert=True)
    keys = [part.pk for part in parts]
    Message.objects.filter(pk__in=keys).update(status=MessageStatus.GATHERED, gathered_into=digest)
    return [digest]


def _needed(messages: list[Message]) -> list[Message]:
    """Return the messages still needed: the others are dropped, digests rewritten from the needed parts."""
    former = _to_former_deputies(messages)
    return [message for message in messages if _still_needed(message, former)]


def _still_needed(message: Message, former: set[uuid.UUID]) -> bool:
    pointless = message.is_pointless or message.pk in former
    if message.template == digests.TEMPLATE:
        parts = _needed(digests.parts_of(message))
        pointless = pointless or not parts
        if parts:
            _rewrite_digest(message, parts)
    if pointless:
        nothing = {"claim": None, "leased_until": None}
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.DROPPED, **nothing)
    return not pointless


def _to_former_deputies(messages: list[Message]) -> set[uuid.UUID]:
    """Return keys of messages that ask a former deputy to decide for a manager."""
    asked = {
        message.pk: (message.needed_while.owner_id, message.recipient_id)
        for message in messages
        if message.needed_while is not None
        and message.needed_while.deputies_may_act
        and message.recipient_id != message.needed_while.owner_id
    }
    if not asked:
        return set()
    managers = {manager for manager, _ in asked.values()}
    in_force = Delegation.objects.on(timezone.localdate()).filter(manager__in=managers)
    deputies = set(in_force.values_list("manager", "deputy"))
    return {pk for pk, pair in asked.items() if pair not in deputies}


def _rewrite_digest(digest: Message, parts: list[Message]) -> None:
    """Write the digest again from the parts still needed."""
    try:
        digests.write(digest, parts)
    except Exception:  # then it is sent as first written
        log.exception("digest_not_written", digest=str(digest.pk))
        return
    digest.save(update_fields=["subject", "text", "html"])


def _take(messages: list[Message], now: dt.datetime) -> None:
    """Claim locked messages; one not tried before also gets its date (``_date_of``)."""
    if not messages:
        return
    number, lease = uuid.uuid4(), now + LEASE
    untried = Q(attempts=0)
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        status=MessageStatus.SENDING,
        claim=number,
        leased_until=lease,
        attempts=F("attempts") + 1,
        dated=Case(
            When(untried & ~Q(gathering=Gathering.ALONE), then=now),
            When(untried, then=Greatest(F("dated"), F("not_before"))),
            default=F("dated"),
        ),
    )
    for message in messages:
        message.dated = _date_of(message, now)
        message.claim, message.leased_until = number, lease
        message.attempts += 1


def _date_of(message: Message, now: dt.datetime) -> dt.datetime:
    """Return the time from which the message counts as late, which later attempts keep.

    A mail held for a digest is late from now, any other from when it could first be sent. Keeping the date at
    later attempts lets the metrics measure how long a mail has been retried.
    """
    if message.attempts:
        return message.dated
    held = message.gathering != Gathering.ALONE
    return now if held else max(message.dated, message.not_before)


def _write_result(message: Message, **fields: object) -> None:
    """Write the result, if the claim is still this sender's; retry while the database is away."""
    mine = Message.objects.filter(pk=message.pk, claim=message.claim)
    _retry_while_database_away(lambda: mine.update(claim=None, leased_until=None, **fields))


def _retry_while_database_away(write: Callable[[], Result]) -> Result:
    """Call ``write`` until the database answers, for MARK_SECONDS: sent mail must not be sent twice."""
    until, pause = time.monotonic() + MARK_SECONDS, 0.1
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.warning("database_away_while_marking", error=type(error).__name__)
        connection.close()
        time.sleep(pause)
        pause = min(pause * 2, 2.0)
