"""The front page: waiting items, own requests, visits made and received."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import waiting
from accounts.workflow import perform
from home.pages.inbox import awaiting, cards_of
from shadowing.enums import WaitingKind
from shadowing.models import Placement, Request, Visit
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at, take_on
from tests.home.test_approvals import ask_many
from tests.shadowing.links import signed_in


def shown(client: Client, url: str = "/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def make_visits(cast: Cast, number: int, *, first: int = 20) -> None:
    """``number`` agreed visits of the shadow with the host, and as many of others with the shadow as host."""
    sessions = [
        SessionFactory.create(
            offer=OfferFactory.create(scheme=cast.scheme, department=cast.it, host=host),
            starts_at=at(first + day, hour),
            ends_at=at(first + day, hour + 3),
        )
        for host, hour in ((cast.host, 9), (cast.shadow, 14))
        for day in range(number)
    ]
    for session in sessions:
        visitor = cast.shadow if session.offer.host == cast.host else cast.stranger
        request = RequestFactory.create(shadow=visitor, session=session)
        placement = Placement.objects.create(
            request=request,
            shadow=visitor,
            host=session.offer.host,
            origin=request.origin,
            destination=cast.it,
            half_days=1,
        )
        Visit.objects.create(
            placement=placement, shadow=visitor, starts_at=session.starts_at, ends_at=session.ends_at
        )


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_newcomer_reads_how_it_works_and_where_to_begin(cast: Cast) -> None:
    text = shown(signed_in(cast.stranger))
    assert "How it works" in text
    assert reverse("shadowing:offer-list") in text
    assert "Waiting for you" not in text


def test_shadow_sees_where_the_request_is_now(cast: Cast) -> None:
    request = cast.submitted()
    text = shown(signed_in(cast.shadow))
    assert request.get_absolute_url() in text
    assert "With Mary Manager for the line manager" in text
    assert "From Library Services to IT Services, asked for" in text
    assert "How it works" not in text


def test_manager_sees_what_waits_in_amber_with_its_day(cast: Cast) -> None:
    request = cast.submitted()
    text = shown(signed_in(cast.manager))
    assert "please answer by" in text
    assert reverse("shadowing:request-decide", args=[request.pk]) in text


def test_shadow_sees_what_the_others_wait_for(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Which day?")
    text = shown(signed_in(cast.shadow))
    assert "Change your request to IT Services and send it again" in text
    assert reverse("shadowing:request-edit", args=[request.pk]) in text


def test_both_sides_see_the_agreed_visit_with_the_other(cast: Cast) -> None:
    request = cast.agreed()
    shadow, host = shown(signed_in(cast.shadow)), shown(signed_in(cast.host))
    assert "My visits" in shadow
    assert "with Hana Host" in shadow
    assert "Who visits me" in host
    assert "Sam Shadow" in host
    assert "My visits" not in host
    for text in (shadow, host):
        assert request.placement.get_absolute_url() in text


def test_co_host_sees_who_comes(cast: Cast) -> None:
    take_on(cast.offer, cast.stranger)
    cast.agreed()
    assert "Who visits me" in shown(signed_in(cast.stranger))


def test_visit_that_was_cancelled_is_not_shown(cast: Cast) -> None:
    request = cast.agreed()
    perform(request.placement, "cancel", actor=cast.shadow, reason="workload", words="Sorry")
    assert request.placement.get_absolute_url() not in shown(signed_in(cast.shadow))


def test_next_visit_comes_first_and_past_dates_are_not_the_next(cast: Cast) -> None:
    make_visits(cast, 3)
    late, *_ = Placement.objects.filter(shadow=cast.shadow).order_by("-visits__starts_at")
    Visit.objects.create(placement=late, shadow=cast.shadow, starts_at=at(-5), ends_at=at(-5, 13))
    rows = signed_in(cast.shadow).get("/").context["as_shadow"]
    ahead = [min(v.starts_at for v in row.placement.visits.all() if v.starts_at > at(0)) for row in rows]
    assert ahead == sorted(ahead)
    assert rows[-1].placement == late


def test_stranger_sees_nothing_of_others(cast: Cast) -> None:
    cast.agreed()
    text = shown(signed_in(cast.stranger))
    assert "Sam Shadow" not in text
    assert cast.offer.title not in text


def test_queries_are_the_same_for_few_and_for_a_thousand(cast: Cast) -> None:
    client = signed_in(cast.manager)
    ask_many(cast, 10)
    few = queries_of(client, "/")
    ask_many(cast, 990)
    assert queries_of(client, "/") == few


def test_home_of_somebody_with_everything_takes_ten_queries_at_most(cast: Cast) -> None:
    client = signed_in(cast.shadow)
    counts: list[int] = []
    for _ in range(2):
        for _ in range(8):
            offer = OfferFactory.create(scheme=cast.scheme, department=cast.it)
            RequestFactory.create(shadow=cast.shadow, session=SessionFactory.create(offer=offer))
        make_visits(cast, 8, first=20 * (len(counts) + 1))
        report = member(cast.library, line_manager=cast.shadow)
        request = RequestFactory.create(
            shadow=report, session=SessionFactory.create(offer=cast.offer, starts_at=at(40 + len(counts)))
        )
        perform(request, "submit", actor=report)
        counts.append(queries_of(client, "/"))
    assert counts[0] == counts[1] <= 10


def test_all_my_requests_are_listed_page_by_page(cast: Cast) -> None:
    for _ in range(23):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it)
        RequestFactory.create(shadow=cast.shadow, session=SessionFactory.create(offer=offer))
    client, url, seen = signed_in(cast.shadow), reverse("home:my-requests"), []
    while url:
        page = client.get(url)
        seen += [row.record.pk for row in page.context["requests"]]
        url = page.context["page"].next_url
    assert seen == list(Request.objects.order_by("-created_at", "-pk").values_list("pk", flat=True))
    assert signed_in(cast.stranger).get(reverse("home:my-requests")).context["requests"] == []


def test_my_requests_takes_the_same_queries_for_few_and_many(cast: Cast) -> None:
    client, url = signed_in(cast.shadow), reverse("home:my-requests")
    counts = []
    for number in (2, 15):
        for _ in range(number):
            offer = OfferFactory.create(scheme=cast.scheme, department=cast.it)
            request = RequestFactory.create(shadow=cast.shadow, session=SessionFactory.create(offer=offer))
            Request.objects.filter(pk=request.pk).update(
                created_at=request.created_at - dt.timedelta(days=number)
            )
        counts.append(queries_of(client, url))
    assert counts[0] == counts[1] <= 6


def test_pages_need_a_session_and_only_open(cast: Cast) -> None:
    for url in ("/", reverse("home:my-requests")):
        assert Client().get(url).status_code == 302
        assert signed_in(cast.shadow).post(url).status_code == 405


def test_what_waits_about_a_visit_is_drawn_as_agreed(cast: Cast) -> None:
    visit, asked = cast.agreed().placement, cast.window()
    request = cast.submitted(session=asked)
    waiting.open_item(cast.shadow, WaitingKind.REFLECT, visit, plan=[])
    waiting.open_item(cast.shadow, WaitingKind.CHANGE_REQUEST, request, plan=[])
    cards = cards_of(list(awaiting(cast.shadow).order_by("since")), cast.shadow)
    assert [card.state for card in cards] == ["agreed", "asked"]
    assert cards[0].title == "What did your visit to IT Services teach you?"
