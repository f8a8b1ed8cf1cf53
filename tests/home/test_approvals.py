"""The page of decisions: one's own, as deputy and as co-host; its cost is bounded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.days import day
from accounts.models import Delegation, WaitingItem
from accounts.workflow import perform
from shadowing.enums import HostManagerPart, OfferStatus
from shadowing.models import Request
from tests.cast import Cast
from tests.factories import OfferFactory, SessionFactory, at, take_on
from tests.shadowing.links import signed_in
from tests.shadowing.stuck import many_waiting

URL = "/approvals/"


def shown(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def decide_url(request: Request) -> str:
    return reverse("shadowing:request-decide", args=[request.pk])


def ask_many(cast: Cast, number: int) -> None:
    """Make ``number`` more requests that wait for the manager from now on."""
    many_waiting(cast, number, since=timezone.now())


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_empty_inbox_says_what_will_be_here(cast: Cast) -> None:
    assert "Nothing waits for your decision" in shown(signed_in(cast.stranger))


def test_manager_sees_who_what_by_when_and_one_link(cast: Cast) -> None:
    request = cast.submitted()
    text = shown(signed_in(cast.manager))
    item = WaitingItem.objects.get()
    assert "May Sam Shadow visit IT Services?" in text
    assert cast.offer.title in text
    assert f"answer by {day(item.due_on)}" in text
    assert f"Waiting since {day(item.since)}" in text
    assert text.count(decide_url(request)) == 1
    assert "From Library Services to IT Services" in text


def test_deputy_sees_whose_decision_it_is_and_only_while_deputy(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.deputy)
    text = shown(client)
    assert "For Mary Manager: you are the deputy." in text
    assert decide_url(request) in text
    Delegation.objects.all().delete()
    assert "Nothing waits" in shown(client)


def test_deputy_does_not_see_what_only_the_owner_can_do(cast: Cast) -> None:
    Delegation.objects.create(manager=cast.host, deputy=cast.stranger, starts_on=timezone.localdate())
    cast.approved()
    assert "Nothing waits" in shown(signed_in(cast.stranger))


@pytest.mark.parametrize("who", ["shadow", "stranger", "host", "host_manager", "coordinator"])
def test_others_see_nothing_of_it(cast: Cast, who: str) -> None:
    cast.submitted()
    assert "Nothing waits" in shown(signed_in(cast.people()[who]))


def test_host_and_co_host_see_the_answer_they_owe(cast: Cast) -> None:
    take_on(cast.offer, cast.stranger)
    request = cast.approved()
    for person in (cast.host, cast.stranger):
        text = shown(signed_in(person))
        assert "Sam Shadow would like to visit you" in text
        assert request.get_absolute_url() in text
    assert "For Hana Host: you host with them." in shown(signed_in(cast.stranger))
    perform(request, "agree", actor=cast.host)
    assert "Nothing waits" in shown(signed_in(cast.stranger))


def test_hosts_manager_is_asked_on_the_decision_page(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = cast.agreed()
    text = shown(signed_in(cast.host_manager))
    assert "May Hana Host host Sam Shadow?" in text
    assert decide_url(request) in text


def test_offer_to_check_leads_to_the_offer(cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=OfferStatus.DRAFT, opened_at=None
    )
    SessionFactory.create(offer=offer)
    perform(offer, "publish", actor=cast.host)
    text = shown(signed_in(cast.coordinator))
    assert "Check an offer of IT Services" in text
    assert offer.get_absolute_url() in text


def test_what_is_no_decision_is_not_listed(cast: Cast) -> None:
    perform(cast.submitted(), "send_back", actor=cast.manager, words="Which day?")
    assert "Nothing waits" in shown(signed_in(cast.shadow))


def test_link_brings_the_manager_back_to_the_inbox_after_deciding(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.manager)
    page = shown(client, f"{decide_url(request)}?next={URL}")
    assert f'name="next" value="{URL}"' in page
    response = client.post(decide_url(request), {"answer": "approve", "next": URL})
    assert (response.status_code, response["Location"]) == (303, URL)
    assert "Hana Host is asked for dates next" in shown(client)


def test_pages_show_every_item_once_the_longest_waiting_first(cast: Cast) -> None:
    ask_many(cast, 45)
    client, url, seen = signed_in(cast.manager), URL, []
    for _ in range(3):
        page = client.get(url)
        seen += [card.url for card in page.context["cards"]]
        url = page.context["page"].next_url
    assert url == ""
    wanted = WaitingItem.objects.order_by("since").values_list("subject_id", flat=True)
    assert seen == [f"{reverse('shadowing:request-decide', args=[pk])}?next={URL}" for pk in wanted]


@pytest.mark.parametrize(
    "after", ["x", "_", "20260101T000000Z_x", "2026-13-45T00:00:00Z_1", "\x00", "9" * 400]
)
def test_nonsense_in_the_address_shows_the_first_page(cast: Cast, after: str) -> None:
    cast.submitted()
    assert signed_in(cast.manager).get(URL, {"after": after}).context["cards"]


def test_queries_are_the_same_for_ten_and_for_a_hundred(cast: Cast) -> None:
    client = signed_in(cast.manager)
    ask_many(cast, 10)
    few = queries_of(client, URL)
    ask_many(cast, 90)
    assert queries_of(client, URL) == few
    assert few <= 8


def test_only_opening_is_possible(cast: Cast) -> None:
    client = signed_in(cast.manager)
    assert client.post(URL).status_code == 405
    assert Client().get(URL).status_code == 302


def test_proposed_dates_are_shown_to_the_manager_who_is_asked_again(cast: Cast) -> None:
    first = timezone.localdate() + dt.timedelta(days=20)
    request = cast.approved(
        session=cast.window(), window_starts=first, window_ends=first + dt.timedelta(days=5)
    )
    perform(request, "agree", actor=cast.host, visits=[(at(40, 10), at(40, 13))])
    text = shown(signed_in(cast.manager), decide_url(request))
    assert "The host proposes" in text
    assert day(at(40)) in text
    assert "had asked for" in text
