"""Delivery: claim mail, send it with no transaction open, record the result. The only user of the mail API.

The connection is opened before a message is claimed: while the mail server is unreachable, no message loses
an attempt and the whole outbox waits. A quick server gets mails claimed in batches; a slow one gets them one
by one, so that other senders find work.
"""

from __future__ import annotations

import datetime as dt
import mmap
import re
import time
import uuid
from email.utils import format_datetime
from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts import batch
from messaging import claims, digests
from messaging.models import Message
from messaging.outbox import blank_old_texts
from messaging.preferences import token_of
from messaging.smtp_errors import (
    is_content_error,
    is_permanent,
    is_server_error,
    keeps_connection_usable,
    sentence,
)

log = structlog.get_logger(__name__)

PAUSES = tuple(dt.timedelta(seconds=s) for s in (15, 60, 240, 900, 1800, 3600))
MAX_ATTEMPTS = 120  # five days with these pauses, as long as mail servers retry
SWEEP_SECONDS = 120.0  # then the next sweep continues; a task is killed after 270 s
REST_SECONDS = 15.0
LARGEST_BATCH = 20
SLOW_SECONDS = 1.0  # a server slower than this per mail gets batches of one
# Errors in a row add to a score; at PAUSE_SCORE the server is left alone for REST_SECONDS.
PAUSE_SCORE, SERVER_ERROR_SCORE, REFUSAL_SCORE = 10, 4, 1
CLAIM = batch.Job("mail_claimed", "A mail could not be made ready to be sent", Message)
SEND = batch.Job("mail", "A mail could not be put together", Message)
CALENDAR = "text/calendar"
VCALENDAR = re.compile(r"BEGIN:VCALENDAR.*?END:VCALENDAR\s*", re.DOTALL)
_paused_until: dict[tuple[str, int], float] = {}  # one circuit breaker per process and mail server
_stopping = mmap.mmap(-1, 1)  # shared with child processes


def request_stop() -> None:
    """Ask this process and its children to stop after the mail they are sending."""
    _stopping[0] = 1


def is_stopping() -> bool:
    """Return whether a stop was requested."""
    return _stopping[0] == 1


class Mail(EmailMultiAlternatives):
    """A mail whose calendar part has the header calendar programs expect: bare method, one charset."""

    def message(self, **given: Any) -> Any:
        """Return the composed mail with the calendar part's header corrected."""
        composed = super().message(**given)
        for part in composed.walk():
            if part.get_content_type() == CALENDAR:
                part.replace_header(
                    "Content-Type", f"{CALENDAR}; method={part.get_param('method')}; charset=utf-8"
                )
        return composed


def deliver(pk: uuid.UUID | str) -> bool:
    """Send one message, or the digest it belongs in, if it may be sent now; return whether it was sent."""
    if not Message.objects.filter(pk=pk).sendable(timezone.now()).exists():
        return False
    return _DeliveryRun(SWEEP_SECONDS).run(1, only=pk) > 0


def deliver_owed(limit: int = 5000, *, seconds: float = SWEEP_SECONDS) -> int:
    """Send due messages over one connection, oldest first, for ``seconds``; return how many were sent."""
    if not Message.objects.sendable(timezone.now()).exists():
        return 0
    return _DeliveryRun(seconds).run(limit)


def sweep() -> int:
    """Blank old texts and send due mail; return how many were sent. A worker calls it periodically."""
    return batch.run_steps(SWEEP, until=float("inf"))["sent"]


class _DeliveryRun:
    """One sender's run over one connection; adapts the batch size to the server's speed and counts errors."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.connection = _open_connection()
        self.batch = 1
        self.error_score = 0
        self.sent = 0

    def run(self, limit: int, *, only: uuid.UUID | str | None = None) -> int:
        """Claim and send until no mail is left, ``limit`` were tried or time is up; return the number."""
        tried = 0
        try:
            while tried < limit and self._may_continue():
                messages = self._claimed(min(self.batch, limit - tried), only)
                if not messages:
                    break
                tried += len(messages)
                self._send_batch(messages)
        finally:
            self._close_connection()
        return self.sent

    def _claimed(self, number: int, only: uuid.UUID | str | None) -> list[Message]:
        """Claim the next messages; if claiming them together fails, claim them one by one."""
        bad = batch.paused_keys(CLAIM)
        try:
            return claims.claim(number, only=only, without=bad)
        except Exception as error:  # noqa: BLE001  # claiming singly finds the faulty message
            batch.reraise_if_fatal(error)
        taken: list[Message] = []
        keys = Message.objects.sendable(timezone.now()).exclude(pk__in=bad).order_by("not_before")
        named = [only] if only else list(keys.values_list("pk", flat=True)[: max(number, LARGEST_BATCH)])
        batch.run(CLAIM, named, lambda pk: _take(taken, claims.claim_alone(pk)))
        return taken

    def _may_continue(self) -> bool:
        return self.connection is not None and not is_stopping() and time.monotonic() <= self.until

    def _send_batch(self, waiting: list[Message]) -> None:
        """Send claimed messages; release those that were not tried."""
        slow = False
        try:
            while waiting and not slow and self._may_continue() and claims.has_time(waiting[0]):
                started = time.monotonic()
                self._send(waiting.pop(0))
                slow = time.monotonic() - started > SLOW_SECONDS
        finally:
            claims.release(waiting)
        self.batch = 1 if slow else min(2 * self.batch, LARGEST_BATCH)

    def _send(self, message: Message) -> None:
        """Send one claimed message and record the result; a refusal is recorded and retried later."""
        try:
            compose(message, self.connection).send()
        except Exception as error:  # noqa: BLE001  # one faulty mail must not stop the others
            if not isinstance(error, OSError | SMTPException | ValueError):
                batch.record_failure(SEND, message.pk, error)
            note_failure(message, error)
            self._count_error(error)
        except BaseException:
            claims.retry_later(message, PAUSES[0], "The sender was stopped.")
            raise
        else:
            claims.mark_sent(message)
            self.sent += 1
            self.error_score = 0

    def _count_error(self, error: Exception) -> None:
        """Add to the error score, reconnect if needed, and pause the server at a score of PAUSE_SCORE."""
        if is_permanent(error):
            weight = 0
        else:
            weight = SERVER_ERROR_SCORE if is_server_error(error) else REFUSAL_SCORE
        self.error_score += weight
        if keeps_connection_usable(error) and self.error_score < PAUSE_SCORE:
            return
        self._close_connection()  # the state of the SMTP session is unknown
        if self.error_score >= PAUSE_SCORE:
            _pause_server(error)
        self.connection = _open_connection()

    def _close_connection(self) -> None:
        try:
            if self.connection is not None:
                self.connection.close()
        except (OSError, SMTPException) as error:
            log.info("mail_server_left_first", error=type(error).__name__)
        self.connection = None


def _take(taken: list[Message], claimed: list[Message]) -> int:
    taken.extend(claimed)
    return len(claimed)


def _open_connection() -> BaseEmailBackend | None:
    """Return an open connection to the mail server; None while it is unreachable or paused."""
    server = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    if time.monotonic() < _paused_until.get(server, 0.0):
        return None
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _pause_server(error)
        return None
    return connection


def _pause_server(error: Exception) -> None:
    _paused_until[settings.EMAIL_HOST, settings.EMAIL_PORT] = time.monotonic() + REST_SECONDS
    log.warning("mail_server_in_trouble", error=type(error).__name__)


def compose(message: Message, connection: BaseEmailBackend | None) -> Mail:
    """Return the mail with its links filled in; Message-ID and Date are the same at every attempt.

    Raises ValueError for an address that Django would encode in a way no mail server delivers to.
    """
    if not message.to_email.rpartition("@")[0].isascii():
        raise ValueError("the address holds a letter that mail servers do not take.")
    text, html = digests.fill_tokens(message)
    mail = Mail(
        message.subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [message.to_email],
        connection=connection,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(message.dated),
            "Auto-Submitted": "auto-generated",
            **_unsubscribe_headers(message),
        },
    )
    if html:
        mail.attach_alternative(html, "text/html")
    _attach_calendars(mail, message)
    return mail


def _attach_calendars(mail: Mail, message: Message) -> None:
    """Attach the first calendar as an alternative, which most programs read, and each one as a file."""
    calendars = VCALENDAR.findall(message.calendar) or [message.calendar]
    if message.calendar:
        mail.attach_alternative(calendars[0], f"{CALENDAR}; method={message.calendar_method}")
        for number, calendar in enumerate(calendars, start=1):
            name = "invite.ics" if number == 1 else f"invite-{number}.ics"
            mail.attach(name, calendar.encode(), "application/ics")


def _unsubscribe_headers(message: Message) -> dict[str, str]:
    """Return the one-click unsubscribe headers (RFC 8058); only news has them."""
    if message.recipient is None or not digests.is_news(message):
        return {}
    address = f"{settings.SITE_URL}/mail/{token_of(message.recipient)}/one-click/"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def note_failure(message: Message, error: Exception) -> None:
    """Record a failed attempt: retry after a growing pause, or mark as failed what is never accepted."""
    lost = message.attempts >= MAX_ATTEMPTS or is_permanent(error)
    log.warning(
        "mail_not_sent",
        message=str(message.pk),
        attempts=message.attempts,
        error=type(error).__name__,
        permanent=lost,
    )
    if message.template == digests.TEMPLATE and is_content_error(error):
        claims.split_digest(message)
    elif lost:
        claims.give_up(message, sentence(error))
    else:
        claims.retry_later(message, PAUSES[min(message.attempts, len(PAUSES)) - 1], sentence(error))


SWEEP = (
    batch.Step("mail_words", lambda until: blank_old_texts()),
    batch.Step("sent", lambda until: deliver_owed()),
)
