"""Background work of HR files. The schedule does the same without a broker, a little later."""

from celery import shared_task

from departments.imports import jobs

SECONDS = 200.0  # a task is ended after 270; the schedule goes on


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Read what was uploaded, bring in what was confirmed."""
    jobs.go_on(seconds=SECONDS)
