"""An agreed visit called off: place, calendar, cap and everybody concerned follow."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constraints import constraint_sentence
from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import Placement, Request, Session, Visit
from shadowing.placements.workflow.cancelling import is_late
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory


@pytest.fixture
def placement(cast: Cast) -> Placement:
    return cast.agreed().placement


@pytest.mark.parametrize("part", ["shadow", "host", "coordinator", "dept_coordinator"])
def test_anybody_concerned_can_step_back(cast: Cast, placement: Placement, part: str) -> None:
    person = getattr(cast, part)
    cancelled = perform(placement, "cancel", actor=person, reason="illness", words="I am ill.")
    assert cancelled.status == PlacementStatus.CANCELLED
    assert (cancelled.cancelled_by, cancelled.cancel_words) == (person, "I am ill.")


@pytest.mark.parametrize("part", ["manager", "deputy", "host_manager", "stranger"])
def test_others_cannot_cancel(cast: Cast, placement: Placement, part: str) -> None:
    with pytest.raises(PermissionDenied):
        perform(placement, "cancel", actor=getattr(cast, part), reason="illness")


def test_cancelling_needs_a_reason(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="Choose a reason"):
        perform(placement, "cancel", actor=cast.shadow)


def test_cancelling_twice_is_too_late(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="illness")
    with pytest.raises(TransitionError, match="cancelled already"):
        perform(placement, "cancel", actor=cast.host, reason="illness")


def test_cancelling_ends_the_request_and_gives_place_and_time_back(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.host, reason="workload")
    request = Request.objects.get(pk=placement.request_id)
    assert (request.status, request.holds_place) == (RequestStatus.CLOSED, False)
    assert Session.objects.get(pk=cast.session.pk).taken == 0
    assert not Visit.objects.filter(stands=True).exists()
    assert cast.submitted().status == RequestStatus.WITH_MANAGER


def test_agreement_is_mailed_to_everybody_with_calendar(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    mails = Message.objects.filter(template__startswith="placement_cancelled")
    by_template = {mail.template: mail for mail in mails}
    assert set(by_template) == {f"placement_cancelled_to_{who}" for who in ("shadow", "host", "manager")}
    calendar = by_template["placement_cancelled_to_host"].calendar
    assert "METHOD:CANCEL" in calendar
    assert "SEQUENCE:1" in calendar


def test_late_cancellation_tells_the_scheme_coordinator_too(cast: Cast, placement: Placement) -> None:
    assert not is_late(placement)
    with time_machine.travel(cast.session.starts_at - dt.timedelta(days=2)):
        assert is_late(placement)
        perform(placement, "cancel", actor=cast.shadow, reason="illness")
    mail = Message.objects.get(template="placement_cancelled_to_coordinator")
    assert mail.recipient == cast.coordinator


def test_cancelling_is_remembered_for_visit_and_request(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="illness", words="Flu.")
    assert HistoryEntry.objects.about(placement).get().reason == "Flu."
    assert HistoryEntry.objects.about(placement.request).last().action == "close"  # type: ignore[union-attr]  # asserted just above


def test_placement_lands_in_the_appraisal_of_the_objective_it_serves(cast: Cast) -> None:
    objective = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow))
    assert cast.agreed(serves=objective).placement.appraisal == objective.appraisal


def test_placement_lands_in_the_appraisal_of_the_cycle_otherwise(cast: Cast) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow)
    assert cast.agreed().placement.appraisal == appraisal


def test_database_refuses_one_person_at_two_places(cast: Cast, placement: Placement) -> None:
    visit = placement.visits.get()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Visit.objects.create(
            placement=placement,
            shadow=placement.shadow,
            starts_at=visit.starts_at + dt.timedelta(minutes=30),
            ends_at=visit.ends_at + dt.timedelta(minutes=30),
        )
    assert constraint_sentence(error.value) == "This overlaps another agreed visit of the same person."


def test_visits_one_after_the_other_are_allowed(cast: Cast, placement: Placement) -> None:
    end = placement.visits.get().ends_at
    Visit.objects.create(
        placement=placement, shadow=placement.shadow, starts_at=end, ends_at=end + dt.timedelta(hours=1)
    )
    assert placement.visits.count() == 2


def test_visit_days_count_in_the_organisations_zone(cast: Cast, placement: Placement) -> None:
    assert timezone.localdate(placement.visits.get().starts_at) == timezone.localdate(cast.session.starts_at)
