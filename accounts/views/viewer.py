"""The signed-in person of a request, and responses that lead to the next page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person

UNPROCESSABLE, CONFLICT, NOT_ALLOWED = 422, 409, 405


class SeeOther(HttpResponseRedirect):
    """Redirect with status 303 after a form was processed."""

    status_code = 303


def viewer(request: HttpRequest) -> Person:
    """Return the signed-in person. Raises PermissionDenied, which the sign-in middleware prevents."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Return the form's ``next`` address if it is on this site, else ``otherwise``."""
    return _own_address(request, request.POST.get("next", ""), otherwise)


def safe_back(request: HttpRequest, otherwise: str) -> str:
    """Return the ``next`` address in the query string if it is on this site, else ``otherwise``."""
    return _own_address(request, request.GET.get("next", ""), otherwise)


def _own_address(request: HttpRequest, wanted: str, otherwise: str) -> str:
    hosts = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return otherwise


def too_late(
    request: HttpRequest, sentence: str, back_url: str, back_label: str = "", *, typed: str = ""
) -> HttpResponse:
    """Return status 409 with the sentence, what was typed, and a link to the present state."""
    context = {"sentence": sentence, "typed": typed, "back_url": back_url, "back_label": back_label}
    return render(request, "errors/too_late.html", context, status=CONFLICT)


def press_again(request: HttpRequest, back_url: str) -> HttpResponse:
    """Return status 405: the URL of a form was opened like a page, e.g. after signing in again."""
    response = render(request, "errors/press_again.html", {"back_url": back_url}, status=NOT_ALLOWED)
    response["Allow"] = "POST"
    return response
