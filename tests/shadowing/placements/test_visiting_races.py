"""Many at once on one visit, over real connections: one thing happened, and everything that follows, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import perform
from messaging.models import Message
from shadowing.enums import PlacementStatus, WaitingKind
from shadowing.models import DateChange, FollowUp, Placement, Visit
from shadowing.placements.workflow.visit_clock import advance_visits, remind_of_visits
from tests.cast import Cast
from tests.shadowing.clock import MONDAY
from tests.shadowing.links import signed_in
from tests.shadowing.requesting import act_url
from tests.shadowing.requests.test_clicks import press, pressed_at_once
from tests.shadowing.test_races import all_at_once
from tests.shadowing.visits import dates, fresh, hours, several_dates

pytestmark = pytest.mark.django_db(transaction=True)
S = PlacementStatus
AT_ONCE = 12


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday; it ticks, since connections wait for each other by it."""
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


@pytest.fixture
def placement(clock: time_machine.Traveller, transactional_db: None, cast: Cast) -> Placement:
    """Return a visit of one date that began half an hour ago."""
    placement = several_dates(cast, 14)
    clock.move_to(placement.visits.get().starts_at + dt.timedelta(minutes=30))
    return placement


def entries(placement: Placement, *actions: str) -> int:
    """How often one of ``actions`` was done."""
    return HistoryEntry.objects.about(placement).filter(action__in=actions).count()


def test_many_taps_are_one_answer(cast: Cast, placement: Placement) -> None:
    url = act_url(placement, "happened")
    people = [cast.shadow, cast.host] * (AT_ONCE // 2)
    codes = pressed_at_once([press(signed_in(person), url, {}) for person in people])
    assert codes == {303: 1, 409: AT_ONCE - 1}
    assert entries(placement, "happened") == 1
    assert WaitingItem.objects.open().about(placement).count() == 2
    assert FollowUp.objects.count() == 2


def test_it_took_place_or_it_did_not(cast: Cast, placement: Placement) -> None:
    """The first record is stored; the other side gets a sentence."""
    acts: list[Callable[[], object]] = []
    for _ in range(AT_ONCE // 2):
        acts.append(partial(perform, placement, "happened", actor=cast.host))
        acts.append(partial(perform, placement, "did_not_happen", actor=cast.shadow, reason="host_absent"))
    results = all_at_once(acts)
    done = [result for result in results if isinstance(result, Placement)]
    assert len(done) == entries(placement, "happened", "did_not_happen") == 1
    assert fresh(placement).status in (S.TO_REFLECT, S.NO_SHOW)


def test_two_schedulers_turn_it_once(cast: Cast, placement: Placement, clock: time_machine.Traveller) -> None:
    clock.move_to(placement.visits.get().ends_at + dt.timedelta(minutes=1))
    turned = all_at_once([advance_visits] * 6)
    assert sum(number for number in turned if isinstance(number, int)) == 1
    assert entries(placement, "start", "finish") == 1
    assert WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.REFLECT).count() == 2


def test_tap_beside_the_schedule_ends_it_once(
    cast: Cast, placement: Placement, clock: time_machine.Traveller
) -> None:
    clock.move_to(placement.visits.get().ends_at + dt.timedelta(minutes=1))
    tap = partial(perform, placement, "happened", actor=cast.host)
    all_at_once([tap, *[advance_visits] * 4])
    advance_visits()
    assert fresh(placement).status == S.TO_REFLECT
    assert WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.REFLECT).count() == 2
    assert FollowUp.objects.count() == 2
    assert not Visit.objects.filter(settled_at__isnull=True).exists()


def test_two_schedulers_remind_once(cast: Cast, placement: Placement, clock: time_machine.Traveller) -> None:
    clock.move_to(placement.visits.get().starts_at - dt.timedelta(days=2))
    reminded = all_at_once([remind_of_visits] * 6)
    assert sum(number for number in reminded if isinstance(number, int)) == 1
    assert Message.objects.filter(template="day_before_to_shadow").count() == 1
    assert Message.objects.filter(template="day_before_to_host").count() == 1


def test_accepting_beside_taking_back_leaves_one_of_them(
    cast: Cast, placement: Placement, clock: time_machine.Traveller
) -> None:
    clock.move_to(placement.visits.get().starts_at - dt.timedelta(days=3))
    perform(placement, "propose_move", actor=cast.shadow, visits=[hours(20)], reason="workload")
    moved = [hours(20)]
    acts: list[Callable[[], object]] = []
    for _ in range(AT_ONCE // 2):
        acts.append(partial(perform, placement, "accept_move", actor=cast.host))
        acts.append(partial(perform, placement, "take_back_move", actor=cast.shadow))
    results = all_at_once(acts)
    assert sum(isinstance(result, Placement) for result in results) == 1
    change = DateChange.objects.get()
    assert (change.outcome == "moved") is (dates(placement) == moved)
    assert change.closed_at is not None
    assert not WaitingItem.objects.open().about(placement).exists()


def test_two_visits_are_not_moved_to_one_time(cast: Cast, clock: time_machine.Traveller) -> None:
    """Two visits of one person: both other dates were free when they were suggested."""
    first = several_dates(cast, 14, half_days=1)
    second = several_dates(cast, 16, half_days=1)
    for placement in (first, second):
        perform(placement, "propose_move", actor=cast.shadow, visits=[hours(20)], reason="workload")
    results = all_at_once(
        [partial(perform, each, "accept_move", actor=cast.host) for each in (first, second)]
    )
    assert sum(isinstance(result, Placement) for result in results) == 1
    assert timezone.now() < hours(20)[0]
