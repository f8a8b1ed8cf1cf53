"""``/healthz``: this process lives. ``/readyz``: it can do its work, or 503 with the reason."""

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
CLOCK_MAY_WAIT = timedelta(hours=1)  # after midnight, for the steps of the day before
GRACE_SECONDS = 60.0
STARTED = time.monotonic()
AWAY = (DatabaseError, InterfaceError)
UNKNOWN = "not known while the database does not answer"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answers as long as the process does."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker, mail and who sends it, each ``ok`` or the reason why not; the rest only the status.

    Reasons tell an attacker what is weak right now: they are for the machines next door and METRICS_TOKEN.
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
    told = {**body, "failed_mail": failed_mail(reasons)} if _may_read(request) else {"status": body["status"]}
    return JsonResponse(told, status=200 if ready else 503)


def _may_read(request: HttpRequest) -> bool:
    return has_metrics_token(request) or is_on_private_network(request)


def _run_check(check: Callable[[], str | None]) -> str | None:
    """What a check says that asks the database; it may go away at any moment."""
    try:
        return check()
    except AWAY:
        return UNKNOWN


def database_trouble() -> str | None:
    """Why the database cannot be used, if so."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except AWAY:
        return "the database does not answer"
    return None


def broker_trouble() -> str | None:
    """Why the broker cannot be used, if so."""
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
    """How long the oldest mail has waited, if too long. Mail held for later is not waiting yet."""
    now = timezone.now()
    oldest = import_string("messaging.metrics.oldest_unsent")(now)
    if oldest is None or now - oldest < MAIL_MAY_WAIT:
        return None
    return f"the oldest unsent mail has waited {int((now - oldest).total_seconds() // 60)} minutes"


def senders_trouble() -> str | None:
    """Who is missed; whoever starts together with this process has time."""
    silent: list[str] = import_string("messaging.heartbeats.missing_parts")()
    if not silent or _just_started():
        return None
    return f"{' and '.join(silent)} cannot be seen any more"


def clock_trouble() -> str | None:
    """Since when what is due has been left lying, if nobody looks after it at all.

    One item that cannot be dealt with is not a clock that stands: the log tells of it.
    """
    oldest = import_string("messaging.metrics.oldest_due")()
    left = oldest is not None and oldest < timezone.localdate(timezone.now() - CLOCK_MAY_WAIT)
    if not left or _just_started() or not import_string("messaging.heartbeats.is_schedule_stalled")():
        return None
    return f"reminders and other steps wait since {oldest:%Y-%m-%d}; nobody runs the clock"


def mail_server_trouble() -> str | None:
    """What whoever sends mail found wrong with the mail server."""
    trouble: str | None = import_string("messaging.heartbeats.noted_mail_server_trouble")()
    return trouble


def _just_started() -> bool:
    return time.monotonic() - STARTED < GRACE_SECONDS


def failed_mail(reasons: dict[str, str | None]) -> int | None:
    """How much mail has failed for good: an end, not trouble, so it is told and turns nothing red."""
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
