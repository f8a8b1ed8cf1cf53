"""``/healthz``: the process is alive. ``/readyz``: it can do its work, else 503 with the reason."""

import time
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.next_door import has_metrics_token, is_on_private_network

BROKER_SECONDS = 0.5
MAIL_MAY_WAIT = timedelta(minutes=5)
CLOCK_MAY_WAIT = timedelta(hours=1)  # after midnight, for the previous day's steps
GRACE_SECONDS = 60.0
STARTED = time.monotonic()
AWAY = (DatabaseError, InterfaceError)
UNKNOWN = "not known while the database does not answer"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Return status 200 while the process runs."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Report database, broker, mail and mail senders: ``ok`` or the reason why not.

    Reasons tell an attacker what is weak, so only machines on a private network and callers with
    METRICS_TOKEN get them; others get the status alone.
    """
    found = {"database": database_trouble(), "broker": broker_trouble()}
    checked = (
        {} if found["database"] else {name: _run_check(check) for name, check in IN_THE_DATABASE.items()}
    )
    reasons = found | (checked or dict.fromkeys(IN_THE_DATABASE, UNKNOWN))
    ready = all(reason is None for reason in reasons.values())
    body = {"status": "ok" if ready else "not ready"} | {
        name: reason or "ok" for name, reason in reasons.items()
    }
    report = (
        {**body, "failed_mail": failed_mail(reasons)} if _may_read(request) else {"status": body["status"]}
    )
    return JsonResponse(report, status=200 if ready else 503)


def _may_read(request: HttpRequest) -> bool:
    return has_metrics_token(request) or is_on_private_network(request)


def _run_check(check: Callable[[], str | None]) -> str | None:
    """Return what a check of the database reports; the database may go away at any moment."""
    try:
        return check()
    except AWAY:
        return UNKNOWN


def database_trouble() -> str | None:
    """Return why the database cannot be used; None if it can."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except AWAY:
        return "the database does not answer"
    return None


def broker_trouble() -> str | None:
    """Return why the broker cannot be used; None if it can."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
        retry=None,
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return "the broker does not answer; mail is sent by the schedule only"
    finally:
        client.close()
    return None


def mail_trouble() -> str | None:
    """Return how long the oldest due mail has waited, if too long. Held mail is not due yet."""
    now = timezone.now()
    oldest = import_string("messaging.metrics.oldest_unsent")(now)
    if oldest is None or now - oldest < MAIL_MAY_WAIT:
        return None
    return f"the oldest unsent mail has waited {int((now - oldest).total_seconds() // 60)} minutes"


def senders_trouble() -> str | None:
    """Return which mail senders are missing; they get a grace period after this process starts."""
    silent: list[str] = import_string("messaging.heartbeats.missing_parts")()
    if not silent or _just_started():
        return None
    return f"{' and '.join(silent)} cannot be seen any more"


def clock_trouble() -> str | None:
    """Return since when due steps are unprocessed, if no process runs the schedule at all.

    A single failing item is no stopped schedule: the log reports it.
    """
    oldest = import_string("messaging.metrics.oldest_due")()
    left = oldest is not None and oldest < timezone.localdate(timezone.now() - CLOCK_MAY_WAIT)
    if not left or _just_started() or not import_string("messaging.heartbeats.is_schedule_stalled")():
        return None
    return f"reminders and other steps wait since {oldest:%Y-%m-%d}; nobody runs the clock"


def mail_server_trouble() -> str | None:
    """Return the mail server's fault that a sender recorded last."""
    trouble: str | None = import_string("messaging.heartbeats.noted_mail_server_trouble")()
    return trouble


def _just_started() -> bool:
    return time.monotonic() - STARTED < GRACE_SECONDS


def failed_mail(reasons: dict[str, str | None]) -> int | None:
    """Return how much mail failed for good; final, so it does not make the status “not ready”."""
    if UNKNOWN in reasons.values():
        return None
    try:
        number: int = import_string("messaging.metrics.failed_mail")()
    except AWAY:
        return None
    return number


IN_THE_DATABASE: dict[str, Callable[[], str | None]] = {
    "mail": mail_trouble,
    "senders": senders_trouble,
    "clock": clock_trouble,
    "mail_server": mail_server_trouble,
}
