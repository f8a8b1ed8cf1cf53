"""Mail preferences without signing in: the signed token in a mail's footer, and whose it is."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from accounts.models import Person


def token_of(person: Person) -> str:
    """Return the token of ``person``: always the same, and impossible to make without SECRET_KEY."""
    return _signer().sign(str(person.pk))


def person_of(token: str) -> Person | None:
    """Return the active person of a token; None for a forged token or a person who has left."""
    try:
        key = _signer().unsign(token)
    except BadSignature:
        return None
    person: Person | None = Person.objects.active().filter(pk=key).first()
    return person


def masked(email: str) -> str:
    """Return an address that only its owner recognises: "s…@example.ac.uk"."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _signer() -> Signer:
    return Signer(salt="accounts.preferences", sep="~")
