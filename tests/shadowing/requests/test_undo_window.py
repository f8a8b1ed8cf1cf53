"""While a decision made by the link alone can be undone, the host neither sees the request nor answers it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import How
from accounts.models import WaitingItem
from accounts.workflow import perform
from shadowing.enums import DecisionRole, Outcome, RequestStatus
from shadowing.models import Decision, Request
from tests.cast import Cast
from tests.shadowing.clock import mails

AFTERWARDS = dt.timedelta(minutes=11)


@pytest.fixture
def undoable(cast: Cast) -> Request:
    """Agreed by the link alone a moment ago."""
    until = timezone.now() + dt.timedelta(minutes=10)
    return perform(
        cast.submitted(),
        "approve",
        actor=cast.manager,
        how=How.EMAIL_LINK,
        undo_until=until,
        words="Yes, go.",
    )


def test_host_does_not_see_it_before_the_undo_is_over(cast: Cast, undoable: Request) -> None:
    assert not Request.objects.visible_to(cast.host).exists()
    assert not WaitingItem.objects.awaiting(cast.host).exists()
    with time_machine.travel(timezone.now() + AFTERWARDS):
        assert Request.objects.visible_to(cast.host).get() == undoable
        assert WaitingItem.objects.awaiting(cast.host).exists()


def test_host_cannot_answer_before_the_undo_is_over(cast: Cast, undoable: Request) -> None:
    with pytest.raises(PermissionDenied):
        perform(undoable, "agree", actor=cast.host)
    with time_machine.travel(timezone.now() + AFTERWARDS):
        assert perform(undoable, "agree", actor=cast.host).status == RequestStatus.AGREED


def test_decision_taken_back_counts_for_nothing(cast: Cast, undoable: Request) -> None:
    request = perform(undoable, "undo_decision", actor=cast.manager, how=How.EMAIL_LINK)
    perform(request, "decline", actor=cast.manager, reason="cover")
    with time_machine.travel(timezone.now() + AFTERWARDS):
        assert not Request.objects.visible_to(cast.host).exists()
    first = Decision.objects.filter(request=request, role=DecisionRole.LINE_MANAGER).earliest("asked_at")
    assert (first.outcome, first.words) == (Outcome.NOT_NEEDED, "")


@pytest.mark.parametrize("later", ["at once", "sent back"])
def test_host_of_an_undone_approval_gets_no_mail_about_a_withdrawal(
    cast: Cast, undoable: Request, later: str
) -> None:
    request = perform(undoable, "undo_decision", actor=cast.manager, how=How.EMAIL_LINK)
    if later == "sent back":
        request = perform(request, "send_back", actor=cast.manager, words="Which desk?")
    perform(request, "withdraw", actor=cast.shadow, reason="other")
    assert mails("request_withdrawn_to_manager", cast.manager)
    assert not mails("request_withdrawn_to_host", cast.host)


def test_host_who_was_asked_gets_a_mail_about_a_withdrawal(cast: Cast) -> None:
    perform(cast.approved(), "withdraw", actor=cast.shadow, reason="other")
    assert mails("request_withdrawn_to_host", cast.host)
