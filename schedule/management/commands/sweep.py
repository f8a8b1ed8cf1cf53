"""Run the schedule repeatedly in one process that needs no broker."""

from __future__ import annotations

import signal
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from messaging.delivery import deliver_owed, is_stopping, request_stop
from messaging.heartbeats import keep_beating, record_schedule_run
from schedule.due import run_due, run_housekeeping

log = structlog.get_logger(__name__)

MAIL_EVERY = 15.0
DUE_EVERY = 60.0
SECONDS_PER_TURN = 5.0  # seconds; then the other work gets its turn, and a request to stop is noticed
PAUSE_AFTER_ERROR = 5.0
SIGNAL_CHECK_EVERY = 0.2


class Command(BaseCommand):
    """The command ``sweep``. Safe to run beside Celery, cron and other sweepers: each mail is sent once."""

    help = "Send owed mail every 15 seconds and do what is due every minute, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT. The mail being sent is finished; other claimed mail is released."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: request_stop())
        self.stdout.write("Sweeping: mail every 15 seconds, what is due every minute.")
        self.due_from = time.monotonic()
        keep_beating("sweeper")
        while not is_stopping():
            _wait(self._round())
        self.stdout.write("Stopped sweeping.")

    def _round(self) -> float:
        """Do the work that is due now. Returns the seconds until the next round; any error is logged."""
        try:
            return 0.0 if self._work_once() else MAIL_EVERY
        except (DatabaseError, InterfaceError) as error:
            log.warning("sweep_without_database", error=type(error).__name__)
        except Exception:  # the process must survive: at night nobody would restart it
            log.exception("sweep_failed")
        connection.close()
        return PAUSE_AFTER_ERROR

    def _work_once(self) -> bool:
        """Run what is due and send mail. Returns whether there may be more to do at once."""
        started, done = time.monotonic(), 0
        if started >= self.due_from:
            done = run_due(seconds=SECONDS_PER_TURN).total()
            record_schedule_run()
            run_housekeeping()
            cut_short = time.monotonic() - started >= SECONDS_PER_TURN
            self.due_from = started + (0 if cut_short else DUE_EVERY)
        return deliver_owed(seconds=SECONDS_PER_TURN) > 0 or done > 0


def _wait(seconds: float) -> None:
    """Wait for ``seconds`` seconds, or until a signal asks to stop."""
    until = time.monotonic() + seconds
    while not is_stopping() and time.monotonic() < until:
        time.sleep(SIGNAL_CHECK_EVERY)
