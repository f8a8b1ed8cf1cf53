"""The deadlines of a request end with the day of its visit, on which it lapses."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.enums import NextStep
from accounts.models import WaitingItem
from accounts.waiting import plan_of
from accounts.workflow import perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import RequestStatus
from shadowing.models import Request
from shadowing.rules.progress import request_progress
from tests.cast import Cast
from tests.factories import SessionFactory, at
from tests.shadowing.clock import forget_mails
from tests.shadowing.visits import go_to, hours

pytestmark = pytest.mark.usefixtures("clock")
S = RequestStatus
SOON = 4  # days from Monday 1 March: before the second reminder


def soon(cast: Cast, **given: object) -> Request:
    """Submit a request for a session on Friday of this week; it is with the line manager."""
    session = SessionFactory.create(offer=cast.offer, starts_at=at(SOON, 10))
    return cast.submitted(session=session, **given)


def status_of(request: Request) -> str:
    """Return the stored status."""
    return Request.objects.values_list("status", flat=True).get(pk=request.pk)


def items_of(request: Request) -> list[WaitingItem]:
    """Return the open waiting items about the request."""
    return list(WaitingItem.objects.open().about(request))


def test_deadlines_end_with_the_visits_day(cast: Cast) -> None:
    request = soon(cast)
    (item,) = items_of(request)
    plan = plan_of(item)
    assert [(day, step) for day, step in plan if step == NextStep.LAPSE] == [
        (at(SOON).date(), NextStep.LAPSE)
    ]
    assert all(day < at(SOON).date() for day, step in plan if step != NextStep.LAPSE)
    assert item.due_on is not None
    assert item.due_on < at(SOON).date()
    said = request_progress(Request.objects.for_rows().get(pk=request.pk), item).next_sentence
    assert said.endswith("on Fri 5 March.")


def test_older_deadline_is_shown_no_later_than_the_visit(cast: Cast) -> None:
    request = soon(cast)
    WaitingItem.objects.update(
        plan=[["2027-03-04", "remind"], ["2027-03-15", "escalate"], ["2027-03-29", "lapse"]]
    )
    said = request_progress(Request.objects.for_rows().get(pk=request.pk), items_of(request)[0]).next_sentence
    assert "29 March" not in said
    assert "15 March" not in said
    assert said.endswith("on Fri 5 March.")


@pytest.mark.parametrize("where", ["with_manager", "with_host", "waiting_list", "sent_back"])
def test_request_lapses_when_its_visit_day_has_come(
    cast: Cast, clock: time_machine.Traveller, where: str
) -> None:
    request = soon(cast)
    if where == "sent_back":
        perform(request, "send_back", actor=cast.manager, words="Which desk?")
    elif where != "with_manager":
        taken = request.session.places if where == "waiting_list" else 0
        type(request.session).objects.filter(pk=request.session_id).update(taken=taken)
        perform(request, "approve", actor=cast.manager)
    assert status_of(request) == where
    go_to(clock, at(SOON, 9))
    run_due()
    assert status_of(request) == where, "until it begins it can be answered"
    forget_mails()
    go_to(clock, at(SOON, 11))
    run_due()
    assert status_of(request) == S.LAPSED
    mail = Message.objects.get(template="request_lapsed_to_shadow")
    assert "has ended. Its day has come, and " in mail.text
    assert "it counts against nobody" in mail.text
    assert not items_of(request)
    told = set(Message.objects.values_list("template", flat=True))
    assert not {name for name in told if "reminder" in name or "stuck" in name}
    go_to(clock, at(40))
    run_due()
    assert Message.objects.filter(template="request_lapsed_to_shadow").count() == 1


def test_window_ends_with_its_last_day(cast: Cast, clock: time_machine.Traveller) -> None:
    window = {"window_starts": at(10).date(), "window_ends": at(12).date()}
    request = cast.approved(session=cast.window(), **window)
    (item,) = items_of(request)
    assert plan_of(item)[-1] == (at(12).date(), NextStep.LAPSE)
    go_to(clock, at(12, 23))
    run_due()
    assert status_of(request) == S.WITH_HOST
    go_to(clock, at(13, 0) + dt.timedelta(minutes=1))
    run_due()
    assert status_of(request) == S.LAPSED


def test_request_lapses_once_its_proposed_date_has_passed(cast: Cast, clock: time_machine.Traveller) -> None:
    request = perform(cast.approved(), "propose_dates", actor=cast.host, visits=[hours(30, 14, 16)])
    request = Request.objects.get(pk=request.pk)
    assert request.status == S.DATES_PROPOSED
    request.proposed_visits.update(starts_at=at(5, 14), ends_at=at(5, 16))
    go_to(clock, at(5, 13))
    run_due()
    assert status_of(request) == S.DATES_PROPOSED
    go_to(clock, at(5, 15))
    run_due()
    assert status_of(request) == S.LAPSED


def test_failed_lapse_does_not_stop_the_others(
    cast: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = soon(cast), cast.submitted(session=SessionFactory.create(starts_at=at(SOON)))
    Request.objects.filter(pk=bad.pk).update(session=good.session_id)
    Request.objects.filter(pk=bad.pk).update(status="broken")
    go_to(clock, at(SOON, 11))
    run_due()
    assert status_of(good) == S.LAPSED
