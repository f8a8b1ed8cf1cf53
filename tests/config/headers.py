"""Expected headers of every response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def missing_headers(response: Any, *, kept: bool = False) -> Iterator[str]:
    """What an answer lacks; ``kept`` for what browsers and proxies may keep."""
    for name, value in EXPECTED.items():
        if response.headers.get(name) != value:
            yield f"{name} is {response.headers.get(name)}"
    if response.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield f"Referrer-Policy is {response.headers.get('Referrer-Policy')}"
    policy = response.headers.get("Content-Security-Policy", "")
    if {part.strip() for part in policy.split(";")} != POLICY:
        yield f"the policy is “{policy}”"
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        yield "it has no Permissions-Policy"
    if ("no-store" in response.headers.get("Cache-Control", "")) is kept:
        yield f"Cache-Control is {response.headers.get('Cache-Control')}"
