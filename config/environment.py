"""Read environment variables; raise ImproperlyConfigured, naming the variable, for invalid ones.

Only ``config.settings.base`` passes the real environment.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import available_timezones

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
BROKER_SCHEMES = ("redis", "rediss", "unix", "redis+socket")
MAIL_SCHEMES = tuple(environ.Env.EMAIL_SCHEMES)


class Environment:
    """The variables of the process, validated as they are read. Methods raise ImproperlyConfigured."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.relaxed = self.flag("DEMO") or self.flag("DEBUG")

    def text(self, name: str, *, relaxed: str | None = None, default: str | None = None) -> str:
        """Return the value; else ``default``; else, with DEMO=1 or DEBUG=1, ``relaxed``; else raise."""
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is not None:
            return default
        if self.relaxed and relaxed is not None:
            return relaxed
        raise ImproperlyConfigured(
            f"{name} is not set: give it a value in the environment (docs/configuration.md says which)."
        )

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean: 1/true/yes/on or 0/false/no/off."""
        value = self.variables.get(name)
        if value is None:
            return default
        if value.strip().lower() in YES:
            return True
        if value.strip().lower() in NO:
            return False
        raise ImproperlyConfigured(f"{name} is “{value}”, but must be 1 or 0.")

    def number(self, name: str, *, default: int) -> int:
        """Return a whole number, zero or more."""
        value = self.text(name, default=str(default))
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name} is “{value}”, but must be a whole number.")
        return int(value)

    def words(self, name: str, *, relaxed: str | None = None, default: str | None = None) -> list[str]:
        """Return comma-separated values."""
        value = self.text(name, relaxed=relaxed, default=default)
        return [word.strip() for word in value.split(",") if word.strip()]

    def hosts(self, name: str, *, relaxed: str) -> list[str]:
        """Return host names; “*” is refused."""
        hosts = self.words(name, relaxed=relaxed)
        if "*" in hosts:
            raise ImproperlyConfigured(f"{name} is “*”, but must name the hosts this site answers to.")
        return hosts

    def secret(self, name: str, *, relaxed: str) -> str:
        """Return a secret of at least 32 characters (any length with DEMO=1 or DEBUG=1)."""
        value = self.text(name, relaxed=relaxed)
        if len(value) < 32 and not self.relaxed:
            raise ImproperlyConfigured(
                f"{name} has {len(value)} characters, but needs at least 32 random ones."
            )
        return value

    def key(self, name: str) -> str:
        """Return an access key: empty, or at least 20 characters (any with DEMO=1 or DEBUG=1)."""
        value = self.text(name, default="")
        if 0 < len(value) < 20 and not self.relaxed:
            raise ImproperlyConfigured(
                f"{name} has {len(value)} characters, but needs at least 20 random ones, or none at all."
            )
        return value

    def sealing_keys(self, name: str, *, relaxed: str) -> list[str]:
        """Return encryption keys, newest first; empty if none is set."""
        keys = self.words(name, default=relaxed if self.relaxed else "")
        for number, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                raise ImproperlyConfigured(
                    f"{name}: key {number} of {len(keys)} is none. Each is 32 random bytes in URL-safe "
                    "base64, as “python -c 'from cryptography.fernet import Fernet; "
                    "print(Fernet.generate_key().decode())'” makes one; several are separated by commas."
                ) from None
        return keys

    def periods(self, name: str) -> dict[str, int]:
        """Return days by name: “mail_words=14,audit=3650”; at least one day each."""
        found = {}
        for word in self.words(name, default=""):
            kind, _, days = word.partition("=")
            if not days.strip().isdecimal() or int(days) < 1:
                raise ImproperlyConfigured(
                    f"{name} holds “{word}”, but each must look like mail_words=14: a name and days."
                )
            found[kind.strip()] = int(days)
        return found

    def address(self, name: str, *, relaxed: str | None = None) -> str:
        """Return a web address without a slash at its end."""
        value = self.text(name, relaxed=relaxed)
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured(f"{name} is “{value}”, but must start with http:// or https://.")
        return value.rstrip("/")

    def issuer(self, name: str) -> str:
        """Return the https address of single sign-on (http with DEMO=1 or DEBUG=1); empty for none."""
        if not self.text(name, default=""):
            return ""
        value = self.address(name).removesuffix("/.well-known/openid-configuration")
        if not self.relaxed and not value.startswith("https://"):
            raise ImproperlyConfigured(f"{name} is “{value}”, but must start with https://.")
        return value

    def contact(self, name: str) -> str:
        """Return an email address or a web page; empty for neither."""
        value = self.text(name, default="")
        if not value or value.startswith(("http://", "https://")):
            return self.address(name) if value else ""
        try:
            validate_email(value)
        except ValidationError:
            raise ImproperlyConfigured(
                f"{name} is “{value}”, but must be an email address, or a page that starts with https://."
            ) from None
        return value

    def origins(self, name: str, *, default: str) -> list[str]:
        """Return comma-separated web addresses."""
        origins = self.words(name, default=default)
        for origin in origins:
            if urlsplit(origin).scheme not in {"http", "https"}:
                raise ImproperlyConfigured(
                    f"{name} holds “{origin}”, but each must start with http:// or https://."
                )
        return origins

    def one_of(self, name: str, choices: tuple[str, ...], *, default: str) -> str:
        """Return one of ``choices``, in any case."""
        value = self.text(name, default=default).upper()
        if value not in choices:
            raise ImproperlyConfigured(f"{name} is “{value}”, but must be one of {', '.join(choices)}.")
        return value

    def time_zone(self, name: str, *, default: str) -> str:
        """Return the name of a time zone."""
        value = self.text(name, default=default)
        if value not in available_timezones():
            raise ImproperlyConfigured(f"{name} is “{value}”, but must be a time zone such as Europe/London.")
        return value

    def database(self, name: str) -> dict[str, Any]:
        """Return Django's PostgreSQL settings: TCP, or a socket (``postgres://user@/name?host=/folder``)."""
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:5432/name.")
        settings: dict[str, Any] = environ.Env.db_url_config(value)
        options = settings.setdefault("OPTIONS", {})
        settings["HOST"] = options.pop("host", "") or settings["HOST"]
        return settings

    def broker(self, name: str) -> tuple[str, str]:
        """Return the broker's address twice: for redis-py and for Celery."""
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme not in BROKER_SCHEMES:
            raise ImproperlyConfigured(
                f"{name} must look like redis://host:6379/0 or unix:///folder/socket?db=0."
            )
        if parts.scheme in {"redis", "rediss"}:
            return value, value
        query = dict(parse_qsl(parts.query))
        number = query.get("db") or query.get("virtual_host") or "0"
        return f"unix://{parts.path}?db={number}", f"redis+socket://{parts.path}?virtual_host={number}"

    def mail(self, name: str, *, relaxed: str) -> dict[str, Any]:
        """Return Django's mail settings from one address."""
        value = self.text(name, relaxed=relaxed)
        if urlsplit(value).scheme not in MAIL_SCHEMES:
            raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:password@host:587.")
        settings: dict[str, Any] = environ.Env.email_url_config(value)
        return settings
