"""A host's own offers, and the actions on an offer: who may perform them, when, and only by POST."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import HistoryEntry
from shadowing.models import Offer
from shadowing.offers.workflow.offers import OFFERS
from tests.cast import Cast
from tests.factories import OfferFactory, take_on
from tests.shadowing.offering import open_offer, signed_in

MINE = "/offers/mine/"


def act(client: Client, offer: Offer, action: str, **given: str) -> int:
    return client.post(f"/offers/{offer.pk}/act/{action}/", given).status_code


def state(offer: Offer) -> str:
    return Offer.objects.get(pk=offer.pk).status


def test_empty_page_invites_to_post_the_first(client: Client, cast: Cast) -> None:
    html = signed_in(client, cast.shadow).get(MINE).content.decode()
    assert "Offer your first visit" in html
    assert "/offers/new/" in html


def test_page_lists_hosted_and_co_hosted_offers_once(client: Client, cast: Cast) -> None:
    theirs = OfferFactory.create(
        scheme=cast.scheme, department=cast.library, title="Theirs", host=cast.shadow
    )
    together = open_offer(cast, title="Together", host=cast.shadow)
    take_on(together, cast.host, cast.stranger)
    html = signed_in(client, cast.host).get(MINE).content.decode()
    assert html.count(cast.offer.get_absolute_url()) == 1
    assert html.count(together.get_absolute_url()) == 1
    assert theirs.get_absolute_url() not in html


def test_page_hides_requests_the_manager_has_not_agreed_to(client: Client, cast: Cast) -> None:
    request = cast.submitted()
    html = signed_in(client, cast.host).get(MINE).content.decode()
    assert request.get_absolute_url() not in html
    assert "Nobody has asked yet." in html


def test_page_asks_for_the_answer_that_waits(client: Client, cast: Cast) -> None:
    request = cast.approved()
    html = signed_in(client, cast.host).get(MINE).content.decode()
    assert request.get_absolute_url() in html
    assert "Waiting for your answer" in html


def test_drafts_come_first_and_closed_last(client: Client, cast: Cast) -> None:
    for title, status in (("A closed", "closed"), ("A draft", "draft"), ("A paused", "paused")):
        offer = open_offer(cast, title=title)
        Offer.objects.filter(pk=offer.pk).update(status=status)
    html = signed_in(client, cast.host).get(MINE).content.decode()
    order = [html.index(title) for title in ("A draft", cast.offer.title, "A paused", "A closed")]
    assert order == sorted(order)


def test_host_pauses_resumes_and_closes(client: Client, cast: Cast) -> None:
    signed_in(client, cast.host)
    for action, after in (("pause", "paused"), ("resume", "open"), ("close_offer", "closed")):
        assert act(client, cast.offer, action) == 303
        assert state(cast.offer) == after
    assert HistoryEntry.objects.about(cast.offer).count() == 3


@pytest.mark.parametrize("action", sorted(OFFERS.transitions))
def test_offer_action_accepts_post_only(client: Client, cast: Cast, action: str) -> None:
    url = f"/offers/{cast.offer.pk}/act/{action}/"
    signed_in(client, cast.host)
    assert client.get(url).status_code == client.head(url).status_code == 405
    assert state(cast.offer) == "open"


@pytest.mark.parametrize("action", sorted(OFFERS.transitions))
@pytest.mark.parametrize(
    "who", ["shadow", "manager", "deputy", "host_manager", "dept_coordinator", "stranger"]
)
def test_actions_of_other_people_are_refused(client: Client, cast: Cast, who: str, action: str) -> None:
    signed_in(client, cast.people()[who])
    assert act(client, cast.offer, action, words="x") == 403
    Offer.objects.update(status="draft", opened_at=None)
    assert act(client, cast.offer, action, words="x") == 404
    assert state(cast.offer) == "draft"


def test_unknown_action_is_404(client: Client, cast: Cast) -> None:
    assert act(signed_in(client, cast.host), cast.offer, "explode") == 404


def test_second_click_shows_the_conflict_sentence(client: Client, cast: Cast) -> None:
    signed_in(client, cast.host)
    act(client, cast.offer, "close_offer")
    response = client.post(f"/offers/{cast.offer.pk}/act/pause/")
    assert response.status_code == 409
    assert "This offer is closed now" in response.content.decode()


def checked(cast: Cast) -> None:
    """The scheme checks offers, and the offer waits for that."""
    cast.scheme.offers_checked = True
    cast.scheme.save()
    Offer.objects.update(status="draft", opened_at=None)


def test_checked_offer_is_opened_by_the_coordinator_alone(client: Client, cast: Cast) -> None:
    checked(cast)
    signed_in(client, cast.host)
    assert act(client, cast.offer, "publish") == 303
    assert state(cast.offer) == "awaiting_check"
    assert act(client, cast.offer, "approve_offer") == 403
    signed_in(client, cast.coordinator)
    html = client.get(cast.offer.get_absolute_url()).content.decode()
    assert "Open it to everybody" in html
    assert "Send it back" in html
    assert act(client, cast.offer, "approve_offer") == 303
    assert state(cast.offer) == "open"


@pytest.mark.parametrize("words", ["", "  ", "\x00", "x" * 3000])
def test_offer_is_sent_back_with_words_only(client: Client, cast: Cast, words: str) -> None:
    checked(cast)
    act(signed_in(client, cast.host), cast.offer, "publish")
    signed_in(client, cast.coordinator)
    assert act(client, cast.offer, "send_back_offer", words=words) == 409
    assert act(client, cast.offer, "send_back_offer", words="Say where to report.") == 303
    assert state(cast.offer) == "draft"


def test_offer_without_dates_does_not_open(client: Client, cast: Cast) -> None:
    Offer.objects.update(status="draft", opened_at=None)
    cast.session.delete()
    signed_in(client, cast.host)
    assert act(client, cast.offer, "publish") == 409
    assert state(cast.offer) == "draft"
