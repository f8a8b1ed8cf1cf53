"""What every template may name."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name and address, whether this is the demo, and the key of what htmx may act on."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "DEMO": settings.DEMO,
        "HTMX_KEY": SimpleLazyObject(lambda: htmx_key(request)),
    }


def htmx_key(request: HttpRequest) -> str:
    """The mark of elements that htmx may act on: one for each session, so that no stored text can hold it.

    Our templates write it as ``data-live``; base.html tells htmx to pass over every element without it.
    """
    session = getattr(request, "session", None)
    if session is None or not session.session_key:
        return f"k{secrets.token_hex(16)}"
    return f"k{salted_hmac('config.htmx', session.session_key).hexdigest()[:32]}"
