"""Match a single sign-on to a person: by staff number, else by a verified email address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.enums import NoEntry
from accounts.models import Person


class NoEntryError(Exception):
    """Single sign-on opens no account, for ``reason``."""

    def __init__(self, reason: NoEntry) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What single sign-on says about the person, as far as it is used here."""

    email: str = ""
    email_is_verified: bool = False
    staff_number: str = ""
    methods: tuple[str, ...] = ()

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Claims:
        """Read the claims of an id_token or of userinfo."""
        email = str(claims.get("email") or "").strip().lower()
        number = claims.get(settings.OIDC_STAFF_NUMBER_CLAIM) if settings.OIDC_STAFF_NUMBER_CLAIM else None
        methods = claims.get("amr")
        return cls(
            email=email,
            email_is_verified=_domain(email) in settings.ALLOWED_EMAIL_DOMAINS
            or claims.get("email_verified") in (True, "true"),
            staff_number=str(number).strip() if isinstance(number, str | int) else "",
            methods=tuple(map(str, methods)) if isinstance(methods, list) else (),
        )

    @classmethod
    def asserted(cls, *, email: str, staff_number: str, methods: Iterable[str]) -> Claims:
        """Build claims for SAML, which verifies no addresses: those of ALLOWED_EMAIL_DOMAINS count."""
        known = _domain(email) in settings.ALLOWED_EMAIL_DOMAINS
        return cls(email=email, email_is_verified=known, staff_number=staff_number, methods=tuple(methods))


def person_for(claims: Claims, linked: Person | None) -> Person:
    """Return the person to sign in; ``linked`` used the same sign-on before. Raises NoEntryError.

    A link is refused when today's claims name somebody else. Nobody is signed in when number and address
    belong to two people who work here, because one of them is wrong.
    """
    domains = settings.ALLOWED_EMAIL_DOMAINS
    if domains and claims.email and _domain(claims.email) not in domains:
        raise NoEntryError(NoEntry.OUTSIDE)
    by_number, by_email = _by_number(claims), _by_email(claims)
    if by_number and by_email and by_email.is_active and by_number != by_email:
        raise NoEntryError(NoEntry.ANOTHER)
    named = by_number or by_email
    if named is not None and linked is not None and named != linked:
        raise NoEntryError(NoEntry.ANOTHER)
    person = named or linked
    if person is None:
        raise NoEntryError(_why_unknown(claims))
    if claims.staff_number and person.staff_number and person.staff_number != claims.staff_number:
        raise NoEntryError(NoEntry.ANOTHER)
    if not person.is_active or person.erased_at is not None:
        raise NoEntryError(NoEntry.LEFT)
    return person


def _by_number(claims: Claims) -> Person | None:
    if not claims.staff_number:
        return None
    found: Person | None = Person.objects.filter(staff_number=claims.staff_number).first()
    return found


def _by_email(claims: Claims) -> Person | None:
    if not claims.email or not claims.email_is_verified:
        return None
    found: Person | None = Person.objects.filter(email=claims.email).first()
    return found


def _why_unknown(claims: Claims) -> NoEntry:
    if not claims.email:
        return NoEntry.NO_EMAIL
    return NoEntry.UNKNOWN if claims.email_is_verified else NoEntry.UNVERIFIED


def _domain(email: str) -> str:
    return email.rpartition("@")[2]
