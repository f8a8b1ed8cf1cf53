"""Who needs a second step before the administration opens, and whether this session has it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Person

METHODS = "methods_of_the_sign_on"  # in the session: what the organisation's sign-in says it asked for
SET_UP_HERE = "second_step_was_set_up_here"
MFA = "mfa"  # RFC 8176, and allauth's word for a second step that was shown


def remember_methods(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Keep for this session what the organisation's sign-in asked for."""
    request.session[METHODS] = list(methods)


def is_missing(request: HttpRequest) -> bool:
    """Whether whoever is signed in needs a second step here and has none."""
    person = request.user
    if settings.REQUIRE_SECOND_FACTOR != "admins" or not isinstance(person, Person):
        return False
    return (person.is_staff or person.is_superuser) and not was_shown(request)


def was_shown(request: HttpRequest) -> bool:
    """Whether this session has the second step of its person.

    It must have been shown in this session, or set up in it: a session from before there was one, perhaps in
    other hands, opens nothing because its person has one now. A second step at the organisation's own sign-in
    counts as well, where its token says so (“amr” holds “mfa”).
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
    """Whoever has just set one up has it in their hands."""
    request.session[SET_UP_HERE] = user.pk
