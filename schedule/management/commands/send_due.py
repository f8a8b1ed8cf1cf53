"""What the schedule does, once, now: for cron, and for whoever does not want to wait."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.enums import NextStep
from messaging.delivery import deliver_owed
from messaging.heartbeats import record_schedule_run
from schedule.due import HANDED_OVER, run_due, run_last


class Command(BaseCommand):
    """Safe to run any number of times, and several at once."""

    help = "Send reminders, ask for help, let lapse what is due, count, and send all mail that is owed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say in one line what was done."""
        done = run_due()
        record_schedule_run()
        run_last()
        sent = deliver_owed(limit=1_000_000, seconds=float("inf"))
        self.stdout.write(
            f"{done[HANDED_OVER]} handed over, {done[NextStep.REMIND]} reminded, "
            f"{done[NextStep.ESCALATE]} given to a coordinator, "
            f"{done[NextStep.LAPSE]} lapsed, {sent} mails sent."
        )
