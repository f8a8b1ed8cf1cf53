"""Calendars to subscribe to, without signing in: the address is the key."""

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
    """The calendar behind ``token``, or 304 when the asker has it as it is; 404 says no more than that."""
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
