"""What comes too late gets a sentence instead of an error page."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.defaults import bad_request

from accounts.workflow import TransitionError

log = structlog.get_logger(__name__)


class RefusalMiddleware:
    """Answers a TransitionError with 409 and its sentence, and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse the admin what no database can hold; keep what people see out of shared browsers' caches."""
        if "%00" in request.META.get("QUERY_STRING", "") and request.path.startswith("/admin/"):
            return HttpResponseBadRequest("This address holds a character that cannot be used.")
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the sentence of a TransitionError; what no column can hold is bad input, not our failure."""
        if isinstance(exception, DataError):
            log.warning("database_refused_input", path=request.path, exc_info=exception)
            return bad_request(request, exception)
        if not isinstance(exception, TransitionError):
            return None
        return render(request, "errors/too_late.html", {"sentence": exception.sentence}, status=409)
