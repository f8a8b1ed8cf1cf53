"""Search of offers: newest first, or by relevance, with stemming and tolerance of accents and typos.

The cost of a page does not grow with the number of offers: pages continue after the last offer shown, counts
stop at a limit, and relevance is computed for the newest matches only.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.contrib.postgres.search import (
    SearchQuery,
    SearchQueryCombinable,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Greatest, Left
from django.utils import timezone

from accounts.free_text import terms, web_queries
from shadowing.models import Offer, Session
from shadowing.models.offer import OfferQuerySet

PAGE = 20
COUNTED = 1000  # larger totals are shown as "more than"
COUNTED_NARROWED = 100  # the same limit with filters: counting rare matches scans many other rows
RANKED = 200  # how many of the newest matches are ranked by relevance
FEW = 3  # with fewer matches than this, similar words are tried as well
NEAR = 100
SORTED = 1000  # how many of the newest matches are sorted by date or by place
ANSWERED_IN = dt.timedelta(days=14)  # how long a request takes to be answered
MOST_WORDS = 6
SUMMARY = 200
CARD = (
    "title",
    "department_id",
    "site_id",
    "kind",
    "format",
    "half_days",
    "opened_at",
)


@dataclass(frozen=True)
class SearchPage:
    """One page of offers. ``total`` is None after the first page; the last ``near`` are only similar."""

    offers: list[Offer]
    total: int | None
    following: str = ""
    near: int = 0


_BEST = """SELECT *, count(*) OVER () AS total FROM (%s) newest_ones
ORDER BY rank DESC, opened_at DESC, id DESC LIMIT %%s OFFSET %%s"""


class _CountOf(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def newest(matches: OfferQuerySet, after: str = "", count_to: int = COUNTED) -> SearchPage:
    """Return a page of ``matches``, newest first, after the position ``after`` (``SearchPage.following``)."""
    rows = _cards(matches).order_by("-opened_at", "-pk")
    place = _parse_position(after)
    if place is None:
        counted = matches.order_by().values("pk")[: count_to + 1]
        rows = rows.annotate(total=_CountOf(counted))
    else:
        opened_at, pk = place
        rows = rows.filter(opened_at__lte=opened_at).filter(Q(opened_at__lt=opened_at) | Q(pk__lt=pk))
    offers = list(rows[: PAGE + 1])
    following = _position_of(offers[PAGE - 1]) if len(offers) > PAGE else ""
    total = None if place else getattr(offers[0], "total", 0) if offers else 0
    return SearchPage(offers[:PAGE], total, following)


_NEXT_FIRST = """SELECT *, count(*) OVER () AS total FROM (%s) newest_ones
ORDER BY sort_key, opened_at DESC, id DESC LIMIT %%s OFFSET %%s"""


def sorted_by(matches: OfferQuerySet, sort_key: Combinable, after: str = "") -> SearchPage:
    """Return a page of the newest ``SORTED`` of ``matches``, by ``sort_key``, smallest first."""
    start = int(after) if re.fullmatch(r"\d{1,3}", after) else 0
    candidates = _cards(matches).annotate(sort_key=sort_key).order_by("-opened_at", "-pk")[:SORTED]
    newest_ones, given = candidates.query.sql_with_params()
    offers = list(Offer.objects.raw(_NEXT_FIRST % newest_ones, [*given, PAGE + 1, start]))
    total = getattr(offers[0], "total", 0) if offers else 0
    following = str(start + PAGE) if len(offers) > PAGE else ""
    return SearchPage(offers[:PAGE], None if start else total, following)


def soonest() -> Combinable:
    """Sort by the next date with a place; a window counts from a fortnight ahead. Full offers come last."""
    ahead = timezone.now() + ANSWERED_IN
    free = Session.objects.to_come().filter(offer=OuterRef("pk"), taken__lt=F("places"))
    first = Case(When(by_arrangement=True, then=Greatest("starts_at", Value(ahead))), default=F("starts_at"))
    return Subquery(free.annotate(first=first).order_by("first").values("first")[:1])


def nearest(site: int | None, distances: Mapping[int, list[int]]) -> Combinable:
    """Sort by site (the person's own, then none, then another), then by steps in the tree of departments."""
    steps = [When(department__in=pks, then=Value(number)) for number, pks in distances.items()]
    away = [When(site=site, then=Value(0)), When(site=None, then=Value(100))] if site else []
    return Case(*away, default=Value(200)) + Case(*steps, default=Value(99))


def having(matches: OfferQuerySet, words: str) -> OfferQuerySet:
    """Return the ``matches`` that have the words."""
    return matches.filter(search=_query(words))


def best(
    matches: OfferQuerySet, words: str, after: str = "", beyond: OfferQuerySet | None = None
) -> SearchPage:
    """Return a page of ``matches`` by relevance to ``words``; if there are few, add similar ones.

    If there are none, the similar ones are looked for in ``beyond``, those among ``matches`` first.
    """
    start = int(after) if re.fullmatch(r"\d{1,3}", after) else 0
    query = _query(words)
    candidates = _cards(matches.filter(search=query)).annotate(rank=SearchRank(F("search"), query))
    newest_ones, given = candidates.order_by("-opened_at", "-pk")[:RANKED].query.sql_with_params()
    offers = list(Offer.objects.raw(_BEST % newest_ones, [*given, PAGE + 1, start]))
    total = getattr(offers[0], "total", 0) if offers else 0
    following = str(start + PAGE) if len(offers) > PAGE else ""
    if start or total >= FEW:
        return SearchPage(offers[:PAGE], None if start else total, following)
    found = {offer.pk for offer in offers}
    if offers or beyond is None:
        near = _coming_close(matches, words, found)
    else:
        fits = Exists(matches.order_by().filter(pk=OuterRef("pk")))
        near = _coming_close(beyond.annotate(fits=fits), words, found, "-fits")
    return SearchPage([*offers, *near], total, near=len(near))


def _query(words: str) -> SearchQueryCombinable:
    """Return the search query: the words as typed, or with their hyphens written another way."""
    ways = (SearchQuery(way, config="plain_english", search_type="websearch") for way in web_queries(words))
    return reduce(or_, ways)


def _coming_close(matches: OfferQuerySet, words: str, besides: set[UUID], *first: str) -> list[Offer]:
    """Return offers whose title, topics or department contain similar words."""
    given = re.findall(r"\w+", " ".join(terms(words)))[:MOST_WORDS]
    if not given:
        return []
    likeness = TrigramWordSimilarity(" ".join(given).lower(), "key_words")
    candidates = RawSQL("SELECT shadowing_offers_resembling(%s, %s)", (given, NEAR))
    close = _cards(matches.filter(Q(pk__in=candidates) | _of_department(given)).exclude(pk__in=besides))
    ranked = close.annotate(likeness=likeness)
    return list(ranked.order_by(*first, "-likeness", "-opened_at", "-pk")[:PAGE])


def _of_department(given: list[str]) -> Q:
    """Match offers of departments or teams named by the words; full-text search drops names such as “IT”."""
    phrase = rf"\y{' '.join(given)}\y"
    return Q(department__name__iregex=phrase) | Q(department__parent__name__iregex=phrase)


def _cards(offers: OfferQuerySet) -> OfferQuerySet:
    return offers.only(*CARD).annotate(summary=Left("will_see", SUMMARY))


def _position_of(offer: Offer) -> str:
    seconds = offer.opened_at.timestamp() if offer.opened_at else 0
    return f"{seconds:.6f}_{offer.pk.hex}"


def _parse_position(mark: str) -> tuple[dt.datetime, UUID] | None:
    """Parse a position; None for the start and for an invalid one."""
    match = re.fullmatch(r"(\d{1,10})\.(\d{6})_([0-9a-f]{32})", mark)
    if not match:
        return None
    seconds, micros, pk = match.groups()
    opened_at = dt.datetime.fromtimestamp(int(seconds), dt.UTC) + dt.timedelta(microseconds=int(micros))
    return timezone.localtime(opened_at), UUID(pk)
