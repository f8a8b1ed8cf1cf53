"""The thank-you: once, seen before it goes, to the hosts and the host's manager, in no history."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.models import Placement, ThankYou
from tests.cast import Cast
from tests.factories import take_on
from tests.shadowing.clock import mails
from tests.shadowing.reflecting import CANARY, co_hosted, visited
from tests.shadowing.requesting import get, page_of, post, signed_in, text


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def thank(cast: Cast, placement: Placement, said: str = CANARY) -> Placement:
    """The shadow says thank you."""
    return perform(placement, "say_thanks", actor=cast.shadow, thanks=said)


def url(placement: Placement) -> str:
    """Where it is written."""
    return reverse("shadowing:thanks", args=[placement.pk])


def test_thanks_reach_hosts_and_the_hosts_manager_by_mail(cast: Cast, placement: Placement) -> None:
    colleague = co_hosted(cast)
    thank(cast, placement)
    assert {mail.recipient for mail in mails("thanks_to_host")} == {cast.host, colleague}
    assert [mail.recipient for mail in mails("thanks_to_host_manager")] == [cast.host_manager]
    for mail in mails("thanks_to_host") + mails("thanks_to_host_manager"):
        assert f"> {CANARY}" in mail.text
        assert CANARY in mail.html
    told = Message.objects.filter(text__contains=CANARY).values_list("template", flat=True)
    assert set(told) == {"thanks_to_host", "thanks_to_host_manager"}


def test_hosts_manager_gets_no_way_to_a_page_they_may_not_see(cast: Cast, placement: Placement) -> None:
    thank(cast, placement)
    mail = mails("thanks_to_host_manager")[0]
    assert f"/placements/{placement.pk}/" not in mail.text + mail.html
    assert get(cast.host_manager, placement.get_absolute_url()).status_code == 404


def test_manager_who_was_there_gets_it_once(cast: Cast, placement: Placement) -> None:
    take_on(cast.offer, cast.host_manager)
    thank(cast, placement)
    assert mails("thanks_to_host_manager") == []
    assert cast.host_manager in {mail.recipient for mail in mails("thanks_to_host")}


def test_thank_you_is_shown_to_all_readers_of_page(cast: Cast, placement: Placement) -> None:
    thank(cast, placement)
    for part in ("shadow", "host", "manager", "deputy", "coordinator", "dept_coordinator"):
        assert CANARY in page_of(getattr(cast, part), placement), part


def test_thank_you_words_are_in_no_history(cast: Cast, placement: Placement) -> None:
    thank(cast, placement)
    entry = HistoryEntry.objects.about(placement).get(action="say_thanks")
    assert (entry.reason, entry.actor) == ("", cast.shadow)
    assert "Sam Shadow said thank you." in page_of(cast.host, placement)


def test_thank_you_is_sent_once(cast: Cast, placement: Placement) -> None:
    thank(cast, placement)
    with pytest.raises(TransitionError, match="You said thank you on"):
        thank(cast, placement, "Once more")
    assert ThankYou.objects.get().words == CANARY
    for response in (
        get(cast.shadow, url(placement)),
        post(cast.shadow, url(placement), thanks="x", act="send"),
    ):
        assert response.status_code == 409
    assert url(placement) not in page_of(cast.shadow, placement)


@pytest.mark.parametrize("said", ["", " \n "])
def test_thanks_need_words(cast: Cast, placement: Placement, said: str) -> None:
    with pytest.raises(TransitionError, match="needs words"):
        thank(cast, placement, said)
    response = post(cast.shadow, url(placement), thanks=said, act="send")
    assert (response.status_code, "one sentence is enough" in text(response)) == (422, True)


@pytest.mark.parametrize("part", ["host", "manager", "deputy", "coordinator", "dept_coordinator"])
def test_only_the_visitor_thanks(cast: Cast, placement: Placement, part: str) -> None:
    person = getattr(cast, part)
    with pytest.raises(PermissionDenied):
        perform(placement, "say_thanks", actor=person, thanks="x")
    assert get(person, url(placement)).status_code == 403
    assert url(placement) not in page_of(person, placement)


@pytest.mark.parametrize("part", ["host_manager", "stranger"])
def test_others_find_nothing(cast: Cast, placement: Placement, part: str) -> None:
    assert get(getattr(cast, part), url(placement)).status_code == 404


def test_nobody_thanks_for_a_visit_to_come(cast: Cast) -> None:
    placement = cast.agreed().placement
    with pytest.raises(TransitionError):
        thank(cast, placement)
    assert get(cast.shadow, url(placement)).status_code == 409


def test_words_are_seen_before_they_go(cast: Cast, placement: Placement) -> None:
    client = signed_in(cast.shadow)
    page = client.post(url(placement), {"thanks": CANARY, "act": "preview"}).content.decode()
    assert "This is how it will arrive at Hana Host and Helga Hostmanager." in page
    assert "cannot be taken back" in page
    assert not ThankYou.objects.exists()
    page = client.post(url(placement), {"thanks": CANARY, "act": "write"}).content.decode()
    assert f">\n{CANARY}</textarea>" in page
    response = client.post(url(placement), {"thanks": CANARY, "act": "send"})
    assert (response.status_code, response["Location"]) == (303, placement.get_absolute_url())
    assert ThankYou.objects.get().words == CANARY
