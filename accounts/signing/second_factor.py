"""Who needs a second step before the administration opens, and whether this session has it."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from accounts.models import Person

METHODS = "methods_of_the_sign_on"  # in the session: what the organisation's sign-in says it asked for
MFA = "mfa"  # RFC 8176


def remember_methods(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Keep for this session what the organisation's sign-in asked for."""
    request.session[METHODS] = list(methods)


def is_missing(request: HttpRequest) -> bool:
    """Whether whoever is signed in needs a second step here and has none.

    Whoever has set one up was asked for it when signing in. A second step at the organisation's own sign-in
    counts as well, where its token says so (“amr” holds “mfa”).
    """
    person = request.user
    if settings.REQUIRE_SECOND_FACTOR != "admins" or not isinstance(person, Person) or not person.is_staff:
        return False
    if MFA in request.session.get(METHODS, ()):
        return False
    return not is_mfa_enabled(person)
