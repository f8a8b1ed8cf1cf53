"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def approvals(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404


def request_act(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
