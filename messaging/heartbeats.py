"""Signs of life: who sends mail notes every few seconds that they are there, and whether the mail server is.

A quiet outbox shows no trouble: without this a night without workers would be noticed with the first mail
of the morning. Notes lie in the cache, which is a table. A part that is gone is missed for a quarter of an
hour; then only while nobody else does its work, because it was taken out on purpose.
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
SENDERS = ("worker", "sweeper")  # who needs the mail server
EVERY = 10.0
SILENT_AFTER = 35.0
MISSED_FOR = 15 * 60.0
FORGOTTEN_AFTER = 7 * 24 * 3600
CONNECT_SECONDS = 10.0
MAIL_SERVER = "pulse:mail-server"
CLOCK = "pulse:clock"
SCHEDULE_STALLED_AFTER = 10 * 60.0


def keep_beating(part: str) -> None:
    """Note from now on, in a thread of its own, that ``part`` is alive, until this process ends."""
    threading.Thread(target=_beat_on, args=(part,), name=f"pulse of the {part}", daemon=True).start()


def beat(part: str) -> None:
    """Note once that ``part`` is alive and, if it sends mail, what the mail server says."""
    cache.set(_key(part), time.time(), FORGOTTEN_AFTER)
    if part in SENDERS:
        cache.set(MAIL_SERVER, mail_server_trouble() or "", SILENT_AFTER)


def record_schedule_run() -> None:
    """Note that what is due has been looked after just now, by whomever."""
    cache.set(CLOCK, time.time(), SCHEDULE_STALLED_AFTER)


def is_schedule_stalled() -> bool:
    """Whether nobody has looked after what is due for a while. Raises DatabaseError."""
    return cache.get(CLOCK) is None


def missing_parts() -> list[str]:
    """Which parts were here and are missed now. Raises DatabaseError."""
    seen: dict[str, float] = cache.get_many([CLOCK, *(_key(part) for part in PARTS)])
    now = time.time()
    since = {part: now - seen[_key(part)] for part in PARTS if _key(part) in seen}
    here = {part for part, seconds in since.items() if seconds <= SILENT_AFTER}
    all_is_done = "sweeper" in here or {"worker", "schedule"} <= here or CLOCK in seen  # by cron, that is
    return [
        PARTS[part]
        for part, seconds in since.items()
        if part not in here and (seconds < MISSED_FOR or not all_is_done)
    ]


def noted_mail_server_trouble() -> str | None:
    """What whoever sends mail last found wrong with the mail server. Raises DatabaseError."""
    return cache.get(MAIL_SERVER) or None


def mail_server_trouble() -> str | None:
    """Why the mail server cannot be used, if so; a server that says nothing for a while cannot."""
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
