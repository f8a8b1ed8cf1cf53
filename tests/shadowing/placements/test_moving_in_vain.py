"""Other dates that come to nothing: refused, taken back, overtaken by the visit, not answered for a while."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from schedule.due import run_due
from shadowing.enums import MoveOutcome
from shadowing.models import DateChange
from tests.cast import Cast
from tests.shadowing.clock import mails, on
from tests.shadowing.visits import after, dates, during, hours, several_dates, suggested, waits_for

pytestmark = pytest.mark.usefixtures("clock")


def test_refused_move_keeps_dates_and_mails_proposer(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    perform(placement, "refuse_move", actor=cast.host, words="I am away then.")
    assert (dates(placement), waits_for(placement)) == ([hours(14)], {})
    (told,) = mails("move_refused_to_shadow")
    assert "I am away then." in told.text
    assert not mails("move_refused_to_host")
    suggested(cast, placement, 30)


def test_move_taken_back_is_mailed_to_other_side(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    perform(placement, "take_back_move", actor=cast.shadow)
    assert (dates(placement), waits_for(placement)) == ([hours(14)], {})
    assert {mail.recipient for mail in mails("move_taken_back_to_host")} == {cast.host}
    with pytest.raises(TransitionError, match="no longer suggested"):
        perform(placement, "accept_move", actor=cast.host)


def test_nobody_answers_themselves(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    for actor, action in (
        (cast.shadow, "accept_move"),
        (cast.shadow, "refuse_move"),
        (cast.host, "take_back_move"),
        (cast.manager, "accept_move"),
        (cast.stranger, "refuse_move"),
    ):
        with pytest.raises(PermissionDenied):
            perform(placement, action, actor=actor)


def test_what_was_not_seen_is_not_answered(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    with pytest.raises(TransitionError, match="no longer suggested"):
        perform(placement, "accept_move", actor=cast.host, change=uuid4())


def test_when_the_visit_begins_it_is_dropped(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    during(clock, placement)
    with pytest.raises(TransitionError, match="has begun since"):
        perform(placement, "accept_move", actor=cast.host)
    run_due()
    assert waits_for(placement) == {}
    assert DateChange.objects.get().closed_at == timezone.now()


def test_when_a_later_date_has_passed_it_is_dropped(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21, 28)
    during(clock, placement, 0)
    perform(placement, "happened", actor=cast.host)
    suggested(cast, placement, 30, 31)
    after(clock, placement, 1)
    run_due()
    assert waits_for(placement) == {}


def test_when_the_visit_is_cancelled_it_is_dropped(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    perform(placement, "cancel", actor=cast.shadow, reason="illness")
    assert waits_for(placement) == {}
    assert DateChange.objects.get().outcome == MoveOutcome.TAKEN_BACK


def test_silence_is_reminded_of(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 20)
    suggested(cast, placement)
    clock.move_to(on(4), tick=False)
    run_due()
    run_due()
    assert len(mails("move_suggested_to_host", cast.host)) == 2
    assert "This still waits for an answer." in mails("move_suggested_to_host", cast.host)[1].text
    perform(placement, "accept_move", actor=cast.host)
    assert HistoryEntry.objects.about(placement).filter(action="accept_move").count() == 1
