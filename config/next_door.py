"""Access for monitoring: from this machine or a private network, or with METRICS_TOKEN."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

# Not ``ip_address().is_private``, which includes ranges reserved for examples and tests.
PRIVATE = tuple(
    ip_network(net)
    for net in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
# Headers by which a proxy forwards a request.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def has_metrics_token(request: HttpRequest) -> bool:
    """Return whether the request carries METRICS_TOKEN; False if none is set."""
    given = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, expected)


def is_on_private_network(request: HttpRequest) -> bool:
    """Return whether the client is certainly on this machine or a private network."""
    asking = _client_addresses(request)
    return asking is not None and all(is_private(address) for address in asking)


def is_private(address: str) -> bool:
    """Return whether an address belongs to this machine or a private network."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return any((mapped or found) in network for network in PRIVATE)


def _client_addresses(request: HttpRequest) -> list[str] | None:
    """Return the addresses that must be private: the peer's, and the client's behind proxies.

    TRUSTED_PROXIES says how many proxies add to X-Forwarded-For. None if the client is unknown: a proxy
    forwarded the request although none is trusted, or fewer addresses are given than trusted proxies.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")  # none: a socket in the file system
    if not any(name in request.headers for name in FORWARDED):
        return [peer]
    noted = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not proxies or len(noted) < proxies:
        return None
    return [peer, noted[-proxies]]
