"""The day itself: it begins and ends by the clock, or because somebody says so; what follows from the end."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from appraisals.enums import ActivityState
from appraisals.models import Activity
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import PlacementStatus, RequestStatus, WaitingKind
from shadowing.models import AdjustmentNeeds, FollowUp, Request, Visit
from shadowing.placements.workflow.visit_clock import advance_visits
from shadowing.rules.rules import half_days_used
from shadowing.rules.timeline import timeline_of
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, take_on
from tests.shadowing.visits import after, during, fresh, go_to, one_date, several_dates

pytestmark = pytest.mark.usefixtures("clock")
S = PlacementStatus


# --- by the clock -------------------------------------------------------------------------------------------


def test_it_begins_and_ends_by_the_clock(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    visit = placement.visits.get()
    states = []
    for moment in (visit.starts_at - dt.timedelta(minutes=1), visit.starts_at, visit.ends_at):
        go_to(clock, moment)
        run_due()
        states.append(fresh(placement).status)
    assert states == [S.AGREED, S.TAKING_PLACE, S.TO_REFLECT]
    told = [entry.action for entry in HistoryEntry.objects.about(placement).order_by("at")]
    assert told == ["start", "finish"]


def test_after_a_standstill_it_ends_at_once(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    after(clock, placement)
    assert advance_visits() == 1
    assert fresh(placement).status == S.TO_REFLECT
    assert fresh(placement).took_place is None  # nobody has said so


def test_a_second_run_does_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    after(clock, placement)
    run_due()
    before = (HistoryEntry.objects.count(), WaitingItem.objects.count(), Message.objects.count())
    run_due()
    assert advance_visits() == 0
    assert (HistoryEntry.objects.count(), WaitingItem.objects.count(), Message.objects.count()) == before


def test_the_clock_asks_nothing_of_what_is_not_due(
    cast: Cast, clock: time_machine.Traveller, django_assert_num_queries: object
) -> None:
    placement = one_date(cast)
    going_on = several_dates(cast, 20, 27)
    during(clock, placement)
    advance_visits()
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's own fixture
        assert advance_visits() == 0  # one is going on, one is to come
    assert fresh(going_on).status == S.AGREED


def test_visits_that_were_over_before_are_set_aside_at_once(
    cast: Cast, clock: time_machine.Traveller, django_assert_num_queries: object
) -> None:
    made = [one_date(cast), several_dates(cast, 14)]
    after(clock, made[-1])
    assert advance_visits() == len(made)
    Visit.objects.update(settled_at=None)  # as they come from another system
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's own fixture
        assert advance_visits() == 0
    with django_assert_num_queries(1):  # type: ignore[operator]  # the same
        assert advance_visits() == 0


def test_visit_recorded_by_host_is_not_advanced_again(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    advance_visits()
    assert perform(placement, "happened", actor=cast.host).status == S.TO_REFLECT
    go_to(clock, timezone.now() + dt.timedelta(hours=3))
    assert advance_visits() == 0


# --- the end ------------------------------------------------------------------------------------------------


def test_the_end_asks_both_sides_and_closes_the_request(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    end = placement.visits.get().ends_at
    after(clock, placement)
    run_due()
    placement = fresh(placement)
    items = WaitingItem.objects.open().about(placement)
    assert {item.owner for item in items.filter(kind=WaitingKind.REFLECT)} == {cast.shadow, cast.host}
    assert placement.ended_at == end
    assert placement.share_on == dt.date(2027, 3, 24)  # ten working days after Wed 10 March
    assert list(FollowUp.objects.filter(placement=placement).values_list("days", "ask_on")) == [
        (60, dt.date(2027, 5, 9)),
        (180, dt.date(2027, 9, 6)),
    ]
    assert placement.request.status == RequestStatus.CLOSED


def test_needs_are_forgotten_at_the_end(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    AdjustmentNeeds.objects.create(placement=placement, sealed="x")
    during(clock, placement)
    perform(placement, "happened", actor=cast.shadow)
    assert not AdjustmentNeeds.objects.exists()


def test_request_tells_how_its_visit_ended(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    after(clock, placement)
    run_due()
    told = [moment.sentence for moment in timeline_of(Request.objects.get())]
    assert told[-1] == "The visit was over, and so was the request."
    assert not [sentence for sentence in told if "called off" in sentence]


def test_co_host_reflects_where_the_host_has_left(cast: Cast, clock: time_machine.Traveller) -> None:
    placement, co_host = one_date(cast), member(cast.it)
    take_on(cast.offer, co_host)
    cast.host.is_active = False
    cast.host.save()
    after(clock, placement)
    run_due()
    items = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.REFLECT)
    assert {item.owner for item in items} == {cast.shadow, co_host}


def test_appraisal_follows(cast: Cast, clock: time_machine.Traveller) -> None:
    AppraisalFactory.create(person=cast.shadow)
    placement = one_date(cast)
    run_due()
    after(clock, placement)
    run_due()
    assert Activity.objects.get().state == ActivityState.TOOK_PLACE


# --- somebody says so ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["shadow", "host"])
def test_either_side_says_that_it_took_place(cast: Cast, clock: time_machine.Traveller, who: str) -> None:
    placement = one_date(cast)
    during(clock, placement)
    done = perform(placement, "happened", actor=cast.people()[who])
    assert (done.status, done.took_place, done.ended_at) == (S.TO_REFLECT, True, timezone.now())
    assert done.visits.get().took_place is True


def test_after_the_clock_has_ended_it_somebody_can_still_say_so(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    placement = one_date(cast)
    after(clock, placement)
    run_due()
    items = WaitingItem.objects.count()
    done = perform(placement, "happened", actor=cast.shadow)
    assert (done.status, done.took_place) == (S.TO_REFLECT, True)
    assert WaitingItem.objects.count() == items


def test_attendance_cannot_be_recorded_before_visit_begins(cast: Cast) -> None:
    placement = one_date(cast)
    for action in ("happened", "did_not_happen"):
        with pytest.raises(TransitionError, match="has not begun yet"):
            perform(placement, action, actor=cast.shadow, reason="illness")


def test_attendance_cannot_be_recorded_twice(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    perform(placement, "happened", actor=cast.shadow)
    with pytest.raises(TransitionError, match="noted already that the visit took place"):
        perform(placement, "happened", actor=cast.host)


@pytest.mark.parametrize("who", ["manager", "deputy", "coordinator", "dept_coordinator", "stranger"])
def test_who_was_not_there_does_not_say_so(cast: Cast, clock: time_machine.Traveller, who: str) -> None:
    placement = one_date(cast)
    during(clock, placement)
    with pytest.raises(PermissionDenied):
        perform(placement, "happened", actor=cast.people()[who])


@pytest.mark.parametrize("action", ["start", "finish"])
def test_only_the_clock_begins_and_ends_it(cast: Cast, action: str) -> None:
    placement = one_date(cast)
    with pytest.raises(PermissionDenied):
        perform(placement, action, actor=cast.host)
    with pytest.raises(TransitionError):
        perform(placement, action, actor=None)


# --- several dates ------------------------------------------------------------------------------------------


def test_each_of_several_dates_has_its_answer(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21, 28)
    first, second, third = placement.visits.all()
    during(clock, placement, 0)
    assert perform(placement, "happened", actor=cast.host).status == S.TAKING_PLACE
    during(clock, placement, 1)
    done = perform(placement, "did_not_happen", actor=cast.host, reason="host_absent", visit=second.pk)
    assert (done.status, done.half_days, done.counts) == (S.TAKING_PLACE, 2, True)
    during(clock, placement, 2)
    done = perform(placement, "happened", actor=cast.shadow, visit=third.pk)
    assert (done.status, done.took_place, done.half_days) == (S.TO_REFLECT, True, 2)
    said = [(visit.stands, visit.took_place) for visit in placement.visits.all()]
    assert said == [(True, True), (False, False), (True, True)]
    assert half_days_used(cast.shadow, timezone.localdate(first.starts_at)) == 2


def test_series_is_over_after_its_last_date_only(cast: Cast, clock: time_machine.Traveller) -> None:
    placement, states = several_dates(cast, 14, 21), []
    for number in (0, 1):
        after(clock, placement, number)
        run_due()
        states.append(fresh(placement).status)
    assert states == [S.TAKING_PLACE, S.TO_REFLECT]


def test_cancelled_date_is_refused(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21)
    first, second = placement.visits.all()
    during(clock, placement, 0)
    with pytest.raises(TransitionError, match="not begun yet"):
        perform(placement, "happened", actor=cast.host, visit=second.pk)
    perform(placement, "did_not_happen", actor=cast.host, reason="illness", visit=first.pk)
    with pytest.raises(TransitionError, match="no longer stands"):
        perform(placement, "happened", actor=cast.host, visit=first.pk)
