"""What comes too late gets a sentence instead of an error page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.workflow import TransitionError


class RefusalMiddleware:
    """Answers a TransitionError with 409 and its sentence, and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through; only exceptions concern this middleware."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the sentence of a TransitionError; leave every other exception alone."""
        if not isinstance(exception, TransitionError):
            return None
        return render(request, "errors/too_late.html", {"sentence": exception.sentence}, status=409)
