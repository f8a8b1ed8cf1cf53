"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def offer_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404


def offer_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
