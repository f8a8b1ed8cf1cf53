"""Middleware for every response: security headers, the site's own address, access from this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_permissions_policy import PermissionsPolicyMiddleware

from config.demo import is_this_machine

KEEP_NOWHERE = "private, no-store"
PLAIN = "text/plain; charset=utf-8"


class ResponseHeadersMiddleware:
    """Outermost middleware: adds missing headers to every response, errors and files included.

    The middleware that sets them for pages never sees responses made further out, such as the redirect to
    https or the 400 for an unknown host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            POLICY: build_policy(),
            "Permissions-Policy": PermissionsPolicyMiddleware(get_response).permissions_policy,
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add missing headers. Browsers may store only files with a hash in their name."""
        named = partial(own_address, request)
        request.build_absolute_uri = named  # type: ignore[method-assign]  # libraries ask the request
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.setdefault("Strict-Transport-Security", _only_https())
        response.setdefault("Cache-Control", KEEP_NOWHERE)
        if "Location" in response:
            response["Location"] = _without_sent_host(request, response["Location"])
        return response


def own_address(request: HttpRequest, location: str | None = None) -> str:
    """Return a full address of this site from SITE_URL: the Host header must not get into mails."""
    here = f"{settings.SITE_URL}{request.get_full_path()}"
    return here if location is None else urljoin(here, str(location))


def _without_sent_host(request: HttpRequest, location: str) -> str:
    """Make a redirect to the requested host relative, so that the response does not repeat the host."""
    sent = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
    return location.removeprefix(sent) if location.startswith(f"{sent}/") else location


def _only_https() -> str:
    more = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    more += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{more}"


class ThisMachineMiddleware:
    """With DEMO=1 or DEBUG=1, refuse connections from other machines, whatever the server listens on.

    In a container no connection comes from this machine: there the published port must be local.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let connections from this machine or over a Unix socket pass."""
        peer = str(request.META.get("REMOTE_ADDR") or "")
        if settings.DEMO_IN_CONTAINER or not peer or is_this_machine(peer):
            return self.get_response(request)
        words = "This is a demonstration with public passwords: it answers its own machine only.\n"
        return HttpResponse(words, PLAIN, status=403)
