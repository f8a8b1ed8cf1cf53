"""Whose account a single sign-on opens: the staff number first, else an address known to be theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.enums import NoEntry
from accounts.models import Person


class NoEntryError(Exception):
    """Single sign-on opens no account here, and why."""

    def __init__(self, reason: NoEntry) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the organisation's sign-in says about somebody, as far as it matters here."""

    email: str = ""
    email_is_verified: bool = False
    staff_number: str = ""
    methods: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Claims:
        """Read the claims of an id_token or of userinfo."""
        email = str(said.get("email") or "").strip().lower()
        number = said.get(settings.OIDC_STAFF_NUMBER_CLAIM) if settings.OIDC_STAFF_NUMBER_CLAIM else None
        methods = said.get("amr")
        return cls(
            email=email,
            email_is_verified=_domain(email) in settings.ALLOWED_EMAIL_DOMAINS
            or said.get("email_verified") in (True, "true"),
            staff_number=str(number).strip() if isinstance(number, str | int) else "",
            methods=tuple(map(str, methods)) if isinstance(methods, list) else (),
        )

    @classmethod
    def asserted(cls, *, email: str, staff_number: str, methods: Iterable[str]) -> Claims:
        """What a sign-in says that verifies no addresses itself: those of our own domains count."""
        known = _domain(email) in settings.ALLOWED_EMAIL_DOMAINS
        return cls(email=email, email_is_verified=known, staff_number=staff_number, methods=tuple(methods))


def person_for(claims: Claims, linked: Person | None) -> Person:
    """The one whose account opens; ``linked`` came in by the same sign-on before. Raises NoEntryError.

    A link alone opens nothing that the claims of today give to somebody else, and nothing opens where number
    and address are those of two people who work here: one of them is wrong.
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
