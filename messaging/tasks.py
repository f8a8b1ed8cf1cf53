"""Background work of the outbox: fetch by key, call delivery."""

from celery import shared_task
from celery.signals import worker_shutting_down

from messaging.delivery import deliver, request_stop, sweep


@shared_task(name="accounts.tasks.deliver_message", ignore_result=True)
def deliver_message(pk: str) -> None:
    """Send one message, if it is still owed."""
    deliver(pk)


@shared_task(name="accounts.tasks.sweep_messages", ignore_result=True)
def sweep_messages() -> int:
    """Send whatever is owed and was not sent: the sure way beside the quick one."""
    return sweep()


@worker_shutting_down.connect
def stop_after_current_mail(**_: object) -> None:
    """A worker told to stop finishes the mail it is sending and starts no other."""
    request_stop()
