"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def my_offers(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404


def offer_act(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
