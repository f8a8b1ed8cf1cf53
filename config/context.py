"""Template context of every page."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name and address, whether this is the demo, and the key for htmx."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "DEMO": settings.DEMO,
        "HTMX_KEY": SimpleLazyObject(lambda: htmx_key(request)),
    }


def htmx_key(request: HttpRequest) -> str:
    """Return the value that elements need for htmx to process them; one per session.

    Templates write it as ``data-live``; base.html tells htmx to ignore all other elements. Stored text cannot
    contain it, so injected markup stays inert.
    """
    session = getattr(request, "session", None)
    if session is None or not session.session_key:
        return f"k{secrets.token_hex(16)}"
    return f"k{salted_hmac('config.htmx', session.session_key).hexdigest()[:32]}"
