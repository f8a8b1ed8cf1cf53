"""Run the schedule once, now: for cron, or to avoid waiting for the next run."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.enums import NextStep
from messaging.delivery import deliver_owed
from messaging.heartbeats import record_schedule_run
from schedule.due import HANDED_OVER, run_due, run_housekeeping


class Command(BaseCommand):
    """The command ``send_due``. Safe to run repeatedly and concurrently."""

    help = "Send reminders, ask for help, let lapse what is due, count, and send all mail that is owed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the schedule, send all queued mail, and print the numbers in one line."""
        done = run_due()
        record_schedule_run()
        run_housekeeping()
        sent = deliver_owed(limit=1_000_000, seconds=float("inf"))
        self.stdout.write(
            f"{done[HANDED_OVER]} handed over, {done[NextStep.REMIND]} reminded, "
            f"{done[NextStep.ESCALATE]} given to a coordinator, "
            f"{done[NextStep.LAPSE]} lapsed, {sent} mails sent."
        )
