"""How often mail comes, chosen without signing in: the token in a mail's footer, and whose it is."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from accounts.models import Person


def token_of(person: Person) -> str:
    """The token of ``person``: the same each time, and not to be made without the site's key."""
    return _signer().sign(str(person.pk))


def person_of(token: str) -> Person | None:
    """Whose token it is; None for a forged one, and for somebody who has left."""
    try:
        key = _signer().unsign(token)
    except BadSignature:
        return None
    person: Person | None = Person.objects.active().filter(pk=key).first()
    return person


def masked(email: str) -> str:
    """An address that its owner knows again and nobody else learns: "s…@example.ac.uk"."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _signer() -> Signer:
    return Signer(salt="accounts.preferences", sep="~")
