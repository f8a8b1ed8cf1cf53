"""The patches by name. Each says what protection it takes away, or where it kills.

They reach into the product by the names its modules have today; one that no longer fits fails loudly.
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


def _put(owner: Any, **replacements: Any) -> None:
    """Replace what ``owner`` has under these names."""
    for name, replacement in replacements.items():
        if not hasattr(owner, name):
            raise SystemExit(f"A drill's patch no longer fits: {owner.__name__} has no {name}.")
        setattr(owner, name, replacement)


def celery_only() -> None:
    """Mail goes straight through the broker after the commit; what is lost there is looked for by nobody."""
    _put(outbox, nudge=_publish)
    _put(tasks, deliver=_send_unclaimed)
    _put(delivery, deliver_owed=_look_for_nothing)


def _look_for_nothing(*_: object, **__: object) -> int:
    return 0


def _publish(pk: uuid.UUID) -> None:
    try:
        current_app.send_task("accounts.tasks.deliver_message", args=[str(pk)])
    except Exception as error:  # noqa: BLE001  # a site as they often are: the mail is forgotten, the page is shown
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
    """Every request tries the broker anew, with the retries and timeouts that come with the libraries."""
    _put(outbox, nudge=_publish)


def no_locks() -> None:
    """No row is ever locked: who reads a row that is due takes it."""
    _put(QuerySet, select_for_update=lambda self, *_, **__: self.all())


def thoughtful_deciders() -> None:
    """Between reading a record and looking whether it may still be changed, a moment passes."""
    may = workflow._may  # noqa: SLF001  # the point between both lies inside

    def think(*given: Any) -> bool:
        time.sleep(0.1)
        return may(*given)

    _put(workflow, _may=think)


def short_lease() -> None:
    """A lease is shorter than a slow mail server's answer."""
    _put(claims, LEASE=dt.timedelta(seconds=4), ENOUGH=dt.timedelta(0))


def poison_stops() -> None:
    """The first mail that cannot be sent ends the round."""

    def pass_on(message: Message, error: Exception) -> None:
        raise error

    _put(delivery, note_failure=pass_on)


def term_kills() -> None:
    """SIGTERM ends a process where it stands."""
    install = signal.signal
    _put(signal, signal=lambda number, act: None if number == signal.SIGTERM else install(number, act))


def quick_sweep() -> None:
    """No protection: the sweeper looks every second, not every fifteen, so that short runs are short."""
    _put(sweep, MAIL_EVERY=1.0)


def quick_pulse() -> None:
    """No protection: who sends mail shows signs of life more often, so that they are missed sooner."""
    _put(heartbeats, EVERY=1.0, SILENT_AFTER=4.0, PATIENCE=2.0)
    _put(health, GRACE_SECONDS=1.0)


def always_ready() -> None:
    """/readyz says that all is well without asking."""
    _put(health, IN_THE_DATABASE={}, database_trouble=lambda: None, broker_trouble=lambda: None)
    _put(health, failed_mail=lambda reasons: None)


def open_requests() -> None:
    """A policy is gone: whoever knows the address of a request may read it."""
    _put(RequestQuerySet, visible_to=lambda self, person: self.all())


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
    "quick_pulse": quick_pulse,
    "quick_sweep": quick_sweep,
    "short_lease": short_lease,
    "taken_back": take_back,
    "term_kills": term_kills,
    "thoughtful_deciders": thoughtful_deciders,
}
