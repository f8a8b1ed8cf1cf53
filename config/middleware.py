"""What holds for every answer, whoever gives it: its headers, and the address the site calls its own."""

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
    """The outermost: nothing that is answered inside, errors and files included, leaves without its headers.

    The middleware that sets them for pages is never reached by an answer given further out, such as the
    redirect to https, or the 400 for an address that is not ours.
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
        """Add what is missing. Only files with a hash in their name may be kept by a browser."""
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
    """An address of this site in full, by SITE_URL. What the browser sent as Host names nothing in a mail."""
    here = f"{settings.SITE_URL}{request.get_full_path()}"
    return here if location is None else urljoin(here, str(location))


def _without_sent_host(request: HttpRequest, location: str) -> str:
    """A redirect to the host that the browser named goes on at the same host without naming it."""
    sent = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
    return location.removeprefix(sent) if location.startswith(f"{sent}/") else location


def _only_https() -> str:
    more = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    more += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{more}"


class ThisMachineMiddleware:
    """With DEMO=1 or DEBUG=1 other machines are refused, whatever server listens on whatever address.

    In a container nobody connects from this machine: there the published port has to be local.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on for a connection from here, or over a socket in the file system."""
        peer = str(request.META.get("REMOTE_ADDR") or "")
        if settings.DEMO_IN_CONTAINER or not peer or is_this_machine(peer):
            return self.get_response(request)
        words = "This is a demonstration with public passwords: it answers its own machine only.\n"
        return HttpResponse(words, PLAIN, status=403)
