"""To be written by its owner."""

from django.http import Http404, HttpRequest, HttpResponse


def department_list(request: HttpRequest) -> HttpResponse:
    """Not there yet."""
    raise Http404


def department_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Not there yet."""
    raise Http404
