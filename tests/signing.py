"""Sign in to the test client as people do: with a time of authentication in the session."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from accounts.models import Person


def sign_in(client: Client, person: Person, *, minutes_ago: float = 0) -> Client:
    """Like ``force_login``, and fresh; with ``minutes_ago`` it happened that long ago."""
    client.force_login(person)
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - minutes_ago * 60}
    ]
    session.save()
    return client
