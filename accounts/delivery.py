"""Send what the outbox owes: claim, send with no transaction open, mark. The one module that calls the mail API."""

from __future__ import annotations

import datetime as dt
import uuid
from email.utils import format_datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.enums import MessageStatus
from accounts.links import PLACEHOLDER, token_for
from accounts.models import Message
from accounts.models.message import MessageQuerySet

log = structlog.get_logger(__name__)

# Longer than any mail server's answer (60 s, EMAIL_TIMEOUT): a shorter lease would send copies.
LEASE = dt.timedelta(minutes=15)
PAUSES = tuple(dt.timedelta(seconds=s) for s in (15, 60, 240, 900, 3600, 3600, 7200, 14400, 28800))


def deliver(pk: uuid.UUID | str) -> bool:
    """Send one message if it may be sent now; return whether it was sent."""
    message = _claim(Message.objects.filter(pk=pk))
    return message is not None and _send(message, get_connection())


def deliver_owed(limit: int = 500) -> int:
    """Send up to ``limit`` owed messages over one connection, oldest first; return how many were sent."""
    connection = get_connection()
    sent = 0
    try:
        for _ in range(limit):
            message = _claim(Message.objects.order_by("not_before"))
            if message is None:
                break
            sent += _send(message, connection)
    finally:
        connection.close()
    return sent


def _claim(messages: MessageQuerySet) -> Message | None:
    """Take one sendable message for a limited time, so that nobody else sends it, and commit at once.

    A message nobody needs any more comes back dropped: an hour-old "please decide" must not go out for a
    request that was withdrawn.
    """
    now = timezone.now()
    with transaction.atomic():
        message = messages.sendable(now).select_for_update(skip_locked=True, of=("self",)).first()
        if message is None:
            return None
        if _is_pointless(message):
            message.status, message.claim, message.leased_until = (
                MessageStatus.DROPPED,
                None,
                None,
            )
        else:
            message.status, message.claim, message.leased_until = (
                MessageStatus.SENDING,
                uuid.uuid4(),
                now + LEASE,
            )
            message.attempts += 1
        message.save(update_fields=["status", "claim", "leased_until", "attempts"])
    return message


def _is_pointless(message: Message) -> bool:
    item = message.needed_while
    gone = message.recipient is not None and not message.recipient.is_active
    return gone or (item is not None and item.closed_at is not None)


def _send(message: Message, connection: BaseEmailBackend) -> bool:
    """Send a claimed message and mark it; a refusal is noted and tried again later."""
    if message.status != MessageStatus.SENDING:
        return False
    try:
        _composed(message, connection).send()
    except (OSError, SMTPException, ValueError) as error:
        connection.close()
        _note_failure(message, error)
        return False
    _settle(message, status=MessageStatus.SENT, sent_at=timezone.now(), last_error="")
    return True


def _composed(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The mail with its links filled in; the same Message-ID and Date at every attempt."""
    token = token_for(message.link_nonce) if message.link_nonce else ""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text.replace(PLACEHOLDER, token),
        settings.DEFAULT_FROM_EMAIL,
        [message.to_email],
        connection=connection,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(message.dated),
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        mail.attach_alternative(message.html.replace(PLACEHOLDER, token), "text/html")
    if message.calendar:
        mail.attach_alternative(
            message.calendar,
            f"text/calendar; method={message.calendar_method}; charset=utf-8",
        )
    return mail


def _note_failure(message: Message, error: Exception) -> None:
    permanent = isinstance(error, ValueError | SMTPRecipientsRefused) and not _is_temporary(error)
    permanent = permanent or message.attempts > len(PAUSES)
    log.warning(
        "mail_not_sent",
        message=str(message.pk),
        attempts=message.attempts,
        error=type(error).__name__,
    )
    if permanent:
        _settle(message, status=MessageStatus.FAILED, last_error=str(error)[:500])
        return
    pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
    _settle(
        message,
        status=MessageStatus.QUEUED,
        not_before=timezone.now() + pause,
        last_error=str(error)[:500],
    )


def _is_temporary(error: Exception) -> bool:
    """Whether every recipient was refused with a 4xx: try again later."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and 400 <= error.smtp_code < 500


def _settle(message: Message, **fields: object) -> None:
    """Write the result, if the claim is still ours."""
    mine = Message.objects.filter(pk=message.pk, claim=message.claim)
    mine.update(claim=None, leased_until=None, **fields)
