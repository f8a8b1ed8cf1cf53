"""Known browsers: count sign-in attempts apart in browsers with which the person signed in before.

Wrong passwords and mailed codes are limited per account. Anybody could use up somebody else's limit, so a
browser that once signed in to the account has its own count: it carries a signed cookie with the people it
knows, which by itself grants nothing.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from accounts.models import Person

SALT = "accounts.known-browser"
DAYS = 365
MOST = 5  # people per browser; on a shared computer the last ones
APP = "accounts"


def cookie_name() -> str:
    """Return the cookie's name, bound to this host where the site uses https."""
    return "__Host-known-browser" if settings.SESSION_COOKIE_SECURE else "known-browser"


def people_of(request: HttpRequest) -> list[int]:
    """Return who signed in with this browser, latest first; empty for a missing or forged cookie."""
    try:
        found = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


@receiver(user_logged_in)
def _note(request: HttpRequest | None, user: Person, **given: Any) -> None:
    """Remember the person on the request until the response can carry the cookie."""
    if request is not None:
        vars(request)["newly_known"] = user.pk


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie of the browser in which somebody has just signed in."""
    newly = vars(request).get("newly_known")
    if newly is None:
        return
    people = [newly, *(pk for pk in people_of(request) if pk != newly)][:MOST]
    response.set_cookie(
        cookie_name(),
        signing.dumps(people, salt=SALT),
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def attempt_key(request: HttpRequest, email: str) -> str:
    """Return the key of the count: the person's own for their browsers, a common one for all others."""
    user = getattr(request, "user", None)
    address = email.strip().lower()
    if isinstance(user, Person) and user.email.lower() == address:
        return f"own:{user.pk}"
    known = people_of(request)
    own = (
        Person.objects.filter(pk__in=known, email=address).values_list("pk", flat=True).first()
        if known
        else None
    )
    return f"stranger:{address}" if own is None else f"own:{own}"


def count_attempt(request: HttpRequest, kind: str, email: str) -> ratelimit.RateLimitUsage | None:
    """Count an attempt of a ``kind`` in SIGN_IN_LIMITS; None if there were too many."""
    config = {kind: settings.SIGN_IN_LIMITS[kind]}
    return ratelimit.consume(request, app=APP, action=kind, config=config, key=attempt_key(request, email))


def reset_attempts(request: HttpRequest, kind: str, email: str) -> None:
    """Reset the count."""
    config = {kind: settings.SIGN_IN_LIMITS[kind]}
    ratelimit.clear(request, app=APP, action=kind, config=config, key=attempt_key(request, email))
