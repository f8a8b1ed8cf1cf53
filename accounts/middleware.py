"""Middleware for leavers, second factors, known browsers, bad input and refused transitions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import bad_input
from accounts.models import Person
from accounts.sign_in import known_browsers, second_factor
from accounts.workflow import TransitionError

ADMINISTRATION = "/admin/"
FORBIDDEN = 403
DESK = "/coordinate/"  # where administrators run the appraisal year by the same rights
WAYS_OUT = ("/admin/login/", "/admin/logout/")
SHOW_IT = "The administration asks for your second step: this browser signed in without it."
SET_UP = "Administrators need two-step sign-in here. Switch it on, then go back to the administration."


class ReadableMiddleware:
    """Refuse requests in another encoding than UTF-8, and drop unusable cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the request before sessions and sign-in, which read the cookies."""
        if not bad_input.has_supported_encoding(request):
            return bad_input.refuse(request)
        bad_input.drop_unusable_cookies(request)
        return self.get_response(request)


class ClosedAccountMiddleware:
    """Sign out people who have left, at their next request, and tell them why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a session whose person may no longer sign in."""
        if request.user.is_authenticated or SESSION_KEY not in request.session:
            return self.get_response(request)
        if request.headers.get("HX-Request"):  # a part of a page: let the browser ask for the whole of it
            return HttpResponse(status=403, headers={"HX-Refresh": "true"})
        request.session.flush()
        return render(request, "account/account_inactive.html", status=403)


class KnownBrowserMiddleware:
    """Remember the browser of each person who signs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the browser's cookie on the response to the sign-in."""
        response = self.get_response(request)
        known_browsers.remember(request, response)
        return response


class SecondFactorMiddleware:
    """Where REQUIRE_SECOND_FACTOR says so, administrators need a second factor for the administration.

    Their permissions themselves are withheld (accounts.models.administration); this middleware tells the
    person object whether the session has shown the factor, and leads people who were refused for want of it
    to where they can show it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check before any page of the administration runs, endpoints for programs included."""
        inside = request.path_info.startswith((ADMINISTRATION, DESK)) and request.path_info not in WAYS_OUT
        if isinstance(request.user, Person):
            request.user.second_step = cache(partial(second_factor.was_shown, request))
        if inside and second_factor.is_missing(request):
            return self._to_second_step(request)
        response = self.get_response(request)
        if response.status_code == FORBIDDEN and getattr(request.user, "rights_withheld", False):
            return self._to_second_step(request)
        return response

    @staticmethod
    def _to_second_step(request: HttpRequest) -> HttpResponse:
        """Redirect to show the second factor and then back; without one, to set it up."""
        methods = get_adapter().get_reauthentication_methods(request.user)
        shown = [method["url"] for method in methods if method["id"].startswith("mfa_")]
        messages.warning(request, SHOW_IT if shown else SET_UP)
        inside = request.path_info.startswith(ADMINISTRATION)
        there = request.get_full_path() if request.method == "GET" else ADMINISTRATION if inside else "/"
        place = f"{shown[0]}?{urlencode({'next': there})}" if shown else reverse("mfa_index")
        if request.headers.get("HX-Request"):  # a part of a page: the browser goes there as a whole
            return HttpResponse(status=FORBIDDEN, headers={"HX-Redirect": place})
        return redirect(place)


class RefusalMiddleware:
    """Answer a TransitionError with status 409, its sentence and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse NUL characters in the administration's query strings, which no database can store."""
        if "%00" in request.META.get("QUERY_STRING", "") and request.path.startswith("/admin/"):
            return bad_input.refuse(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render a TransitionError with status 409, and bad input with status 400."""
        if bad_input.is_bad_input(exception):
            return bad_input.refuse(request, exception)
        if not isinstance(exception, TransitionError):
            return None
        return render(request, "errors/too_late.html", {"sentence": exception.sentence}, status=409)
