"""Everything that DEMO=1 and DEBUG=1 relax, and checks that such a site serves this machine only.

The values below are published with the code: nobody else may reach a site that uses them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from enum import Enum
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SEALING_KEY = b64encode(b"for demo and debug alone, no key").decode()
# Values of variables that are not set.
DEFAULTS = {
    "SECRET_KEY": "not-secret-used-only-with-demo-or-debug",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "SITE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:1025",
    "DEFAULT_FROM_EMAIL": "shadowing@example.ac.uk",
    "REQUIRE_SECOND_FACTOR": "none",
    "ENCRYPTION_KEYS": SEALING_KEY,
}


class Relaxed(Enum):
    """What a switch allows and production refuses; docs/configuration.md lists these sentences."""

    DEFAULTS = "Variables that are not set take values that are published in the code: " + ", ".join(DEFAULTS)
    SHORT_SECRETS = "`SECRET_KEY` and `METRICS_TOKEN` may be short"
    PLAIN_HTTP = (
        "The site and `OIDC_ISSUER` may use plain http: no HSTS, no redirect to https, no `__Host-` cookies"
    )
    PASSKEYS = "Passkeys work on http://localhost"
    LOGS = "Logs are written for people to read, not as JSON"
    # With DEMO=1 alone.
    PEOPLE = "The demo people may be loaded; the sign-in page names them and their password is public"
    MAILBOX = "`/mailbox/` shows every mail to anyone who opens it, reset links and sign-in codes included"
    WAITS = "Mails that may become one message wait half a minute instead of an hour"
    # With DEBUG=1 alone.
    ERRORS = "Error pages show code and settings"
    FILES = "Static files are served from the source folders, not compressed"


def require_this_machine(switch: str, *, site_url: str, hosts: Iterable[str], origins: Iterable[str]) -> None:
    """Refuse to start with a switch on and an address that is not local to this machine.

    Raises ImproperlyConfigured with a sentence that names the setting.
    """
    given = [("SITE_URL", site_url, urlsplit(site_url).hostname or "")]
    given += [("ALLOWED_HOSTS", host, host) for host in hosts]
    given += [("CSRF_TRUSTED_ORIGINS", origin, urlsplit(origin).hostname or "") for origin in origins]
    for name, value, host in given:
        if not is_this_machine(host):
            raise ImproperlyConfigured(
                f"{name} names “{value}”, but {switch}=1 works only at addresses of this machine such as "
                f"127.0.0.1, because its keys and passwords are public: change {name} or set {switch}=0."
            )


def require_local_bind(switch: str, host: str) -> None:
    """Refuse to listen where other machines can connect. Raises ImproperlyConfigured."""
    if host and not is_this_machine(host):
        raise ImproperlyConfigured(
            f"The server's bind address is “{host}”, but {switch}=1 may listen on 127.0.0.1 only, because "
            f"its keys and passwords are public: change the bind address or set {switch}=0 (docker compose "
            "sets DEMO_IN_CONTAINER=1, because there the port is published on 127.0.0.1)."
        )


def is_this_machine(host: str) -> bool:
    """Return whether a host name or address always means the machine it is used on."""
    name = host.strip().strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
