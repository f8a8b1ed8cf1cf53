"""Send what the outbox owes: claim, send with no transaction open, mark. Nothing else calls the mail API.

A mail server that cannot be reached costs no message anything: the connection is opened before a message
is claimed, so the whole outbox waits as it is and goes out when the server is back. While the server is
quick, several messages are claimed at once; when it is slow, one by one, so that other senders find work.
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
MAX_ATTEMPTS = 120  # with these pauses five days, as long as mail servers themselves try
SWEEP_SECONDS = 120.0  # then the next sweep goes on; a task is ended after 270 s
REST_SECONDS = 15.0
LARGEST_BATCH = 20
SLOW_SECONDS = 1.0  # a server that takes longer over one mail gets the mails one by one
# So many refusals on end, and the server is left alone for a while; trouble with itself weighs more.
PAUSE_SCORE, SERVER_ERROR_SCORE, REFUSAL_SCORE = 10, 4, 1
CLAIM = batch.Job("mail_claimed", "A mail could not be made ready to be sent", Message)
SEND = batch.Job("mail", "A mail could not be put together", Message)
CALENDAR = "text/calendar"
VCALENDAR = re.compile(r"BEGIN:VCALENDAR.*?END:VCALENDAR\s*", re.DOTALL)
_paused_until: dict[tuple[str, int], float] = {}  # one circuit breaker per process and mail server
_stopping = mmap.mmap(-1, 1)  # shared with the processes this one is the parent of


def request_stop() -> None:
    """Let this process and its children finish the mail they are sending, and start no other."""
    _stopping[0] = 1


def is_stopping() -> bool:
    """Whether somebody has asked to stop."""
    return _stopping[0] == 1


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
    """Send one message, with what goes out together with it, if it may be sent now; return whether it was."""
    if not Message.objects.filter(pk=pk).sendable(timezone.now()).exists():
        return False
    return _DeliveryRun(SWEEP_SECONDS).run(1, only=pk) > 0


def deliver_owed(limit: int = 5000, *, seconds: float = SWEEP_SECONDS) -> int:
    """Send owed messages over one connection, oldest first, for a while; return how many were sent."""
    if not Message.objects.sendable(timezone.now()).exists():
        return 0
    return _DeliveryRun(seconds).run(limit)


def sweep() -> int:
    """What a worker does again and again: forget old words, send what is owed; return how many were sent."""
    return batch.run_steps(SWEEP, until=float("inf"))["sent"]


class _DeliveryRun:
    """One sender's round over one connection: how many it takes at once, and how the server bears it."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.connection = _open_connection()
        self.batch = 1
        self.error_score = 0
        self.sent = 0

    def run(self, limit: int, *, only: uuid.UUID | str | None = None) -> int:
        """Claim and send until nothing is left, ``limit`` were tried, or the round is over."""
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
        """The next messages; where one of them spoils it, they are claimed one by one."""
        bad = batch.paused_keys(CLAIM)
        try:
            return claims.claim(number, only=only, without=bad)
        except Exception as error:  # noqa: BLE001  # which of them it was is found out one by one
            batch.reraise_if_fatal(error)
        taken: list[Message] = []
        keys = Message.objects.sendable(timezone.now()).exclude(pk__in=bad).order_by("not_before")
        named = [only] if only else list(keys.values_list("pk", flat=True)[: max(number, LARGEST_BATCH)])
        batch.run(CLAIM, named, lambda pk: _take(taken, claims.claim_alone(pk)))
        return taken

    def _may_continue(self) -> bool:
        return self.connection is not None and not is_stopping() and time.monotonic() <= self.until

    def _send_batch(self, waiting: list[Message]) -> None:
        """Send what was claimed; what is not tried in the end is given back at once."""
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
        """Send a claimed message and mark it; a refusal is noted and tried again later."""
        try:
            compose(message, self.connection).send()
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, the others go on
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
        """Go on over a fresh connection where that is needed; leave a server in trouble alone for a while."""
        if is_permanent(error):
            weight = 0
        else:
            weight = SERVER_ERROR_SCORE if is_server_error(error) else REFUSAL_SCORE
        self.error_score += weight
        if keeps_connection_usable(error) and self.error_score < PAUSE_SCORE:
            return
        self._close_connection()  # what the server still expects is not known
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
    """An open connection to the mail server, or None; a server in trouble is left alone for a while."""
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
    """The mail with its links filled in; the same Message-ID and Date at every attempt.

    Raises ValueError for an address that Django would write in a way no mail server delivers to.
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
    """The first as an alternative, which most programs read; each as a file, which the others open."""
    calendars = VCALENDAR.findall(message.calendar) or [message.calendar]
    if message.calendar:
        mail.attach_alternative(calendars[0], f"{CALENDAR}; method={message.calendar_method}")
        for number, calendar in enumerate(calendars, start=1):
            name = "invite.ics" if number == 1 else f"invite-{number}.ics"
            mail.attach(name, calendar.encode(), "application/ics")


def _unsubscribe_headers(message: Message) -> dict[str, str]:
    """Headers by which a mail program asks us to write less often (RFC 8058); of news alone."""
    if message.recipient is None or not digests.is_news(message):
        return {}
    address = f"{settings.SITE_URL}/mail/{token_of(message.recipient)}/one-click/"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def note_failure(message: Message, error: Exception) -> None:
    """Try again after a growing pause; a mail that will never be taken stands there as failed, with why."""
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
