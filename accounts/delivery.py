"""Send what the outbox owes: claim, send with no transaction open, mark. Nothing else calls the mail API.

A mail server that cannot be reached costs no message anything: the connection is opened before a message
is claimed, so the whole outbox waits as it is and goes out when the server is back.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from email.errors import MessageError
from email.utils import format_datetime
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

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
from accounts.outbox import PLAIN

log = structlog.get_logger(__name__)

# Longer than any mail server's answer (60 s a step, EMAIL_TIMEOUT) and than a task may run: a shorter one
# would send copies.
LEASE = dt.timedelta(minutes=15)
PAUSES = tuple(dt.timedelta(seconds=s) for s in (15, 60, 240, 900, 1800, 3600))
MOST_ATTEMPTS = 120  # with these pauses five days, as long as mail servers themselves try
SWEEP_SECONDS = 120.0  # then the next sweep goes on; a task is ended after 270 s
REST_SECONDS = 15.0
CALENDAR = "text/calendar"
# What composing a mail raises when something in it cannot stand in a mail: a line break in an address.
UNWRITABLE = (ValueError, TypeError, LookupError, AttributeError, MessageError)
_rests_until: dict[tuple[str, int], float] = {}  # one circuit breaker per process and mail server


class Mail(EmailMultiAlternatives):
    """A mail whose calendar part is headed as calendar programs read it: method bare, charset once."""

    def message(self, **given: Any) -> Any:
        """The mail as it goes over the wire."""
        composed = super().message(**given)
        for part in composed.walk():
            if part.get_content_type() == CALENDAR:
                part.replace_header(
                    "Content-Type", f"{CALENDAR}; method={part.get_param('method')}; charset=utf-8"
                )
        return composed


def deliver(pk: uuid.UUID | str) -> bool:
    """Send one message if it may be sent now; return whether it was sent."""
    owed = Message.objects.filter(pk=pk)
    if not owed.sendable(timezone.now()).exists():
        return False
    connection = _reached()
    if connection is None:
        return False
    try:
        message = _claim(owed)
        return message is not None and _send(message, connection)
    finally:
        _hang_up(connection)


def deliver_owed(limit: int = 5000, *, seconds: float = SWEEP_SECONDS) -> int:
    """Send owed messages over one connection, oldest first, for a while; return how many were sent."""
    if not Message.objects.sendable(timezone.now()).exists():
        return 0
    connection, sent = _reached(), 0
    until = time.monotonic() + seconds
    try:
        for _ in range(limit):
            if connection is None or time.monotonic() > until:
                break
            message = _claim(Message.objects.all())
            if message is None:
                break
            if _send(message, connection):
                sent += 1
            elif getattr(connection, "connection", True) is None:
                connection = _reached()
    finally:
        if connection is not None:
            _hang_up(connection)
    return sent


def _reached() -> BaseEmailBackend | None:
    """An open connection to the mail server, or None; a server in trouble is left alone for a while."""
    server = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    if time.monotonic() < _rests_until.get(server, 0.0):
        return None
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _rests_until[server] = time.monotonic() + REST_SECONDS
        log.warning("mail_server_unreachable", error=type(error).__name__)
        return None
    return connection


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, SMTPException) as error:
        log.info("mail_server_left_first", error=type(error).__name__)


def _claim(messages: MessageQuerySet) -> Message | None:
    """Take the first sendable message for a limited time, so that nobody else sends it, and commit at once.

    What nobody needs any more is dropped on the way: an hour-old "please decide" must not go out for a
    request that was withdrawn.
    """
    while True:
        now = timezone.now()
        with transaction.atomic():
            message = _first_free(messages.due(now)) or _first_free(messages.abandoned(now))
            if message is None:
                return None
            if _is_pointless(message):
                _write(message, status=MessageStatus.DROPPED, claim=None, leased_until=None)
                continue
            _write(
                message,
                status=MessageStatus.SENDING,
                claim=uuid.uuid4(),
                leased_until=now + LEASE,
                attempts=message.attempts + 1,
            )
        return message


def _first_free(messages: MessageQuerySet) -> Message | None:
    return messages.select_for_update(skip_locked=True, of=("self",)).first()


def _write(message: Message, **fields: object) -> None:
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(update_fields=list(fields))


def _is_pointless(message: Message) -> bool:
    item = message.needed_while
    gone = message.recipient is not None and not message.recipient.is_active
    return gone or (item is not None and item.closed_at is not None)


def _send(message: Message, connection: BaseEmailBackend) -> bool:
    """Send a claimed message and mark it; a refusal is noted and tried again later."""
    try:
        _composed(message, connection).send()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, the others go on
        if not isinstance(error, SMTPRecipientsRefused):
            _hang_up(connection)  # what the server still expects is not known
        _note_failure(message, error)
        return False
    _settle(message, status=MessageStatus.SENT, sent_at=timezone.now(), last_error="", **_spent(message))
    return True


def _spent(message: Message) -> dict[str, str]:
    """Codes and password links are not kept once they are sent."""
    return {"text": "", "html": ""} if message.template == PLAIN else {}


def _composed(message: Message, connection: BaseEmailBackend) -> Mail:
    """The mail with its links filled in; the same Message-ID and Date at every attempt."""
    token = token_for(message.link_nonce) if message.link_nonce else ""
    mail = Mail(
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
        # Some programs read the alternative, some the attachment.
        mail.attach_alternative(message.calendar, f"{CALENDAR}; method={message.calendar_method}")
        mail.attach("invite.ics", message.calendar.encode(), "application/ics")
    return mail


def _note_failure(message: Message, error: Exception) -> None:
    """Try again after a growing pause; a mail that will never be taken stands there as failed, with why."""
    lost = message.attempts >= MOST_ATTEMPTS or _is_permanent(error)
    log.warning(
        "mail_not_sent",
        message=str(message.pk),
        attempts=message.attempts,
        error=type(error).__name__,
        permanent=lost,
    )
    pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
    _settle(
        message,
        status=MessageStatus.FAILED if lost else MessageStatus.QUEUED,
        not_before=timezone.now() + pause,
        last_error=_sentence(error)[:500],
    )


def _is_permanent(error: Exception) -> bool:
    """Whether this very mail will never be taken; trouble with the server or its settings passes."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return 500 <= error.smtp_code < 600
    return isinstance(error, UNWRITABLE) and not isinstance(error, OSError)


def _sentence(error: Exception) -> str:
    """What is shown to whoever looks after the mail."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = [f"{code} {_decoded(words)}" for code, words in error.recipients.values()]
        return f"The mail server refused the address: {'; '.join(answers)}"
    if isinstance(error, SMTPResponseException):
        return f"The mail server answered: {error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, UNWRITABLE):
        return f"The mail cannot be written: {error}"
    return f"The mail server did not answer as it should: {error}"


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _settle(message: Message, **fields: object) -> None:
    """Write the result, if the claim is still ours."""
    mine = Message.objects.filter(pk=message.pk, claim=message.claim)
    mine.update(claim=None, leased_until=None, **fields)
