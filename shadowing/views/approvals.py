"""What waits for the decision of the person who is looking."""

from django.http import Http404, HttpRequest, HttpResponse


def approvals(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Not there yet."""
    raise Http404
