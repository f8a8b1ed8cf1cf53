"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404


def my_requests(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
