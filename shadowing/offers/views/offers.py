"""Pages to find offers, and the page of one offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.views.viewer import viewer
from shadowing.models import Offer
from shadowing.models.offer import OfferQuerySet
from shadowing.offers import search
from shadowing.offers.filters import EVERYTHING, Directory, OfferFilter, choices_of
from shadowing.offers.open_to import hides_some, open_to
from shadowing.offers.pages.list_links import chips_of, sorts_of
from shadowing.offers.pages.offer_cards import cards_of
from shadowing.offers.pages.offer_page import context_of, for_page

SECTION = "shadowing:offer-list"


@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """Show open offers, filtered and searched, one page at a time; htmx gets only the results."""
    person = viewer(request)
    directory = Directory(person)
    wanted = OfferFilter.of(request.GET, directory)
    some_hidden = hides_some(wanted, directory)
    listed = Offer.objects.listed()
    matches = wanted.narrow(listed, directory)
    if some_hidden:
        matches = open_to(person, matches, directory)
    results = _find(matches, wanted, directory, request.GET.get("after", ""), listed)
    address = reverse(SECTION)
    context = {
        "section": SECTION,
        "wanted": wanted,
        "cards": cards_of(results.offers, directory),
        "sentence": _sentence(results, wanted) if results.offers else "",
        "chips": chips_of(wanted, directory, address),
        "sorts": sorts_of(wanted, address),
        "all_url": f"{address}?{wanted.as_query(show=EVERYTHING)}" if some_hidden else "",
        "mine_url": f"{address}?{wanted.as_query(show='')}" if wanted.show else "",
        "next_url": f"{address}?{wanted.as_query(after=results.following)}" if results.following else "",
        "first_url": f"{address}?{wanted.as_query()}" if results.total is None else "",
    }
    return _answer(request, context, directory, f"{address}?{wanted.as_query()}".rstrip("?"))


def _find(
    matches: OfferQuerySet, wanted: OfferFilter, directory: Directory, after: str, listed: OfferQuerySet
) -> search.SearchPage:
    if wanted.order == "fit":
        return search.best(matches, wanted.q, after, listed)
    found = search.having(matches, wanted.q) if wanted.q else matches
    if wanted.order == "soonest":
        return search.sorted_by(found, search.soonest(), after)
    if wanted.order == "nearest":
        return search.sorted_by(found, search.nearest(directory.site, directory.distances()), after)
    return search.newest(found, after, _counted(wanted))


def _counted(wanted: OfferFilter) -> int:
    return search.COUNTED_NARROWED if wanted else search.COUNTED


def _answer(request: HttpRequest, context: dict[str, Any], directory: Directory, url: str) -> HttpResponse:
    alone = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    if alone:
        response = render(request, "shadowing/offers/offer_results.html", {**context, "alone": True})
        response["HX-Push-Url"] = url if "after" not in request.GET else request.get_full_path()
    else:
        response = render(
            request,
            "shadowing/offers/offer_list.html",
            {**context, "filters": choices_of(context["wanted"], directory)},
        )
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _sentence(results: search.SearchPage, wanted: OfferFilter) -> str:
    """Return how many offers were found, up to the limit of counting."""
    if results.total is None:
        return ""
    exact = results.total
    if wanted.order != "fit":
        return _count_sorted(exact, wanted)
    if results.near and not exact:
        return f"No visit has exactly these words. {_some(results.near)} close:"
    if results.near:
        return f"{_count(exact, search.RANKED)} with these words; the others come close."
    if exact == search.RANKED:
        return f"More than {search.RANKED} visits have these words. Here are the newest, best first."
    return f"{_count(exact, search.RANKED)} with these words, best first"


def _count_sorted(number: int, wanted: OfferFilter) -> str:
    if wanted.order == "newest":
        return _count(number, _counted(wanted))
    if number == search.SORTED:
        return f"The newest {number:,} visits, {wanted.order} first"
    return _count(number, search.SORTED)


def _some(number: int) -> str:
    return "This one comes" if number == 1 else f"These {number} come"


def _count(number: int, most: int) -> str:
    if number > most:
        return f"More than {most:,} visits"
    return "1 visit" if number == 1 else f"{number:,} visits" if number else "No visits"


@require_safe
def offer_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one offer, with what a visitor or a host can do with it."""
    person = viewer(request)
    offers = Offer.objects.visible_to(person).with_editable(person)
    offer = get_object_or_404(for_page(offers, person), pk=pk)
    return render(request, "shadowing/offers/offer_detail.html", context_of(offer, person))
