"""Background work of the appraisal year. The schedule does the same without a broker, a little later."""

from celery import shared_task

from appraisals.workflow import due

SECONDS = 200.0  # a task is ended after 270; the schedule goes on


@shared_task(ignore_result=True)
def go_on() -> None:
    """Go on with whatever long work was begun."""
    due.go_on(seconds=SECONDS)
