"""What the schedule does, again and again, in one process that needs no broker."""

from __future__ import annotations

import signal
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from messaging.delivery import deliver_owed, is_stopping, request_stop
from messaging.heartbeats import keep_beating, record_schedule_run
from schedule.due import run_due, run_last

log = structlog.get_logger(__name__)

MAIL_EVERY = 15.0
DUE_EVERY = 60.0
AT_A_STRETCH = 5.0  # then the other gets its turn, and whoever asks to stop is heard
AFTER_TROUBLE = 5.0
LISTEN_EVERY = 0.2


class Command(BaseCommand):
    """Safe beside Celery, cron and others of its kind: each mail goes out once."""

    help = "Send owed mail every 15 seconds and do what is due every minute, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep until a signal comes; the mail that is being sent is finished, the rest given back."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: request_stop())
        self.stdout.write("Sweeping: mail every 15 seconds, what is due every minute.")
        self.due_from = time.monotonic()
        keep_beating("sweeper")
        while not is_stopping():
            _listen(self._round())
        self.stdout.write("Stopped sweeping.")

    def _round(self) -> float:
        """Do what is to be done now; return the seconds until there is more, whatever went wrong."""
        try:
            return 0.0 if self._worked() else MAIL_EVERY
        except (DatabaseError, InterfaceError) as error:
            log.warning("sweep_without_database", error=type(error).__name__)
        except Exception:  # nobody would start it again at night
            log.exception("sweep_failed")
        connection.close()
        return AFTER_TROUBLE

    def _worked(self) -> bool:
        """Whether there may be more to do at once."""
        started, done = time.monotonic(), 0
        if started >= self.due_from:
            done = run_due(seconds=AT_A_STRETCH).total()
            record_schedule_run()
            run_last()
            cut_short = time.monotonic() - started >= AT_A_STRETCH
            self.due_from = started + (0 if cut_short else DUE_EVERY)
        return deliver_owed(seconds=AT_A_STRETCH) > 0 or done > 0


def _listen(seconds: float) -> None:
    """Wait, and hear a signal soon."""
    until = time.monotonic() + seconds
    while not is_stopping() and time.monotonic() < until:
        time.sleep(LISTEN_EVERY)
