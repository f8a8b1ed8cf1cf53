"""Who needs a second factor for the administration, and whether the session has shown it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Person

METHODS = "methods_of_the_sign_on"  # session key: authentication methods reported by single sign-on
SET_UP_HERE = "second_step_was_set_up_here"
MFA = "mfa"  # RFC 8176; also allauth's name of the method


def remember_methods(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Store in the session which methods single sign-on used."""
    request.session[METHODS] = list(methods)


def is_missing(request: HttpRequest) -> bool:
    """Return whether the user needs a second factor here and has not shown it."""
    person = request.user
    if settings.REQUIRE_SECOND_FACTOR != "admins" or not isinstance(person, Person):
        return False
    return (person.is_staff or person.is_superuser) and not was_shown(request)


def was_shown(request: HttpRequest) -> bool:
    """Return whether this session has shown the second factor.

    It must have been shown or set up in this session: an older session, perhaps in other hands, gains nothing
    when its person sets one up elsewhere. A second factor at single sign-on also counts, where its token says
    so (“amr” holds “mfa”).
    """
    person = request.user
    if not isinstance(person, Person):
        return False
    if MFA in request.session.get(METHODS, ()):
        return True
    return bool(is_mfa_enabled(person)) and _was_shown(request, person)


def _was_shown(request: HttpRequest, person: Person) -> bool:
    shown = any(record["method"] == MFA for record in get_authentication_records(request, person))
    return shown or request.session.get(SET_UP_HERE) == person.pk


@receiver(authenticator_added)
def _remember_set_up(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Count a second factor that was set up in this session as shown."""
    request.session[SET_UP_HERE] = user.pk
