"""The floor: bare Django pages with session, person and the same rows, without code of the product.

The cost of the product's pages is compared with these, measured in the same run on the same database.
"""

from __future__ import annotations

import json
import uuid

from django.contrib.sessions.models import Session as BrowserSession
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from shadowing.models import Offer

SHOWN = 20
PAGE = """<!doctype html><html lang="en"><head><title>Offers</title></head><body>
<header>{{ user.full_name }}</header><main>
{% for offer in offers %}<article><h2><a href="/offers/{{ offer.pk }}/">{{ offer.title }}</a></h2>
<p>{{ offer.department.name }} · {{ offer.host.full_name }} · {{ offer.get_kind_display }}</p>
<p>{{ offer.will_see|truncatewords:30 }}</p><p>{{ offer.opened_at|date:"j F Y" }}</p></article>
{% endfor %}</main></body></html>"""
TEMPLATE = engines["django"].from_string(PAGE)


def cards(request: HttpRequest) -> HttpResponse:
    """Show twenty cards from one indexed query."""
    offers = Offer.objects.open().select_related("department", "host").order_by("-opened_at", "-pk")
    return _page(request, list(offers.defer("search", "key_words")[:SHOWN]))


def search(request: HttpRequest) -> HttpResponse:
    """Show twenty cards found by a word."""
    offers = Offer.objects.open().select_related("department", "host").order_by("-opened_at", "-pk")
    found = offers.extra(where=["search @@ plainto_tsquery(%s)"], params=[request.GET.get("q", "")])
    return _page(request, list(found.defer("search", "key_words")[:SHOWN]))


def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one offer."""
    return _page(request, [Offer.objects.select_related("department", "host").get(pk=pk)])


def form(request: HttpRequest) -> HttpResponse:
    """Handle a form post: write one row and redirect."""
    BrowserSession.objects.create(
        session_key=uuid.uuid4().hex, session_data=json.dumps(request.POST), expire_date=timezone.now()
    )
    return HttpResponse(str(request.user.pk), status=303, headers={"Location": "/offers/"})


def _page(request: HttpRequest, offers: list[Offer]) -> HttpResponse:
    return HttpResponse(TEMPLATE.render({"offers": offers, "user": request.user}, request))


urlpatterns = [
    path("offers/", cards),
    path("search/", search),
    path("offers/<uuid:pk>/", detail),
    path("form/", form),
]
