"""Many at once, over real connections: nothing is oversold, nobody is in two places, one decision stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Placement, Request, Session, Visit
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at

pytestmark = pytest.mark.django_db(transaction=True)
S = RequestStatus
AT_ONCE = 50


@pytest.fixture
def everyone(transactional_db: None, cast: Cast) -> Cast:
    """The cast in a database whose rows other connections see."""
    return cast


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do ``acts`` on as many connections at the same moment; return results, refusals as their sentence."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        except TransitionError as refusal:
            return refusal.sentence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def requests_with_host(cast: Cast, session: Session, number: int) -> list[Request]:
    """``number`` people whose managers have agreed, all with the host."""
    return [sent_to_host(cast, session) for _ in range(number)]


def sent_to_host(cast: Cast, session: Session, shadow: Person | None = None) -> Request:
    shadow = shadow or member(cast.estates, line_manager=cast.manager)
    request = RequestFactory.create(shadow=shadow, session=session)
    return perform(perform(request, "submit", actor=shadow), "approve", actor=cast.manager)


def agreeing(requests: list[Request]) -> list[Callable[[], object]]:
    return [partial(perform, request, "agree", actor=request.offer.host) for request in requests]


def test_last_place_goes_to_exactly_one_of_fifty(everyone: Cast) -> None:
    requests = requests_with_host(everyone, everyone.session, AT_ONCE)
    results = all_at_once(agreeing(requests))
    agreed = [result for result in results if isinstance(result, Request)]
    refused = [result for result in results if isinstance(result, str)]
    assert len(agreed) == 1
    assert len(refused) == AT_ONCE - 1
    assert all("places of this session are taken" in sentence for sentence in refused)
    session = Session.objects.get(pk=everyone.session.pk)
    assert (session.taken, Placement.objects.count()) == (1, 1)


def test_nobody_is_turned_away_while_there_is_room(everyone: Cast) -> None:
    Session.objects.filter(pk=everyone.session.pk).update(places=20)
    requests = requests_with_host(everyone, everyone.session, 20)
    results = all_at_once(agreeing(requests))
    assert all(isinstance(result, Request) for result in results)
    assert Session.objects.get(pk=everyone.session.pk).taken == 20


def test_withdrawals_beside_agreements_leave_the_count_true(everyone: Cast) -> None:
    requests = requests_with_host(everyone, everyone.session, 12)
    Session.objects.filter(pk=everyone.session.pk).update(places=3)
    acts = agreeing(requests[:8])
    acts += [partial(perform, request, "withdraw", actor=request.shadow) for request in requests[4:]]
    all_at_once(acts)
    held = Request.objects.filter(holds_place=True).count()
    session = Session.objects.get(pk=everyone.session.pk)
    assert session.taken == held == Placement.objects.not_called_off().count() <= 3


def test_one_person_is_agreed_at_one_place_at_a_time(everyone: Cast) -> None:
    """The scheme's cap is out of the way, so that only the overlap speaks against it."""
    everyone.scheme.cap_half_days, everyone.scheme.live_requests = 100, 100
    everyone.scheme.save()
    shadow = member(everyone.estates, line_manager=everyone.manager)
    requests = []
    for minutes in range(0, 100, 10):
        host = member(everyone.it)
        offer = OfferFactory.create(scheme=everyone.scheme, department=everyone.it, host=host)
        start = at(30, 9) + dt.timedelta(minutes=minutes)
        requests.append(sent_to_host(everyone, SessionFactory.create(offer=offer, starts_at=start), shadow))
    results = all_at_once(agreeing(requests))
    assert sum(isinstance(result, Request) for result in results) == 1
    assert Visit.objects.filter(shadow=shadow, stands=True).count() == 1
    assert Session.objects.filter(taken=1).count() == 1


def test_cap_of_half_days_holds_under_simultaneous_agreements(everyone: Cast) -> None:
    everyone.scheme.cap_half_days, everyone.scheme.live_requests = 2, 100
    everyone.scheme.save()
    shadow = member(everyone.estates, line_manager=everyone.manager)
    requests = []
    for day in range(20, 28):
        host = member(everyone.it)
        offer = OfferFactory.create(scheme=everyone.scheme, department=everyone.it, host=host)
        session = SessionFactory.create(offer=offer, starts_at=at(day))
        requests.append(sent_to_host(everyone, session, shadow))
    results = all_at_once(agreeing(requests))
    assert sum(isinstance(result, Request) for result in results) == 2


def test_live_requests_per_person_hold_under_simultaneous_sending(everyone: Cast) -> None:
    everyone.scheme.live_requests = 3
    everyone.scheme.save()
    drafts = []
    for _ in range(8):
        offer = OfferFactory.create(scheme=everyone.scheme, department=everyone.it, host=everyone.host)
        drafts.append(everyone.draft(session=SessionFactory.create(offer=offer)))
    all_at_once([partial(perform, draft, "submit", actor=everyone.shadow) for draft in drafts])
    assert Request.objects.under_way().filter(shadow=everyone.shadow).count() == 3


@pytest.mark.parametrize("rival", ["approve", "decline", "withdraw"])
def test_two_deciders_make_one_decision(everyone: Cast, rival: str) -> None:
    request = everyone.submitted()
    rival_actor = everyone.shadow if rival == "withdraw" else everyone.deputy
    mails = Message.objects.count()
    acts: list[Callable[[], object]] = []
    for _ in range(8):
        acts.append(partial(perform, request, "approve", actor=everyone.manager))
        acts.append(partial(perform, request, rival, actor=rival_actor, reason="cover"))
    results = all_at_once(acts)
    moves = HistoryEntry.objects.about(request).exclude(action="submit")
    done = [result for result in results if isinstance(result, Request)]
    # A withdrawal may follow an approval; otherwise one decision is all there is.
    assert len(done) == moves.count() == (1 if rival != "withdraw" else len(done))
    assert moves.filter(action="approve").count() <= 1
    assert moves.filter(action=rival).count() <= 1
    assert Message.objects.count() > mails
