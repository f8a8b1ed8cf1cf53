"""Changing the sessions of an offer: places, times and removal, and the mails to people who asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Offer, Request, Session
from shadowing.offers.workflow.capacity import change_places
from shadowing.offers.workflow.sessions import Slot, save_offer
from tests.cast import Cast, member
from tests.factories import RequestFactory, SessionFactory, at
from tests.shadowing.offering import row, signed_in, stored, window
from tests.shadowing.offers.test_offer_forms import edit

S = RequestStatus


def save(cast: Cast, *slots: Slot) -> Offer:
    """Store the cast's offer with these sessions."""
    offer = Offer.objects.get(pk=cast.offer.pk)
    return save_offer(offer, slots, co_hosts=[], fields=["title"], actor=cast.host)


def slot(session: Session, **given: Any) -> Slot:
    """A stored session as it is, but for ``given``."""
    fields = {"starts_at": session.starts_at, "ends_at": session.ends_at, "places": session.places}
    return Slot(**{**fields, "by_arrangement": session.by_arrangement, "pk": session.pk, **given})


def another(cast: Cast) -> Slot:
    """A new session far from the others."""
    return Slot(starts_at=at(70, 9), ends_at=at(70, 12), places=1)


def queue(cast: Cast, number: int) -> list[Request]:
    """So many people on the waiting list of the full session."""
    cast.agreed()
    found = []
    for _ in range(number):
        person = member(cast.estates, line_manager=cast.manager)
        sent = perform(RequestFactory.create(shadow=person, session=cast.session), "submit", actor=person)
        found.append(perform(sent, "approve", actor=cast.manager))
    assert {request.status for request in found} <= {S.WAITING_LIST}
    return found


def states(requests: list[Request]) -> list[str]:
    return [Request.objects.get(pk=request.pk).status for request in requests]


def told(request: Request) -> set[str]:
    return set(Message.objects.filter(key__startswith=str(request.pk)).values_list("template", flat=True))


def test_more_places_are_offered_to_the_waiting_list_in_order(cast: Cast) -> None:
    waiting = queue(cast, 3)
    change_places(cast.session, 3)
    assert states(waiting) == [S.WITH_HOST, S.WITH_HOST, S.WAITING_LIST]
    session = Session.objects.get(pk=cast.session.pk)
    assert (session.places, session.taken) == (3, 3)


def test_more_places_in_the_form_reach_the_waiting_list(client: Client, cast: Cast) -> None:
    waiting = queue(cast, 1)
    places = row(0, **{**stored(cast.session), "places": "2"})
    assert edit(signed_in_host(client, cast), cast.offer, **places).status_code == 303
    assert states(waiting) == [S.WITH_HOST]


def signed_in_host(client: Client, cast: Cast) -> Client:
    return signed_in(client, cast.host)


def test_fewer_places_than_taken_are_refused_in_words(client: Client, cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(places=3, taken=2)
    with pytest.raises(TransitionError, match="2 places are agreed or held already"):
        change_places(cast.session, 1)
    change_places(cast.session, 2)
    cast.session.refresh_from_db()
    response = edit(
        signed_in_host(client, cast), cast.offer, **row(0, **{**stored(cast.session), "places": "1"})
    )
    assert (response.status_code, "2 places are agreed or held" in response.content.decode()) == (422, True)


def test_session_nobody_asked_for_moves_freely(cast: Cast) -> None:
    save(cast, slot(cast.session, starts_at=at(40, 9), ends_at=at(40, 12)))
    cast.session.refresh_from_db()
    assert cast.session.starts_at == at(40, 9)
    assert Offer.objects.get(pk=cast.offer.pk).last_at == at(40, 9)


def test_session_people_asked_for_does_not_move(client: Client, cast: Cast) -> None:
    cast.submitted()
    with pytest.raises(TransitionError, match="its time stays"):
        save(cast, slot(cast.session, ends_at=cast.session.ends_at + dt.timedelta(hours=1)))
    moved = row(0, **{**stored(cast.session), "ends": "16:00"})
    html = edit(signed_in_host(client, cast), cast.offer, **moved).content.decode()
    assert "its time stays. You can remove it" in html
    assert "1 person has asked for it" in html


def test_draft_request_nobody_sent_does_not_bind_the_session(cast: Cast) -> None:
    cast.draft()
    save(cast, slot(cast.session, starts_at=at(40, 9), ends_at=at(40, 12)))
    cast.session.refresh_from_db()
    assert cast.session.starts_at == at(40, 9)


def test_session_nobody_asked_for_is_deleted(cast: Cast) -> None:
    save(cast, another(cast))
    assert [session.starts_at for session in cast.offer.sessions.all()] == [at(70, 9)]


def test_session_with_an_agreed_visit_is_not_removed(client: Client, cast: Cast) -> None:
    cast.agreed()
    with pytest.raises(TransitionError, match="A visit is agreed"):
        save(cast, another(cast))
    html = edit(signed_in_host(client, cast), cast.offer, **{"session-0-remove": "on"}).content.decode()
    assert "A visit is agreed for this session. Cancel the visit" in html
    cast.session.refresh_from_db()
    assert not cast.session.cancelled


def test_removed_session_ends_requests_with_the_manager_and_tells_both(cast: Cast) -> None:
    request = cast.submitted()
    save(cast, another(cast))
    cast.session.refresh_from_db()
    request.refresh_from_db()
    assert (cast.session.cancelled, request.status) == (True, S.DECLINED)
    assert {"session_called_off_to_shadow", "session_called_off_to_manager"} <= told(request)
    assert not WaitingItem.objects.open().exists()
    entry = HistoryEntry.objects.about(request).last()
    assert entry is not None
    assert (entry.action, entry.actor, entry.to_state) == ("call_off", None, S.DECLINED)


def test_removed_session_gives_its_places_back_and_offers_them_to_nobody(cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(places=1)
    asked = cast.approved()
    asked = perform(asked, "propose_dates", actor=cast.host)
    assert asked.holds_place
    person = member(cast.estates, line_manager=cast.manager)
    sent = perform(RequestFactory.create(shadow=person, session=cast.session), "submit", actor=person)
    second = perform(sent, "approve", actor=cast.manager)
    assert second.status == S.WAITING_LIST
    save(cast, another(cast))
    assert states([asked, second]) == [S.DECLINED, S.DECLINED]
    cast.session.refresh_from_db()
    assert cast.session.taken == 0
    assert "session_called_off_to_manager" not in told(asked)


def test_request_for_a_removed_session_cannot_be_revived(cast: Cast) -> None:
    request = cast.approved()
    request.decisions.update(undo_until=timezone.now() + dt.timedelta(minutes=5))
    save(cast, another(cast))
    with pytest.raises(TransitionError):
        perform(Request.objects.get(pk=request.pk), "undo_decision", actor=cast.manager)


def test_time_of_a_removed_session_can_be_given_again(cast: Cast) -> None:
    cast.submitted()
    save(cast, Slot(starts_at=cast.session.starts_at, ends_at=cast.session.ends_at, places=1))
    assert cast.offer.sessions.filter(cancelled=False).get().pk != cast.session.pk


def test_two_sessions_at_one_time_are_refused_in_words(cast: Cast) -> None:
    with pytest.raises(TransitionError, match="starts at this time"):
        save(cast, slot(cast.session), Slot(cast.session.starts_at, cast.session.ends_at, places=1))
    assert cast.offer.sessions.count() == 1


def test_past_sessions_are_left_alone(cast: Cast) -> None:
    past = SessionFactory.create(offer=cast.offer, starts_at=at(-10, 9), ends_at=at(-10, 12))
    save(cast, slot(cast.session))
    assert cast.offer.sessions.filter(pk=past.pk, cancelled=False).exists()


def test_refused_session_saves_nothing(cast: Cast) -> None:
    cast.agreed()
    offer = Offer.objects.get(pk=cast.offer.pk)
    offer.title = "Half saved"
    with pytest.raises(TransitionError):
        save_offer(offer, [another(cast)], co_hosts=[cast.stranger], fields=["title"], actor=cast.host)
    cast.offer.refresh_from_db()
    assert cast.offer.title != "Half saved"
    assert not cast.offer.co_hosts.exists()


def window_asked_for(cast: Cast) -> Session:
    """A window from day 10 to 90 in which days 20 to 25 have been asked for."""
    session = cast.window()
    first = timezone.localdate() + dt.timedelta(days=20)
    request = RequestFactory.create(
        shadow=cast.shadow, session=session, window_starts=first, window_ends=first + dt.timedelta(days=5)
    )
    perform(request, "submit", actor=cast.shadow)
    return session


@pytest.mark.parametrize(
    ("first", "last", "fine"), [(10, 25, True), (20, 90, True), (21, 90, False), (10, 24, False)]
)
def test_window_keeps_the_days_people_asked_for(
    client: Client, cast: Cast, first: int, last: int, fine: bool
) -> None:
    session = window_asked_for(cast)
    today = timezone.localdate()
    given = window(
        window_first=f"{today + dt.timedelta(days=first):%Y-%m-%d}",
        window_last=f"{today + dt.timedelta(days=last):%Y-%m-%d}",
    )
    response = edit(signed_in_host(client, cast), session.offer, **given)
    assert response.status_code == (303 if fine else 422)
    assert ("have to stay inside the window" in response.content.decode()) is not fine


def test_change_from_window_to_dates_calls_the_window_off(client: Client, cast: Cast) -> None:
    session = window_asked_for(cast)
    response = edit(signed_in_host(client, cast), session.offer, sessions="1", **row(0))
    assert response.status_code == 303
    session.refresh_from_db()
    assert session.cancelled
    assert Request.objects.get(session=session).status == S.DECLINED
    assert session.offer.sessions.filter(cancelled=False, by_arrangement=False).count() == 1


def test_row_of_another_offer_becomes_a_session_of_its_own(client: Client, cast: Cast) -> None:
    theirs = SessionFactory.create()
    edit(
        signed_in_host(client, cast),
        cast.offer,
        sessions="1",
        **row(0, pk=str(theirs.pk), day=stored(theirs)["day"]),
    )
    fresh = Session.objects.get(pk=theirs.pk)
    assert (fresh.offer_id, fresh.starts_at) == (theirs.offer_id, theirs.starts_at)
