"""Dangerous acts ask for a sign-in of the last minutes: a session left open somewhere is not enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person has shown who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def require_fresh_sign_in(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which leads to “Is it still you?” and back here afterwards.

    What was posted is kept and carried out then; files are not: ask before a file is chosen.
    """
    if not is_fresh(request):
        request.session.pop(STATE_SESSION_KEY, None)  # what was posted before and then let be stays undone
        raise ReauthenticationRequired


def fresh_sign_in_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only soon after its person signed in or proved it once more."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_fresh_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded
