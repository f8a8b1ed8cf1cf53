"""Celery tasks of the outbox."""

from celery import shared_task
from celery.signals import worker_shutting_down

from messaging.delivery import deliver, request_stop, sweep


@shared_task(name="accounts.tasks.deliver_message", ignore_result=True)
def deliver_message(pk: str) -> None:
    """Send one message, if it is still queued."""
    deliver(pk)


@shared_task(name="accounts.tasks.sweep_messages", ignore_result=True)
def sweep_messages() -> int:
    """Send all due mail: the safety net for lost notifications."""
    return sweep()


@worker_shutting_down.connect
def stop_after_current_mail(**_: object) -> None:
    """Let a worker that is shut down finish its current mail and start no other."""
    request_stop()
