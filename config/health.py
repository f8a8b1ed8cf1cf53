"""``/healthz``: this process lives. ``/readyz``: it can do its work, or 503 with the reason."""

from collections.abc import Callable
from datetime import timedelta

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Min, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 0.5
MAIL_MAY_WAIT = timedelta(minutes=5)


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
    """Database, broker and mail, each ``ok`` or the reason why not."""
    found = {name: check() for name, check in CHECKS.items()}
    ready = all(reason is None for reason in found.values())
    body = {"status": "ok" if ready else "not ready"} | {
        name: reason or "ok" for name, reason in found.items()
    }
    return JsonResponse(body, status=200 if ready else 503)


def database_trouble() -> str | None:
    """Why the database cannot be used, if so."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
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
    """How long the oldest mail has waited, if too long. Mail meant for later is not waiting yet."""
    messages = apps.get_model("accounts", "Message")._default_manager
    now = timezone.now()
    due = Q(not_before__lte=now - MAIL_MAY_WAIT) | Q(attempts__gt=0)
    late = messages.filter(due, status__in=("queued", "sending"), dated__lte=now - MAIL_MAY_WAIT)
    try:
        oldest = late.aggregate(oldest=Min("dated"))["oldest"]
    except DatabaseError:
        return "the mail waiting to be sent cannot be counted"
    if oldest is None:
        return None
    return f"the oldest unsent mail has waited {int((now - oldest).total_seconds() // 60)} minutes"


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": database_trouble,
    "broker": broker_trouble,
    "mail": mail_trouble,
}
