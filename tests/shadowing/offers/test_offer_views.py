"""The pages of offers: what they show, to whom, in how many queries."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from departments.models import Coordinator
from shadowing.models import Offer, Session
from shadowing.rules.policies import can_edit_offer, can_see_offer
from tests.cast import Cast
from tests.factories import OfferFactory, SessionFactory, take_on
from tests.shadowing.offering import many_offers, open_offer, signed_in

LIST = "/offers/"
EVERYBODY = (
    "shadow",
    "manager",
    "deputy",
    "host",
    "host_manager",
    "coordinator",
    "dept_coordinator",
    "stranger",
)
EDITORS = {"host", "coordinator"}


def page(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, url)
    return len(captured)


def test_list_shows_offers_with_date_places_and_department(client: Client, cast: Cast) -> None:
    html = page(signed_in(client, cast.shadow), LIST)
    assert cast.offer.title in html
    assert "1 place left" in html
    assert "IT Services" in html
    assert "1 visit<" in html


def test_list_says_how_many_more_dates_and_that_all_is_full(client: Client, cast: Cast) -> None:
    SessionFactory.create(offer=cast.offer, starts_at=cast.session.starts_at + dt.timedelta(days=3))
    Session.objects.update(taken=1)
    html = page(signed_in(client, cast.shadow), LIST)
    assert "and 1 more date<" in html
    assert "Full, with a waiting list" in html


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (LIST, 6),
        (f"{LIST}?department=ITS&kind=observation&format=in_person&length=half-day&when=next-month", 6),
        (f"{LIST}?q=help+desk", 6),
        (f"{LIST}?q=hlep+dekss", 7),
        (f"{LIST}?q=xyzzy", 7),
    ],
)
def test_list_costs_the_same_queries_at_ten_and_at_a_thousand(
    client: Client, cast: Cast, url: str, most: int
) -> None:
    signed_in(client, cast.shadow)
    many_offers(cast, 10)
    few = queries(client, url)
    many_offers(cast, 990)
    assert queries(client, url) <= few <= most


def test_detail_costs_the_same_queries_at_ten_and_at_a_thousand(client: Client, cast: Cast) -> None:
    signed_in(client, cast.shadow)
    take_on(cast.offer, cast.host_manager)
    many_offers(cast, 10)
    few = queries(client, cast.offer.get_absolute_url())
    many_offers(cast, 990)
    for day in range(10):
        SessionFactory.create(offer=cast.offer, starts_at=cast.session.starts_at + dt.timedelta(days=day + 1))
    assert queries(client, cast.offer.get_absolute_url()) <= few <= 8


@pytest.mark.parametrize("who", ["host", "stranger", "coordinator"])
def test_detail_stays_within_its_queries_for_others(client: Client, cast: Cast, who: str) -> None:
    signed_in(client, cast.people()[who])
    assert queries(client, cast.offer.get_absolute_url()) <= 12


def test_my_offers_cost_the_same_queries_at_two_and_at_sixty(client: Client, cast: Cast) -> None:
    signed_in(client, cast.host)
    cast.approved()
    few = queries(client, "/offers/mine/")
    many_offers(cast, 60)
    assert queries(client, "/offers/mine/") == few <= 8


def test_list_pages_lead_to_every_offer_once(client: Client, cast: Cast) -> None:
    many_offers(cast, 50)
    signed_in(client, cast.shadow)
    url, seen = LIST, []
    while url:
        html = page(client, url)
        seen += re.findall(r'class="row-link" href="([^"]+)"', html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        url = following[1].replace("&amp;", "&") if following else ""
    assert (len(seen), len(set(seen))) == (51, 51)


def test_htmx_gets_the_results_alone_and_the_shortest_address(client: Client, cast: Cast) -> None:
    response = signed_in(client, cast.shadow).get(
        f"{LIST}?q=desk&kind=&site=", headers={"HX-Request": "true"}
    )
    assert "<html" not in response.content.decode()
    assert cast.offer.title in response.content.decode()
    assert response["HX-Push-Url"] == "/offers/?q=desk"
    assert "HX-Request" in response["Vary"]


def test_back_button_gets_the_whole_page(client: Client, cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in page(signed_in(client, cast.shadow), LIST, **headers)


def test_list_keeps_what_was_chosen(client: Client, cast: Cast) -> None:
    html = page(signed_in(client, cast.shadow), f"{LIST}?q=desk&department=ITS")
    assert 'value="desk"' in html
    assert '<option value="ITS" selected>' in html
    assert "Clear the search" in html


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 10_000,
        "q=%F0%9F%8E%93",
        "q=%D7%A9%D7%9C%D7%95%D7%9D",
        "q=<script>alert(1)</script>",
        "q=%ED%A0%80",
        "after=%00",
        "after=999999999.000000_" + "f" * 32,
        "after=9999999999.999999_" + "f" * 32,
        "q=desk&after=999",
        "site=1e9&when=x&kind=%00",
    ],
)
def test_list_answers_bad_input_with_a_page(client: Client, cast: Cast, query: str) -> None:
    html = page(signed_in(client, cast.shadow), f"{LIST}?{query}")
    assert "<script>alert" not in html


def test_list_that_finds_nothing_says_what_to_try(client: Client, cast: Cast) -> None:
    assert "Nothing fits all of that" in page(signed_in(client, cast.shadow), f"{LIST}?q=xyzzy")


def test_empty_list_invites_the_first_offer(client: Client, cast: Cast) -> None:
    Offer.objects.update(status="closed")
    assert "No visits are offered yet" in page(signed_in(client, cast.shadow), LIST)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_list_and_detail_only_show(client: Client, cast: Cast, method: str) -> None:
    signed_in(client, cast.shadow)
    assert getattr(client, method)(LIST).status_code == 405
    assert getattr(client, method)(cast.offer.get_absolute_url()).status_code == 405


def test_words_of_the_host_are_escaped(client: Client, cast: Cast) -> None:
    evil = "<script>alert('x')</script>"
    offer = open_offer(
        cast, title=evil, will_see=evil, will_learn=evil, know_before=evil, topics=["<b>x</b>"]
    )
    for url in (LIST, offer.get_absolute_url()):
        html = page(signed_in(client, cast.shadow), url)
        assert "<script>alert" not in html
        assert "<b>x" not in html


@pytest.mark.parametrize("who", EVERYBODY)
def test_draft_is_there_for_its_editors_only(client: Client, cast: Cast, who: str) -> None:
    draft = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status="draft", opened_at=None
    )
    response = signed_in(client, cast.people()[who]).get(draft.get_absolute_url())
    assert response.status_code == (200 if who in EDITORS else 404)


@pytest.mark.parametrize("who", EVERYBODY)
def test_editors_alone_get_the_buttons(client: Client, cast: Cast, who: str) -> None:
    html = page(signed_in(client, cast.people()[who]), cast.offer.get_absolute_url())
    edit = reverse("shadowing:offer-edit", args=[cast.offer.pk])
    assert (edit in html) == (who in EDITORS)


@pytest.mark.parametrize("status", ["draft", "open"])
def test_queries_and_policies_agree_on_who_edits_and_sees(cast: Cast, status: str) -> None:
    take_on(cast.offer, cast.stranger)
    assert cast.it.parent is not None
    Coordinator.objects.create(department=cast.it.parent, person=cast.manager)
    opened = timezone.now() if status == "open" else None
    Offer.objects.update(status=status, opened_at=opened)
    offer = Offer.objects.get(pk=cast.offer.pk)
    for name, person in cast.people().items():
        rows = Offer.objects.with_editable(person)
        assert bool(getattr(rows.get(pk=offer.pk), "editable")) == can_edit_offer(person, offer), name  # noqa: B009  # annotated
        assert Offer.objects.visible_to(person).filter(pk=offer.pk).exists() == can_see_offer(
            person, offer
        ), name


def test_visible_to_counts_each_offer_once(cast: Cast) -> None:
    take_on(cast.offer, cast.host_manager, cast.stranger)
    assert Offer.objects.visible_to(cast.host).count() == 1


def test_offer_that_is_not_there_is_404(client: Client, cast: Cast) -> None:
    assert signed_in(client, cast.shadow).get(f"/offers/{uuid4()}/").status_code == 404


def test_anybody_has_to_sign_in(client: Client, cast: Cast) -> None:
    for url in (LIST, cast.offer.get_absolute_url(), "/offers/mine/", "/offers/new/"):
        assert client.get(url).status_code == 302
