"""What is agreed is compared, by time, with what was asked and approved: at every step, whoever takes it."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.days import HALF_DAY_MINUTES
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import Decision, Placement, Request, Visit
from shadowing.rules.rules import half_days_used
from tests.cast import Cast
from tests.factories import at
from tests.shadowing.requesting import page_of
from tests.shadowing.visits import after, during, fresh, hours, several_dates
from tools.drills import time_agreed

Times = list[tuple[dt.datetime, dt.datetime]]
S = RequestStatus


def ten_hours() -> Times:
    """Seven days of ten hours each."""
    return [hours(day, 8, 18) for day in range(20, 27)]


def arranged(cast: Cast, half_days: int = 1) -> Request:
    """With the host, by arrangement, for days 10 to 60; the scheme's limits are far off."""
    cast.scheme.cap_half_days = cast.scheme.longest_half_days = 200
    cast.scheme.save()
    window = {"window_starts": at(10).date(), "window_ends": at(60).date()}
    return cast.approved(session=cast.window(), half_days=half_days, **window)


def test_more_time_goes_back_to_the_manager_in_a_plain_sentence(cast: Cast) -> None:
    request = perform(arranged(cast), "agree", actor=cast.host, visits=ten_hours())
    assert request.status == S.WITH_MANAGER
    sentence = "These dates take 70 hours. That is more than was agreed: half a day, up to 4½ hours."
    mail = Message.objects.get(template="dates_outside_window_to_manager", recipient=cast.manager)
    assert sentence in mail.text
    assert "suggests a longer visit" in mail.text
    assert "this visit takes 16" in mail.text
    page = page_of(cast.manager, request)
    assert request.get_absolute_url() in page
    agreed = perform(perform(request, "approve", actor=cast.manager), "confirm_dates", actor=cast.shadow)
    assert agreed.placement.agreed_minutes == agreed.placement.approved_minutes == 4200
    assert half_days_used(cast.shadow, at(20).date()) == agreed.placement.half_days == 16
    said = Decision.objects.filter(request=request, outcome="agreed", role="line_manager")
    assert list(said.order_by("asked_at").values_list("approved_minutes", flat=True)) == [270, 4200]


def test_true_time_counts_against_the_cap(cast: Cast) -> None:
    window = {"window_starts": at(10).date(), "window_ends": at(60).date()}
    request = cast.approved(session=cast.window(), **window)
    nights = [(at(day, 0), at(day, 0) + dt.timedelta(hours=23, minutes=59)) for day in range(20, 32)]
    for dates, takes in ((nights, 64), (ten_hours(), 16)):
        with pytest.raises(TransitionError, match=f"at most; these dates take {takes}|visit takes {takes}"):
            perform(request, "agree", actor=cast.host, visits=dates)


def test_co_host_and_coordinator_give_no_more_time_either(cast: Cast) -> None:
    request = arranged(cast)
    request.offer.co_hosts.add(cast.stranger)
    noted: dict[str, Any] = {"on_behalf_of": cast.host, "learned": "phone"}
    for actor, behalf in ((cast.stranger, {}), (cast.coordinator, noted)):
        with transaction.atomic():
            asked = perform(request, "agree", actor=actor, visits=ten_hours()[:1], **behalf)
            assert asked.status == S.WITH_MANAGER
            transaction.set_rollback(True)


def test_dates_kept_by_the_last_release_go_to_the_manager_when_they_are_confirmed(cast: Cast) -> None:
    request = perform(arranged(cast), "propose_dates", actor=cast.host, visits=[hours(20)])
    request.proposed_visits.update(ends_at=at(20, 22))
    assert perform(request, "confirm_dates", actor=cast.shadow).status == S.WITH_MANAGER


def test_session_longer_than_its_offer_says_is_asked_for_as_long_as_it_takes(cast: Cast) -> None:
    type(cast.session).objects.filter(pk=cast.session.pk).update(ends_at=at(30, 19))
    request = cast.submitted()
    assert (request.asked_minutes, request.half_days) == (540, 2)


def test_moving_to_longer_dates_asks_the_manager(cast: Cast) -> None:
    placement = several_dates(cast, 14, 16, half_days=2)
    move: dict[str, Any] = {
        "actor": cast.shadow,
        "reason": "workload",
        "visits": [hours(20, 8, 18), hours(21)],
    }
    moved = perform(perform(placement, "propose_move", **move), "accept_move", actor=cast.host)
    assert fresh(moved).agreed_minutes == 360
    mail = Message.objects.filter(template="move_to_allow_to_manager", recipient=cast.manager).get()
    assert "These dates take 13 hours." in mail.text
    assert "These dates take 13 hours." in page_of(cast.manager, moved)
    allowed = perform(moved, "allow_move", actor=cast.manager)
    assert (allowed.agreed_minutes, allowed.approved_minutes, allowed.half_days) == (780, 780, 3)


@pytest.mark.parametrize(("missed", "left"), [(0, 180), (1, 600)])
def test_one_of_unequal_dates_gives_back_exactly_its_time(
    cast: Cast, clock: object, missed: int, left: int
) -> None:
    request = arranged(cast, half_days=4)
    dates = [hours(20, 8, 18), hours(30)]
    placement = perform(request, "agree", actor=cast.host, visits=dates).placement
    assert (placement.agreed_minutes, placement.half_days) == (780, 4)
    during(clock, placement, missed)  # type: ignore[arg-type]  # the clock that is moved
    visit = list(placement.visits.all())[missed]
    given: dict[str, Any] = {"reason": "illness", "visit": visit.pk}
    placement = perform(placement, "did_not_happen", actor=cast.host, **given)
    assert (placement.agreed_minutes, placement.half_days) == (left, -(-left // HALF_DAY_MINUTES))


def test_calling_off_the_rest_gives_back_exactly_its_time(cast: Cast, clock: object) -> None:
    dates = [hours(20, 10, 12), hours(30, 8, 18)]
    placement = perform(arranged(cast, half_days=4), "agree", actor=cast.host, visits=dates).placement
    after(clock, placement, 0)  # type: ignore[arg-type]  # the clock that is moved
    placement = perform(placement, "cancel", actor=cast.shadow, reason="workload")
    assert (placement.agreed_minutes, placement.half_days) == (120, 1)
    assert half_days_used(cast.shadow, at(0).date()) == 1


def test_database_keeps_what_is_agreed_within_what_was_approved(cast: Cast) -> None:
    placement = cast.agreed().placement
    for wrong in ({"agreed_minutes": 271}, {"half_days": 2}):
        with pytest.raises(IntegrityError, match="placement_within_approved_time"), transaction.atomic():
            Placement.objects.filter(pk=placement.pk).update(**wrong)


def test_time_of_what_was_agreed_before_is_filled_in(cast: Cast) -> None:
    placement = several_dates(cast, 14, 16, half_days=2)
    zeros = {"approved_minutes": 0, "agreed_minutes": 0}
    Placement.objects.update(**zeros)
    Visit.objects.update(minutes=0)
    Request.objects.update(asked_minutes=0, approved_minutes=0)
    Decision.objects.update(approved_minutes=0)
    assert half_days_used(cast.shadow, at(14).date()) == 2
    fill = import_module("shadowing.migrations.0024_fill_time_of_visits").fill
    for _ in range(2):  # the second time changes nothing
        with connection.schema_editor(atomic=False) as editor:
            fill(apps, editor)
        placement = fresh(placement)
        request = Request.objects.get(pk=placement.request_id)
        assert (placement.agreed_minutes, placement.approved_minutes, placement.half_days) == (360, 540, 2)
        assert (request.asked_minutes, request.approved_minutes) == (540, 540)
        assert Decision.objects.get(request=request, role="line_manager").approved_minutes == 540
        assert set(placement.visits.values_list("minutes", flat=True)) == {180}


def test_visit_whose_time_was_not_kept_is_moved_and_called_off_all_the_same(
    cast: Cast, clock: object
) -> None:
    placement = several_dates(cast, 14, 16, half_days=2)
    Placement.objects.update(approved_minutes=0, agreed_minutes=0)
    Visit.objects.update(minutes=0)
    after(clock, placement, 0)  # type: ignore[arg-type]  # the clock that is moved
    placement = perform(fresh(placement), "cancel", actor=cast.shadow, reason="workload")
    assert (placement.agreed_minutes, placement.half_days) == (180, 1)


LENGTHS = st.lists(st.sampled_from((45, 120, 240, 480, 600, 1400)), min_size=1, max_size=6)


def _dates(lengths: list[int], first: int) -> Times:
    return [(at(first + n, 8), at(first + n, 8) + dt.timedelta(minutes=m)) for n, m in enumerate(lengths)]


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.integers(1, 6), first=LENGTHS, then=LENGTHS)
def test_time_counted_is_the_time_agreed_and_never_more_than_approved(
    cast: Cast, asked: int, first: list[int], then: list[int]
) -> None:
    """Host's dates, then other dates: whatever they are, the manager has seen every minute that is agreed."""
    with transaction.atomic():
        approved = asked * HALF_DAY_MINUTES
        request = perform(arranged(cast, asked), "agree", actor=cast.host, visits=_dates(first, 15))
        if sum(first) > approved:
            assert request.status == S.WITH_MANAGER
            approved = sum(first)
            request = perform(request, "approve", actor=cast.manager)
            request = perform(request, "confirm_dates", actor=cast.shadow)
        placement = fresh(request.placement)
        _holds(placement, sum(first), approved)
        move: dict[str, Any] = {"actor": cast.shadow, "reason": "workload", "visits": _dates(then, 30)}
        moved = perform(perform(placement, "propose_move", **move), "accept_move", actor=cast.host)
        _holds(fresh(moved), sum(then) if sum(then) <= approved else sum(first), approved)
        transaction.set_rollback(True)


def _holds(placement: Placement, minutes: int, approved: int) -> None:
    assert placement.status == PlacementStatus.AGREED
    assert not time_agreed.wrong(placement, approved)
    assert placement.agreed_minutes == sum(placement.visits.values_list("minutes", flat=True)) == minutes
    assert half_days_used(placement.shadow, at(15).date()) == placement.half_days
