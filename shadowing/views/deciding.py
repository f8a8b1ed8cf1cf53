"""The decision page."""

from django.http import Http404, HttpRequest, HttpResponse


def request_decide(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
