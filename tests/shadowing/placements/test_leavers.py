"""A visitor leaves: what they asked for ends, the place is free, whoever expected them hears of it."""

from __future__ import annotations

import pytest
import time_machine

from accounts.models import HistoryEntry, WaitingItem
from schedule.due import run_due
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import Placement, Request
from shadowing.rules.timeline import timeline_of
from tests.cast import Cast
from tests.shadowing.clock import mails
from tests.shadowing.reassigning import leaves
from tests.shadowing.visits import during, fresh, one_date

pytestmark = pytest.mark.usefixtures("clock")


def told_of(record: Request | Placement, sentence: str) -> bool:
    return sentence in {moment.sentence for moment in timeline_of(record)}


def test_visit_of_a_visitor_who_left_is_called_off_and_the_place_is_free(cast: Cast) -> None:
    placement = one_date(cast)
    before = placement.request.session.taken
    leaves(cast.shadow)
    run_due()
    run_due()
    now = fresh(placement)
    assert (now.status, now.cancelled_by) == (PlacementStatus.CANCELLED, cast.shadow)
    placement.request.session.refresh_from_db()
    assert placement.request.session.taken == before - 1
    (told,) = mails("placement_cancelled_to_host", cast.host)
    assert "Sam Shadow has left the organisation." in told.text
    assert told.calendar
    assert len(mails("placement_cancelled_to_manager", cast.manager)) == 1
    assert HistoryEntry.objects.about(placement).get().actor is None
    assert told_of(placement, "The visitor has left, so the visit was called off.")


def test_draft_of_somebody_who_left_is_deleted(cast: Cast) -> None:
    draft = cast.draft()
    leaves(cast.shadow)
    run_due()
    assert not Request.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("stage", ["submitted", "approved"])
def test_request_of_somebody_who_left_waits_for_nobody(cast: Cast, stage: str) -> None:
    request = getattr(cast, stage)()
    leaves(cast.shadow)
    run_due()
    request.refresh_from_db()
    assert request.status == RequestStatus.WITHDRAWN
    assert not WaitingItem.objects.open().about(request).exists()
    assert told_of(request, "The visitor has left, so the request ended.")
    told = {"submitted": "request_withdrawn_to_manager", "approved": "request_withdrawn_to_host"}
    assert mails(told[stage])


def test_visit_that_has_begun_is_not_called_off(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    leaves(cast.shadow)
    run_due()
    assert fresh(placement).status == PlacementStatus.TAKING_PLACE


def test_visit_is_kept_when_uninvolved_person_leaves(cast: Cast) -> None:
    placement = one_date(cast)
    leaves(cast.stranger)
    run_due()
    assert fresh(placement).status == PlacementStatus.AGREED
