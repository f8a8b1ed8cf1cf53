"""Require a sign-in within the last minutes for dangerous acts, in case a session was left open."""

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
    """Return whether the person signed in within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def require_fresh_sign_in(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which leads to “Is it still you?” and then back here.

    Posted data is kept and processed then, but not files: ask before a file is chosen.
    """
    if not is_fresh(request):
        request.session.pop(STATE_SESSION_KEY, None)  # forget data of an abandoned earlier post
        raise ReauthenticationRequired


def fresh_sign_in_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that requires a recent sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_fresh_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded
