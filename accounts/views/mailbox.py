"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def mailbox(request: HttpRequest) -> HttpResponse:
    """Not there yet."""
    raise Http404


def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    """Not there yet."""
    raise Http404
