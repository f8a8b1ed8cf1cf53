"""Who sends what: mail is claimed for a limited time before it is sent, and marked by its claimer alone.

A claim is committed before anything is sent, so a sender may die at any instruction: what it held is found
again when its lease is over. Several senders work side by side; a row another one has locked is passed over.
What is gathered from several mails of one person is put together here, in the transaction of its claim.
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

# Longer than any mail server's answer (60 s a step, EMAIL_TIMEOUT) and than a task may run: a shorter one
# would send copies.
LEASE = dt.timedelta(minutes=15)
# A mail is not sent with less of the lease left: five steps of 60 s, and a database that starts again.
MIN_LEASE_LEFT = dt.timedelta(minutes=8)
MARK_SECONDS = 120.0  # so long a database that is away is waited for, to note what was sent
PERSON_LOCK = 20_301  # the class of the advisory locks under which mail of one person is gathered
ERROR_LENGTH = 500
MAX_PARTS = 200  # of one digest; what is more comes with the next
SENT_ALONE = Q(gathering=Gathering.ALONE) | Q(attempts__gt=0)
Result = TypeVar("Result")


def claim(limit: int, *, only: uuid.UUID | str | None = None, without: Iterable[str] = ()) -> list[Message]:
    """Take up to ``limit`` messages that may be sent now (or the one named), so that nobody else sends them.

    Those ``without`` are left alone.

    What nobody needs any more is dropped on the way: an hour-old "please decide" must not go out for a
    request that was withdrawn.
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
    """Take this message by itself, whatever it might have been gathered with."""
    now = timezone.now()
    with transaction.atomic():
        owed = Message.objects.filter(pk=pk)
        ready = _needed(_lock(owed.due(now), 1) or _lock(owed.abandoned(now), 1))
        _take(ready, now)
    return ready


def release(messages: Iterable[Message]) -> None:
    """Give back what was claimed and not tried, as if it had never been claimed."""
    for message in messages:
        _write_result(message, status=MessageStatus.QUEUED, attempts=F("attempts") - 1)


def has_time(message: Message) -> bool:
    """Whether enough of its lease is left to send it."""
    return message.leased_until is not None and message.leased_until - timezone.now() > MIN_LEASE_LEFT


def mark_sent(message: Message) -> None:
    """The mail server has taken it. Codes and password links are not kept once they are sent."""
    spent = {"text": "", "html": ""} if message.template == PLAIN else {}
    _write_result(message, status=MessageStatus.SENT, sent_at=timezone.now(), last_error="", **spent)


def retry_later(message: Message, pause: dt.timedelta, why: str) -> None:
    """It is tried again after ``pause``."""
    _write_result(
        message,
        status=MessageStatus.QUEUED,
        not_before=timezone.now() + pause,
        last_error=shortened(why, ERROR_LENGTH),
    )


def give_up(message: Message, why: str) -> None:
    """It will not be taken, and stands there as failed."""
    _write_result(message, status=MessageStatus.FAILED, last_error=shortened(why, ERROR_LENGTH))


def split_digest(digest: Message) -> None:
    """A mail server will not have the whole: its parts go by themselves."""
    with transaction.atomic():
        parts = digest.parts.filter(status=MessageStatus.GATHERED, gathered_into__claim=digest.claim)
        parts.update(status=MessageStatus.QUEUED, gathering=Gathering.ALONE, not_before=timezone.now())
        _write_result(digest, status=MessageStatus.DROPPED)


def _next_due(owed: MessageQuerySet, limit: int, seen: set[int], now: dt.datetime) -> tuple[int, list[int]]:
    """Of the oldest due: how many go by themselves, and whose go out together. Nothing is locked yet."""
    together = Q(gathering__in=(Gathering.ASKS, Gathering.NEWS), attempts=0)
    due = owed.due(now).exclude(together, recipient__in=seen) if seen else owed.due(now)
    line = list(due.values_list("recipient", "gathering", "attempts")[:limit])
    people = [person for person, gathering, attempts in line if gathering and not attempts]
    return len(line) - len(people), list(dict.fromkeys(people))


def _lock(messages: MessageQuerySet, limit: int) -> list[Message]:
    """The first few that nobody else has locked."""
    free = messages.select_related("needed_while", "recipient")
    return list(free.select_for_update(skip_locked=True, of=("self",))[:limit]) if limit else []


def _lock_people(people: list[int]) -> list[int]:
    """Those whose mail nobody else is gathering; theirs is ours to gather until the transaction ends."""
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM unnest(%s::integer[]) AS person WHERE pg_try_advisory_xact_lock(%s, person)",
            [people, PERSON_LOCK],
        )
        return [row[0] for row in cursor.fetchall()]


def _build_digests(person: int, now: dt.datetime, owed: MessageQuerySet) -> list[Message]:
    """What goes to ``person`` now: as soon as one asks, all that asks as one message; due news as another."""
    free = owed.filter(recipient=person).gatherable().order_by("dated")
    asks = _lock(free.filter(gathering=Gathering.ASKS), MAX_PARTS)
    if not any(part.not_before <= now for part in asks):
        asks = []
    news = _lock(free.filter(gathering=Gathering.NEWS, not_before__lte=now), MAX_PARTS)
    return [message for parts in (asks, news) for message in _merge_parts(_needed(parts), now)]


def _merge_parts(parts: list[Message], now: dt.datetime) -> list[Message]:
    """One message of several; what cannot be put together goes one by one."""
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
    except Exception:  # whatever one part holds that spoils the whole, each still arrives
        log.exception("digest_not_written", parts=[str(part.pk) for part in parts])
        return parts
    digest.save(force_insert=True)
    keys = [part.pk for part in parts]
    Message.objects.filter(pk__in=keys).update(status=MessageStatus.GATHERED, gathered_into=digest)
    return [digest]


def _needed(messages: list[Message]) -> list[Message]:
    """Those that are to be sent: the others are dropped, a digest is made anew from what matters."""
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
    """Which of them ask somebody to decide for a manager whose deputy they are no longer."""
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
    try:
        digests.write(digest, parts)
    except Exception:  # then it goes as it was written first
        log.exception("digest_not_written", digest=str(digest.pk))
        return
    digest.save(update_fields=["subject", "text", "html"])


def _take(messages: list[Message], now: dt.datetime) -> None:
    """Claim locked messages. What nobody has tried yet gets its date: see ``_date_of``."""
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
    """From when on it is late: now, if it was held for others of its hour or day, else when it could go.

    The same at every later attempt: only so a mail tried in vain is seen to wait, and no longer than it does.
    """
    if message.attempts:
        return message.dated
    held = message.gathering != Gathering.ALONE
    return now if held else max(message.dated, message.not_before)


def _write_result(message: Message, **fields: object) -> None:
    """Write the result, if the claim is still ours; a database that starts again is waited for."""
    mine = Message.objects.filter(pk=message.pk, claim=message.claim)
    _retry_while_database_away(lambda: mine.update(claim=None, leased_until=None, **fields))


def _retry_while_database_away(write: Callable[[], Result]) -> Result:
    """Do it, again and again while the database is away: what was sent must not be sent twice."""
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
