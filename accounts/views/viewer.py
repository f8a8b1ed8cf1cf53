"""Who is looking at a page, and where they are sent next."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person

UNPROCESSABLE, CONFLICT, NOT_ALLOWED = 422, 409, 405


class SeeOther(HttpResponseRedirect):
    """303: what was sent has been dealt with, look there."""

    status_code = 303


def viewer(request: HttpRequest) -> Person:
    """The signed-in person. Raises PermissionDenied for nobody, which the sign-in middleware prevents."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where the form wants to go afterwards, if that is on this site."""
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return otherwise


def too_late(
    request: HttpRequest, sentence: str, back_url: str, back_label: str = "", *, typed: str = ""
) -> HttpResponse:
    """Somebody was quicker: the sentence, what was typed, and the way to how it stands now."""
    context = {"sentence": sentence, "typed": typed, "back_url": back_url, "back_label": back_label}
    return render(request, "errors/too_late.html", context, status=CONFLICT)


def press_again(request: HttpRequest, back_url: str) -> HttpResponse:
    """An address to send forms to was opened like a page, for instance after signing in again."""
    response = render(request, "errors/press_again.html", {"back_url": back_url}, status=NOT_ALLOWED)
    response["Allow"] = "POST"
    return response
