"""Background work of the scheme: what the clock does."""

from celery import shared_task

from accounts.pulse import note_clock
from shadowing.workflow import announcing, due

SECONDS = 200.0  # a task is ended after 270; the next run goes on


@shared_task(ignore_result=True)
def run_due() -> None:
    """Reminders, calls for help and lapses that are due; then the numbers on the desks."""
    due.run_due(seconds=SECONDS)
    note_clock()
    due.run_last()


@shared_task(ignore_result=True)
def announce() -> None:
    """Owe the mails of what is announced."""
    announcing.go_on(seconds=SECONDS)
