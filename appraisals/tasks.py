"""Background tasks of appraisals. Without a broker the schedule does the same work a little later."""

from celery import shared_task

from appraisals.workflow import due

SECONDS = 200.0  # a task is killed after 270 seconds; the schedule continues its work


@shared_task(ignore_result=True)
def go_on() -> None:
    """Continue the openings and exports that were begun."""
    due.go_on(seconds=SECONDS)
