"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def decide(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
