"""Heartbeats: processes that send mail record every few seconds that they and the mail server are available.

Without them a night without workers would go unnoticed until the first mail of the morning. They are stored
in the cache, which is a database table. A part that stops is reported for 15 minutes; after that only while
no other part does its work, because it was taken out of service on purpose.
"""

from __future__ import annotations

import smtplib
import threading
import time

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection

log = structlog.get_logger(__name__)

PARTS = {"worker": "the worker", "schedule": "the schedule", "sweeper": "the sweeper"}
SENDERS = ("worker", "sweeper")  # the parts that need the mail server
EVERY = 10.0
SILENT_AFTER = 35.0
MISSED_FOR = 15 * 60.0
FORGOTTEN_AFTER = 7 * 24 * 3600
CONNECT_SECONDS = 10.0
MAIL_SERVER = "pulse:mail-server"
CLOCK = "pulse:clock"
SCHEDULE_STALLED_AFTER = 10 * 60.0


def keep_beating(part: str) -> None:
    """Start a thread that records ``part`` as alive until this process ends."""
    threading.Thread(target=_beat_on, args=(part,), name=f"pulse of the {part}", daemon=True).start()


def beat(part: str) -> None:
    """Record once that ``part`` is alive and, if it sends mail, whether the mail server answers."""
    cache.set(_key(part), time.time(), FORGOTTEN_AFTER)
    if part in SENDERS:
        cache.set(MAIL_SERVER, mail_server_trouble() or "", SILENT_AFTER)


def record_schedule_run() -> None:
    """Record that due steps have just been processed, by the schedule, the sweeper or cron."""
    cache.set(CLOCK, time.time(), SCHEDULE_STALLED_AFTER)


def is_schedule_stalled() -> bool:
    """Return whether no due steps were processed in the last 10 minutes. Raises DatabaseError."""
    return cache.get(CLOCK) is None


def missing_parts() -> list[str]:
    """Return the parts that were alive and are missing now, in words. Raises DatabaseError."""
    seen: dict[str, float] = cache.get_many([CLOCK, *(_key(part) for part in PARTS)])
    now = time.time()
    since = {part: now - seen[_key(part)] for part in PARTS if _key(part) in seen}
    here = {part for part, seconds in since.items() if seconds <= SILENT_AFTER}
    all_is_done = "sweeper" in here or {"worker", "schedule"} <= here or CLOCK in seen  # the latter by cron
    return [
        PARTS[part]
        for part, seconds in since.items()
        if part not in here and (seconds < MISSED_FOR or not all_is_done)
    ]


def noted_mail_server_trouble() -> str | None:
    """Return the mail server's fault that a sender recorded last; None for none. Raises DatabaseError."""
    return cache.get(MAIL_SERVER) or None


def mail_server_trouble() -> str | None:
    """Return why the mail server cannot be used; None if it accepts connections within CONNECT_SECONDS."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return None
    connect = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        server = connect(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=CONNECT_SECONDS)
    except (OSError, smtplib.SMTPException):
        return "the mail server does not answer"
    server.close()
    return None


def _key(part: str) -> str:
    return f"pulse:{part}"


def _beat_on(part: str) -> None:
    while True:
        try:
            beat(part)
        except (DatabaseError, InterfaceError) as error:
            log.warning("pulse_without_database", error=type(error).__name__)
        connection.close()
        time.sleep(EVERY)
