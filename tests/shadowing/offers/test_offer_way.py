"""Transitions of an offer: draft, checked where the scheme requires it, open, paused, closed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, available_actions, perform
from messaging.models import Message
from shadowing.enums import OfferStatus, WaitingKind
from shadowing.models import Offer
from shadowing.offers.workflow.offers import OFFERS
from tests.cast import Cast
from tests.factories import OfferFactory, SessionFactory, at

S = OfferStatus
# Expected, written out by hand.
POSSIBLE = {
    S.DRAFT: {"publish", "close_offer"},
    S.AWAITING_CHECK: {"approve_offer", "send_back_offer", "close_offer"},
    S.OPEN: {"pause", "close_offer"},
    S.PAUSED: {"resume", "close_offer"},
    S.CLOSED: set(),
}
EDITORS = {"host", "coordinator"}
CHECKERS = {"coordinator"}
MAY = {
    "publish": EDITORS,
    "pause": EDITORS,
    "resume": EDITORS,
    "close_offer": EDITORS,
    "approve_offer": CHECKERS,
    "send_back_offer": CHECKERS,
}


def offer_in(cast: Cast, state: OfferStatus) -> Offer:
    opened = None if state in (S.DRAFT, S.AWAITING_CHECK) else timezone.now()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=state, opened_at=opened
    )
    SessionFactory.create(offer=offer)
    return offer


def test_transition_table_matches_the_expected_one() -> None:
    assert set(OFFERS.transitions) == set(MAY)


@pytest.mark.parametrize("state", list(OfferStatus))
@pytest.mark.parametrize("action", sorted(MAY))
def test_action_by_state(cast: Cast, state: OfferStatus, action: str) -> None:
    offer = offer_in(cast, state)
    if action in POSSIBLE[state]:
        after = perform(offer, action, actor=cast.coordinator, words="Please add a room.")
        thrown_away = (action, state) == ("close_offer", S.DRAFT)
        assert Offer.objects.filter(pk=offer.pk).exists() is not thrown_away
        assert thrown_away or after.status != state
        return
    with pytest.raises(TransitionError, match="can no longer be done"):
        perform(offer, action, actor=cast.coordinator)
    assert Offer.objects.get(pk=offer.pk).status == state


@pytest.mark.parametrize("action", sorted(MAY))
def test_action_by_person(cast: Cast, action: str) -> None:
    offer = offer_in(cast, next(state for state in OfferStatus if action in POSSIBLE[state]))
    for name, person in cast.people().items():
        allowed = name in MAY[action]
        assert (action in available_actions(offer, person)) is allowed, name
        if not allowed:
            with pytest.raises(PermissionDenied):
                perform(offer, action, actor=person)


def test_offer_opens_at_once_where_nobody_checks(cast: Cast) -> None:
    offer = perform(offer_in(cast, S.DRAFT), "publish", actor=cast.host)
    assert offer.status == S.OPEN
    assert offer.opened_at is not None
    assert HistoryEntry.objects.about(offer).get().to_state == "open"


def test_checked_offer_waits_for_the_coordinator(cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = perform(offer_in(cast, S.DRAFT), "publish", actor=cast.host)
    assert (offer.status, offer.opened_at) == (S.AWAITING_CHECK, None)
    item = WaitingItem.objects.open().get(owner=cast.coordinator)
    assert item.kind == WaitingKind.CHECK_OFFER
    offer = perform(offer, "approve_offer", actor=cast.coordinator)
    assert offer.status == S.OPEN
    assert not WaitingItem.objects.open().exists()
    assert Message.objects.filter(template="offer_opened_to_host", recipient=cast.host).exists()


def test_offer_sent_back_needs_words_and_waits_for_the_host(cast: Cast) -> None:
    offer = offer_in(cast, S.AWAITING_CHECK)
    with pytest.raises(TransitionError, match="what should be changed"):
        perform(offer, "send_back_offer", actor=cast.coordinator, words=" ")
    offer = perform(offer, "send_back_offer", actor=cast.coordinator, words="Which room?")
    assert (offer.status, offer.check_note) == (S.DRAFT, "Which room?")
    assert WaitingItem.objects.open().get().owner == cast.host


def test_offer_without_a_session_to_come_does_not_open(cast: Cast) -> None:
    offer = offer_in(cast, S.DRAFT)
    offer.sessions.update(starts_at=at(-3), ends_at=at(-2))
    with pytest.raises(TransitionError, match="Add a session to come"):
        perform(offer, "publish", actor=cast.host)


def test_offer_of_a_department_that_takes_no_part_does_not_open(cast: Cast) -> None:
    offer = offer_in(cast, S.DRAFT)
    cast.it.is_open = False
    cast.it.save()
    with pytest.raises(TransitionError, match="does not take part"):
        perform(offer, "publish", actor=cast.host)


def test_paused_offer_keeps_the_time_it_first_opened(cast: Cast) -> None:
    offer = offer_in(cast, S.OPEN)
    paused = perform(offer, "pause", actor=cast.host)
    assert perform(paused, "resume", actor=cast.host).opened_at == offer.opened_at


def test_pausing_leaves_requests_under_way_alone(cast: Cast) -> None:
    request = cast.approved()
    perform(cast.offer, "pause", actor=cast.host)
    assert perform(request, "agree", actor=cast.host).status == "agreed"
