"""The way of a request from being asked for to being agreed, and every turn off it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import DecisionRole, HostManagerPart, Outcome, PlacementStatus, RequestStatus
from shadowing.models import Decision, Placement, Request, Session, Visit
from tests.cast import Cast, member
from tests.factories import RequestFactory, at

S = RequestStatus


def templates(request: Request) -> set[str]:
    """Return the templates of mails queued about ``request``."""
    return set(Message.objects.filter(key__startswith=str(request.pk)).values_list("template", flat=True))


def test_submit_asks_the_line_manager_and_owes_two_mails(cast: Cast) -> None:
    request = cast.submitted()
    assert request.status == S.WITH_MANAGER
    item = WaitingItem.objects.open().get(owner=cast.manager)
    assert item.subject_id == request.pk
    assert templates(request) == {"request_submitted_to_manager", "request_submitted_to_shadow"}
    entry = HistoryEntry.objects.about(request).get()
    assert (entry.actor, entry.action, entry.from_state, entry.to_state) == (
        cast.shadow,
        "submit",
        "draft",
        "with_manager",
    )


def test_whole_way_makes_a_placement_with_its_visit(cast: Cast) -> None:
    request = cast.agreed()
    assert request.status == S.AGREED
    placement = Placement.objects.get(request=request)
    visit = placement.visits.get()
    assert (visit.starts_at, visit.ends_at) == (cast.session.starts_at, cast.session.ends_at)
    cast.session.refresh_from_db()
    assert cast.session.taken == 1
    assert not WaitingItem.objects.open().exists()
    mails = set(Message.objects.filter(key__startswith=str(placement.pk)).values_list("template", flat=True))
    assert mails == {f"placement_agreed_to_{who}" for who in ("shadow", "host", "manager", "host_manager")}


def test_dates_outside_the_managers_window_go_back_to_the_manager_then_to_the_shadow(cast: Cast) -> None:
    window = cast.window()
    first = timezone.localdate() + dt.timedelta(days=20)
    request = cast.approved(session=window, window_starts=first, window_ends=first + dt.timedelta(days=5))
    request = perform(request, "agree", actor=cast.host, visits=[(at(40, 10), at(40, 13))], place="Desk 4")
    assert request.status == S.WITH_MANAGER
    request = perform(request, "approve", actor=cast.manager)
    assert request.status == S.DATES_PROPOSED
    request = perform(request, "confirm_dates", actor=cast.shadow)
    assert request.status == S.AGREED
    assert request.placement.place == "Desk 4"


def test_freed_place_is_offered_to_the_first_in_line(cast: Cast) -> None:
    agreed = cast.agreed()
    others = [member(cast.estates, line_manager=cast.manager) for _ in range(2)]
    queue = []
    for person in others:
        draft = RequestFactory.create(shadow=person, session=cast.session)
        sent = perform(draft, "submit", actor=person)
        queue.append(perform(sent, "approve", actor=cast.manager))
    assert [request.status for request in queue] == [S.WAITING_LIST, S.WAITING_LIST]
    perform(agreed.placement, "cancel", actor=cast.shadow, reason="workload", words="Sorry")
    first, second = (Request.objects.get(pk=request.pk) for request in queue)
    assert (first.status, second.status) == (S.WITH_HOST, S.WAITING_LIST)
    assert first.holds_place
    assert Session.objects.get(pk=cast.session.pk).taken == 1
    assert not Visit.objects.filter(stands=True).exists()
    assert Placement.objects.get().status == PlacementStatus.CANCELLED


def test_hosts_manager_must_agree_where_the_scheme_says_so(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = cast.agreed()
    assert request.status == S.WITH_HOST_MANAGER
    request = perform(request, "agree_hosting", actor=cast.host_manager)
    assert request.status == S.AGREED


def test_deputy_decides_on_behalf_of_the_manager(cast: Cast) -> None:
    request = perform(cast.submitted(), "approve", actor=cast.deputy)
    decision = Decision.objects.get(request=request, role=DecisionRole.LINE_MANAGER)
    assert (decision.outcome, decision.answered_by, decision.on_behalf) == (Outcome.AGREED, cast.deputy, True)
    assert [entry.on_behalf_of for entry in HistoryEntry.objects.about(request)] == [None, cast.manager]


def test_second_decision_comes_too_late(cast: Cast) -> None:
    request = cast.approved()
    with pytest.raises(TransitionError, match="with the host now"):
        perform(request, "decline", actor=cast.manager, reason="cover")
