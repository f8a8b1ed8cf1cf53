"""The host's dates: inside the asked window, inside the manager's, outside both, and impossible ones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import TransitionError, perform
from shadowing.enums import HostManagerPart, RequestStatus
from shadowing.models import ProposedVisit, Request, Session
from shadowing.rules.rules import Times
from tests.cast import Cast, member
from tests.factories import RequestFactory, at

S = RequestStatus


@pytest.fixture
def arranged(cast: Cast) -> Request:
    """With the host; asked for days 20 to 25, the manager agreed to days 20 to 35."""
    today = timezone.localdate()
    request = cast.submitted(
        session=cast.window(),
        window_starts=today + dt.timedelta(days=20),
        window_ends=today + dt.timedelta(days=25),
        half_days=2,
    )
    return perform(request, "approve", actor=cast.manager, window_ends=today + dt.timedelta(days=35))


def visit(day: int, hour: int = 10) -> Times:
    return (at(day, hour), at(day, hour + 3))


def test_dates_in_the_asked_window_are_agreed_at_once(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(21), visit(22)])
    assert request.status == S.AGREED
    assert request.placement.visits.count() == 2


def test_dates_in_the_managers_window_only_need_the_shadows_yes(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(30)])
    assert request.status == S.DATES_PROPOSED
    assert WaitingItem.objects.open().get().owner == cast.shadow
    assert perform(request, "confirm_dates", actor=cast.shadow).status == S.AGREED


def test_dates_outside_go_back_to_the_manager(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(40)])
    assert request.status == S.WITH_MANAGER
    assert WaitingItem.objects.open().get().owner == cast.manager


def test_suggestion_is_always_confirmed_by_the_shadow(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "propose_dates", actor=cast.host, visits=[visit(21)])
    assert request.status == S.DATES_PROPOSED


def test_place_is_held_while_dates_are_confirmed(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(30)])
    assert Session.objects.get(pk=request.session_id).taken == 1


def test_rejected_dates_go_back_to_the_host_with_words(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(30)])
    with pytest.raises(TransitionError, match="which days would suit you"):
        perform(request, "reject_dates", actor=cast.shadow, words=" ")
    request = perform(request, "reject_dates", actor=cast.shadow, words="Any Thursday.")
    assert request.status == S.WITH_HOST
    assert not ProposedVisit.objects.exists()


def test_manager_declining_the_hosts_dates_gives_the_place_back(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(40)])
    request = perform(request, "decline", actor=cast.manager, reason="timing")
    assert request.status == S.DECLINED
    assert Session.objects.get(pk=request.session_id).taken == 0


def test_managers_yes_to_other_dates_widens_the_window(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "agree", actor=cast.host, visits=[visit(40)])
    request = perform(request, "approve", actor=cast.manager)
    assert request.within_agreed(timezone.localdate(at(40)), timezone.localdate(at(40)))


@pytest.mark.parametrize(
    ("visits", "words"),
    [
        ([], "on which day"),
        ([(at(21, 13), at(21, 10))], "cannot end before it starts"),
        ([(at(-1), at(-1, 12))], "in the past"),
        ([(at(21, 9), at(21, 12)), (at(21, 11), at(21, 13))], "overlap each other"),
        (
            [(at(21, 1) + dt.timedelta(hours=n), at(21, 2) + dt.timedelta(hours=n)) for n in range(13)],
            "12 dates",
        ),
    ],
)
def test_impossible_dates_are_refused_in_words(
    cast: Cast, arranged: Request, visits: list[Times], words: str
) -> None:
    with pytest.raises(TransitionError, match=words):
        perform(arranged, "agree", actor=cast.host, visits=visits)
    assert Request.objects.get(pk=arranged.pk).status == S.WITH_HOST


def test_dated_session_needs_no_dates_from_the_host(cast: Cast) -> None:
    assert cast.agreed().placement.visits.get().starts_at == cast.session.starts_at


def test_place_contact_and_agenda_survive_until_the_last_yes(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    given: dict[str, Any] = {
        "place": "Service desk, ground floor",
        "contact": "Reception",
        "agenda": "10:00 Coffee",
    }
    request = perform(cast.approved(), "agree", actor=cast.host, **given)
    placement = perform(request, "agree_hosting", actor=cast.host_manager).placement
    assert {key: getattr(placement, key) for key in given} == given


def test_hosts_managers_no_gives_the_place_back_and_ends_it(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = perform(cast.agreed(), "refuse_hosting", actor=cast.host_manager, reason="busy")
    assert request.status == S.DECLINED
    assert Session.objects.get(pk=cast.session.pk).taken == 0


def test_no_needs_a_reason(cast: Cast) -> None:
    request = cast.approved()
    with pytest.raises(TransitionError, match="Choose a reason"):
        perform(request, "decline_hosting", actor=cast.host)


def test_full_session_can_be_answered_with_the_waiting_list_only(cast: Cast) -> None:
    late = RequestFactory.create(shadow=member(cast.estates, line_manager=cast.manager), session=cast.session)
    late = perform(perform(late, "submit", actor=late.shadow), "approve", actor=cast.manager)
    with pytest.raises(TransitionError, match="still a free place"):
        perform(late, "put_on_waiting_list", actor=cast.host)
    cast.agreed()
    with pytest.raises(TransitionError, match="places of this session are taken"):
        perform(late, "agree", actor=cast.host)
    assert perform(late, "put_on_waiting_list", actor=cast.host).status == S.WAITING_LIST


def test_host_who_is_elsewhere_then_cannot_agree(cast: Cast) -> None:
    cast.agreed()
    start = cast.session.starts_at + dt.timedelta(hours=1)
    window = cast.window()
    other = RequestFactory.create(
        shadow=member(cast.estates, line_manager=cast.manager),
        session=window,
        window_starts=timezone.localdate(window.starts_at),
        window_ends=timezone.localdate(window.ends_at),
    )
    other = perform(perform(other, "submit", actor=other.shadow), "approve", actor=cast.manager)
    with pytest.raises(TransitionError, match="Hana Host already has an agreed visit"):
        perform(other, "agree", actor=cast.host, visits=[(start, start + dt.timedelta(hours=1))])


def test_withdrawing_gives_the_held_place_to_the_next_in_line(cast: Cast) -> None:
    holder = perform(cast.approved(), "propose_dates", actor=cast.host)
    late = RequestFactory.create(shadow=member(cast.estates, line_manager=cast.manager), session=cast.session)
    late = perform(perform(late, "submit", actor=late.shadow), "approve", actor=cast.manager)
    assert late.status == S.WAITING_LIST
    perform(holder, "withdraw", actor=cast.shadow)
    late = Request.objects.get(pk=late.pk)
    assert (late.status, late.holds_place) == (S.WITH_HOST, True)


def test_holder_of_last_place_is_not_put_on_waiting_list(cast: Cast) -> None:
    held = perform(cast.approved(), "propose_dates", actor=cast.host)
    held = perform(held, "reject_dates", actor=cast.shadow, words="Any Thursday.")
    assert (held.status, held.holds_place) == (S.WITH_HOST, True)
    with pytest.raises(TransitionError, match="still a free place"):
        perform(held, "put_on_waiting_list", actor=cast.host)
