"""Background work of the outbox: fetch by key, call delivery."""

from celery import shared_task

from accounts.delivery import deliver, deliver_owed
from accounts.outbox import blank_old


@shared_task(ignore_result=True)
def deliver_message(pk: str) -> None:
    """Send one message, if it is still owed."""
    deliver(pk)


@shared_task(ignore_result=True)
def sweep_messages() -> int:
    """Send whatever is owed and was not sent: the sure way beside the quick one."""
    blank_old()
    return deliver_owed()
