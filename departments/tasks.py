"""Background task of HR imports. Without a broker the schedule does the same work a little later."""

from celery import shared_task

from departments.imports import jobs

SECONDS = 200.0  # a task is killed after 270 seconds; the schedule continues its work


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Read uploaded files, and write confirmed imports."""
    jobs.go_on(seconds=SECONDS)
