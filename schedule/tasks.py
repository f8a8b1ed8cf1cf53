"""Background work of the scheme: what the clock does."""

from celery import shared_task

from coordination.workflow import announcements
from messaging.heartbeats import record_schedule_run
from schedule import due

SECONDS = 200.0  # a task is ended after 270; the next run goes on


# Tasks keep the names under which the release before knows them.
@shared_task(ignore_result=True, name="shadowing.tasks.run_due")
def run_due() -> None:
    """Reminders, calls for help and lapses that are due; then the numbers on the desks."""
    due.run_due(seconds=SECONDS)
    record_schedule_run()
    due.run_last()


@shared_task(ignore_result=True, name="shadowing.tasks.announce")
def announce() -> None:
    """Owe the mails of what is announced."""
    announcements.go_on(seconds=SECONDS)
