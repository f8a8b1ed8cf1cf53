"""Calendar feeds; the token in the URL is the credential, because calendar programs cannot sign in."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from shadowing.offers.feeds import feed


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the calendar of ``token``, 304 if unchanged, or 404 for every token that does not work."""
    calendar = feed(token)
    if calendar is None:
        raise Http404
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = "inline; filename=visits.ics"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    etag = f'"{sha256(calendar).hexdigest()}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if answer is not None else response
