"""Browsers in which somebody has signed in before: what strangers try does not take their own way in.

Wrong passwords and mails with a code are counted for each account. Anybody can use these up for somebody
else, so a browser that once signed in to the account has a count of its own: it carries a signed cookie that
names whom it knows, and opens nothing by itself.
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
MOST = 5  # people of one browser; at a shared computer the last of them are known
APP = "accounts"


def cookie_name() -> str:
    """Bound to this host where the site has https."""
    return "__Host-known-browser" if settings.SESSION_COOKIE_SECURE else "known-browser"


def people_of(request: HttpRequest) -> list[int]:
    """Who has signed in with this browser, the latest first; nobody where the cookie is not ours."""
    try:
        found = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


@receiver(user_logged_in)
def _note(request: HttpRequest | None, user: Person, **given: Any) -> None:
    """Kept at the request until there is an answer that can carry the cookie."""
    if request is not None:
        vars(request)["newly_known"] = user.pk


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser of whoever has just signed in be known from now on."""
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
    """Whose count an attempt for ``email`` goes to: their own browsers', or everybody else's."""
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
    """Count one attempt of a kind of SIGN_IN_LIMITS for an account; None where there were too many."""
    config = {kind: settings.SIGN_IN_LIMITS[kind]}
    return ratelimit.consume(request, app=APP, action=kind, config=config, key=attempt_key(request, email))


def reset_attempts(request: HttpRequest, kind: str, email: str) -> None:
    """Begin to count anew."""
    config = {kind: settings.SIGN_IN_LIMITS[kind]}
    ratelimit.clear(request, app=APP, action=kind, config=config, key=attempt_key(request, email))
