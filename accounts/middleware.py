"""Who is kept out at once, and what comes too late: each gets a sentence instead of an error page."""

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
    """Before a request is used: text in another encoding is refused, unusable cookies are dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Outside sessions and sign-in, which read the cookies."""
        if not bad_input.has_supported_encoding(request):
            return bad_input.refuse(request)
        bad_input.drop_unusable_cookies(request)
        return self.get_response(request)


class ClosedAccountMiddleware:
    """Whoever has left is signed out with the next thing they do, whatever it is, and reads why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A session that names somebody whom Django no longer lets in is at its end."""
        if request.user.is_authenticated or SESSION_KEY not in request.session:
            return self.get_response(request)
        if request.headers.get("HX-Request"):  # a part of a page: let the browser ask for the whole of it
            return HttpResponse(status=403, headers={"HX-Refresh": "true"})
        request.session.flush()
        return render(request, "account/account_inactive.html", status=403)


class KnownBrowserMiddleware:
    """The browser of whoever signs in is known from then on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give it its cookie with the answer to the sign-in."""
        response = self.get_response(request)
        known_browsers.remember(request, response)
        return response


class SecondFactorMiddleware:
    """Where REQUIRE_SECOND_FACTOR says so, administrators run nothing without a second step.

    Their rights themselves are closed (accounts.models.administration); here the session says whether the
    step was shown, and whoever was refused for want of it is led there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before any page of it runs, those for programs included."""
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
        """To show the one there is, then on to where one was going; else to set one up."""
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
    """Answers a TransitionError with 409 and its sentence, and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse the admin what no database can hold."""
        if "%00" in request.META.get("QUERY_STRING", "") and request.path.startswith("/admin/"):
            return bad_input.refuse(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the sentence of a TransitionError; what no column can hold is bad input, not our failure."""
        if bad_input.is_bad_input(exception):
            return bad_input.refuse(request, exception)
        if not isinstance(exception, TransitionError):
            return None
        return render(request, "errors/too_late.html", {"sentence": exception.sentence}, status=409)
