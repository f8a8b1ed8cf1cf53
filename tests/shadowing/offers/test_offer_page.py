"""The page of one offer: ask for a place, join the waiting list, or read why not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.workflow import perform
from shadowing.models import Offer, Session
from tests.cast import Cast, member
from tests.factories import RequestFactory
from tests.shadowing.offering import open_offer, signed_in
from tests.shadowing.offers.test_offer_views import page


def refused(client: Client, cast: Cast, person: Any) -> str:
    html = page(signed_in(client, person), cast.offer.get_absolute_url())
    assert "Ask for a place" not in html
    found = re.search(r'class="refusal">(.*?)</p>', html, re.DOTALL)
    return found[1] if found else html


def test_visitor_may_ask(client: Client, cast: Cast) -> None:
    html = page(signed_in(client, cast.shadow), cast.offer.get_absolute_url())
    assert reverse("shadowing:request-create", args=[cast.offer.pk]) in html
    assert "1 place; nobody has asked yet." in html


def test_page_says_why_a_person_cannot_ask(client: Client, cast: Cast) -> None:
    assert "your own department" in refused(client, cast, cast.host_manager)
    cast.scheme.live_requests = 1
    cast.scheme.save()
    other = open_offer(cast)
    RequestFactory.create(
        shadow=cast.shadow, session=other.sessions.get(), status="with_manager", submitted_at=timezone.now()
    )
    assert "1 requests under way" in refused(client, cast, cast.shadow)
    Offer.objects.update(deadline=timezone.localdate() - dt.timedelta(days=1))
    assert "last day to apply" in refused(client, cast, cast.shadow)
    Offer.objects.update(status="paused")
    assert "paused" in refused(client, cast, cast.shadow)


def test_person_without_a_department_reads_why(client: Client, cast: Cast) -> None:
    cast.stranger.membership.delete()
    assert "no place in a department" in refused(client, cast, cast.stranger)


def test_offer_without_dates_says_so(client: Client, cast: Cast) -> None:
    cast.session.delete()
    assert "No dates are to come" in refused(client, cast, cast.shadow)


def test_full_session_leads_to_the_waiting_list(client: Client, cast: Cast) -> None:
    cast.agreed()
    other = member(cast.estates, line_manager=cast.manager)
    html = page(signed_in(client, other), cast.offer.get_absolute_url())
    assert "Join the waiting list" in html
    assert "The one place is taken; you can join the waiting list." in html


def test_page_counts_who_has_asked(client: Client, cast: Cast) -> None:
    Session.objects.update(places=2)
    cast.draft(shadow=member(cast.estates))
    cast.submitted()
    html = page(signed_in(client, cast.stranger), cast.offer.get_absolute_url())
    assert "2 places; 1 person has asked." in html


def test_own_request_is_linked_instead_of_asking_again(client: Client, cast: Cast) -> None:
    request = cast.submitted()
    html = page(signed_in(client, cast.shadow), cast.offer.get_absolute_url())
    assert request.get_absolute_url() in html
    assert "Ask for a place" not in html


def test_page_links_topics_and_more_of_the_department(client: Client, cast: Cast) -> None:
    Offer.objects.update(topics=["exams & marks"])
    other = open_offer(cast, title="Another one")
    html = page(signed_in(client, cast.shadow), cast.offer.get_absolute_url())
    assert "?q=exams%20%26%20marks" in html
    assert other.get_absolute_url() in html


def test_offer_sent_back_shows_the_words_to_editors(client: Client, cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    Offer.objects.update(status="draft", opened_at=None)
    waiting = perform(Offer.objects.get(pk=cast.offer.pk), "publish", actor=cast.host)
    perform(waiting, "send_back_offer", actor=cast.coordinator, words="Say where to report.")
    assert "Say where to report." in page(signed_in(client, cast.host), cast.offer.get_absolute_url())
