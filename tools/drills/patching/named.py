"""The patches by name. Each says what protection it switches off, or where it kills.

They replace functions of the product by name; a patch whose name has gone ends the process with a message.
"""

from __future__ import annotations

import datetime as dt
import signal
import smtplib
import time
import uuid
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.core.mail import get_connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts import workflow
from config import health
from messaging import claims, delivery, heartbeats, outbox, tasks
from messaging.models import Message
from schedule.management.commands import sweep
from shadowing.models.request import RequestQuerySet
from tools.drills.patching.points import kill_at_points
from tools.drills.patching.taken_back import take_back


def _replace(owner: Any, **replacements: Any) -> None:
    """Replace attributes of ``owner``. Raises SystemExit when it has none of that name."""
    for name, replacement in replacements.items():
        if not hasattr(owner, name):
            raise SystemExit(f"A drill's patch no longer fits: {owner.__name__} has no {name}.")
        setattr(owner, name, replacement)


def celery_only() -> None:
    """Send mail straight through the broker after the commit; nothing looks for mail that is lost there."""
    _replace(outbox, nudge=_publish)
    _replace(tasks, deliver=_send_unclaimed)
    _replace(delivery, deliver_owed=_deliver_nothing)


def _deliver_nothing(*_: object, **__: object) -> int:
    return 0


def _publish(pk: uuid.UUID) -> None:
    try:
        current_app.send_task("accounts.tasks.deliver_message", args=[str(pk)])
    except Exception as error:  # noqa: BLE001  # as many sites do: forget the mail, show the page
        print(f"not published: {error}", flush=True)


def _send_unclaimed(pk: uuid.UUID | str) -> bool:
    message = Message.objects.get(pk=pk)
    if message.status == "sent":
        return False
    delivery.compose(message, get_connection()).send()
    now = timezone.now()
    Message.objects.filter(pk=pk).update(status="sent", sent_at=now, claim=None, leased_until=None)
    return True


def no_breaker() -> None:
    """Try the broker in every request, with the retries and timeouts of the libraries."""
    _replace(outbox, nudge=_publish)


def no_locks() -> None:
    """Lock no row: a process that reads a due row takes it."""
    _replace(QuerySet, select_for_update=lambda self, *_, **__: self.all())


def slow_approvers() -> None:
    """Pause between reading a record and checking whether it may still be changed."""
    may = workflow._may  # noqa: SLF001  # the point between both is inside this function

    def pause_then_check(*given: Any) -> bool:
        time.sleep(0.1)
        return may(*given)

    _replace(workflow, _may=pause_then_check)


def short_lease() -> None:
    """Make leases shorter than a slow mail server's answer."""
    _replace(claims, LEASE=dt.timedelta(seconds=4), MIN_LEASE_LEFT=dt.timedelta(0))


def poison_stops() -> None:
    """Let the first mail that cannot be sent end the round."""

    def pass_on(message: Message, error: Exception) -> None:
        raise error

    _replace(delivery, note_failure=pass_on)


def term_kills() -> None:
    """Let SIGTERM end a process at once."""
    install = signal.signal
    _replace(signal, signal=lambda number, act: None if number == signal.SIGTERM else install(number, act))


def quick_sweep() -> None:
    """Switch off no protection: the sweeper looks every second instead of every fifteen, for short runs."""
    _replace(sweep, MAIL_EVERY=1.0)


def quick_heartbeats() -> None:
    """Switch off no protection: heartbeats come more often, so that their absence is noticed sooner."""
    _replace(heartbeats, EVERY=1.0, SILENT_AFTER=4.0, CONNECT_SECONDS=2.0)
    _replace(health, GRACE_SECONDS=1.0)


def always_ready() -> None:
    """Make /readyz report that all is well without checking."""
    _replace(health, IN_THE_DATABASE={}, database_trouble=lambda: None, broker_trouble=lambda: None)
    _replace(health, failed_mail=lambda reasons: None)


def open_requests() -> None:
    """Remove a policy: everybody who knows the address of a request may read it."""
    _replace(
        RequestQuerySet,
        visible_to=lambda self, person: self.all(),
        visible_record=lambda self, pk, person: self.filter(pk=pk),
    )


PATCHES: dict[str, Callable[[], None]] = {
    "always_ready": always_ready,
    "celery_only": celery_only,
    "default_timeouts": lambda: None,  # done in tools.drills.settings
    "quick_redelivery": lambda: None,  # likewise
    "kill_points": lambda: kill_at_points(smtplib.SMTP),
    "no_breaker": no_breaker,
    "no_locks": no_locks,
    "open_requests": open_requests,
    "poison_stops": poison_stops,
    "quick_heartbeats": quick_heartbeats,
    "quick_sweep": quick_sweep,
    "short_lease": short_lease,
    "taken_back": take_back,
    "term_kills": term_kills,
    "slow_approvers": slow_approvers,
}
