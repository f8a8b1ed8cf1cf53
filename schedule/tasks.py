"""Celery tasks of the schedule."""

from celery import shared_task

from coordination.workflow import announcements
from messaging.heartbeats import record_schedule_run
from schedule import due

SECONDS = 200.0  # a task is killed after 270 seconds; the next run continues


# The names stay as they were in the previous release, whose workers and beat may still run.
@shared_task(ignore_result=True, name="shadowing.tasks.run_due")
def run_due() -> None:
    """Do what is due, then count the figures of the desks."""
    due.run_due(seconds=SECONDS)
    record_schedule_run()
    due.run_housekeeping()


@shared_task(ignore_result=True, name="shadowing.tasks.announce")
def announce() -> None:
    """Queue the mails of announcements."""
    announcements.go_on(seconds=SECONDS)
