"""Deadlines of a scheme: which days count, when counting starts, and what a new closure day changes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from accounts.waiting import plan_of
from messaging.models import Message
from schedule.due import run_due
from shadowing.models import ClosureDay, Request, Scheme
from shadowing.rules import deadlines
from shadowing.rules.progress import request_progress
from tests.cast import Cast, member
from tests.factories import PersonFactory, RequestFactory, SessionFactory, at
from tests.shadowing.clock import mails, on

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.usefixtures("clock")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(scheme: Scheme, person: Person, moment: dt.datetime) -> list[str]:
    """Return the days of a line manager's deadlines that start at ``moment``."""
    with time_machine.travel(moment, tick=False):
        return [on_day.isoformat() for on_day, _ in deadlines.manager_plan(scheme, person)]


def ask_for_a_late_date(cast: Cast) -> None:
    """Submit a request whose session comes after its deadlines, because an earlier one would end them."""
    cast.submitted(session=SessionFactory.create(offer=cast.offer, starts_at=at(60), ends_at=at(60, 12)))


# --- whose days count -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pattern", "working_days", "first"),
    [
        ("full-time", [1, 2, 3, 4, 5], "2027-03-04"),
        ("part-time", [2, 3, 4], "2027-03-04"),
        ("part-time", [1], "2027-03-22"),  # Mondays only: the third Monday after
        ("shifts", [], "2027-03-04"),  # no days known: the whole week
        ("shifts", [6, 7], "2027-03-13"),
        ("shifts", [0, 9], "2027-03-04"),  # no days of a week
    ],
)
def test_deadline_counts_the_managers_working_days(pattern: str, working_days: list[int], first: str) -> None:
    scheme, person = Scheme(), PersonFactory.create(working_pattern=pattern, working_days=working_days)
    assert days(scheme, person, on(1))[0] == first


@pytest.mark.django_db
def test_deadline_uses_the_holidays_of_the_schemes_region() -> None:
    person, christmas = PersonFactory.create(), dt.datetime(2026, 12, 23, 9, tzinfo=dt.UTC)
    scotland = Scheme(holiday_region="SCT")
    assert days(Scheme(), person, christmas)[0] == "2026-12-30"
    assert days(scotland, person, christmas)[0] == "2026-12-30"
    assert days(Scheme(), person, christmas)[1] == "2027-01-05"
    assert days(scotland, person, christmas)[1] == "2027-01-06"  # 4 January is a day off there


# --- from which day on ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (dt.datetime(2027, 3, 1, 23, 59, tzinfo=LONDON), "2027-03-04"),
        (dt.datetime(2027, 3, 2, 0, 1, tzinfo=LONDON), "2027-03-05"),
        (dt.datetime(2027, 6, 1, 23, 59, tzinfo=LONDON), "2027-06-04"),
        (dt.datetime(2027, 6, 2, 0, 1, tzinfo=LONDON), "2027-06-07"),  # in UTC it is still the 1st
        (dt.datetime(2027, 3, 28, 0, 30, tzinfo=LONDON), "2027-04-01"),  # the night the clocks go forward
        (dt.datetime(2027, 10, 31, 1, 30, tzinfo=LONDON), "2027-11-03"),  # and the hour that comes twice
        (dt.datetime(2027, 10, 31, 1, 30, tzinfo=LONDON, fold=1), "2027-11-03"),
    ],
)
def test_deadline_starts_on_the_day_in_the_organisations_zone(moment: dt.datetime, first: str) -> None:
    assert days(Scheme(), PersonFactory.create(), moment)[0] == first


def test_reminder_goes_after_midnight_in_the_organisations_zone(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    """In summer an hour before midnight in UTC is the next day here."""
    clock.move_to(dt.datetime(2027, 6, 7, 9, tzinfo=LONDON), tick=False)
    ask_for_a_late_date(cast)
    clock.move_to(dt.datetime(2027, 6, 9, 22, 59, tzinfo=dt.UTC), tick=False)
    run_due()
    assert not mails("decision_reminder_to_manager")
    clock.move_to(dt.datetime(2027, 6, 9, 23, 1, tzinfo=dt.UTC), tick=False)
    run_due()
    assert cast.manager in {mail.recipient for mail in mails("decision_reminder_to_manager")}


def test_due_day_is_a_day_on_which_the_manager_works(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.manager.working_days = [1, 3]
    cast.manager.save()
    ClosureDay.objects.create(day=day("2027-03-31"), name="Staff conference")
    ask_for_a_late_date(cast)
    item = WaitingItem.objects.get(owner=cast.manager)
    # Days 9 and 10: Easter Monday is off, and the Wednesday after it is closed.
    assert item.due_on == day("2027-04-07")
    assert {step: on_day for on_day, step in plan_of(item)}[NextStep.ESCALATE] == day("2027-04-12")


# --- a closure day that is added while clocks run -----------------------------------------------------------


def close(text: str) -> ClosureDay:
    return ClosureDay.objects.create(day=day(text), name="Snow")


def plan_days(item: WaitingItem) -> list[int]:
    item.refresh_from_db()
    return [on_day.day for on_day, _ in plan_of(item)]


@pytest.fixture
def item(cast: Cast, clock: time_machine.Traveller) -> WaitingItem:
    """The manager's waiting item since Monday 1 March: reminders on 4 and 9, help on 15, lapse on 31."""
    cast.submitted()
    clock.move_to(on(2), tick=False)
    return WaitingItem.objects.get(owner=cast.manager)


def test_new_closure_day_moves_running_deadlines(item: WaitingItem) -> None:
    assert plan_days(item) == [4, 9, 15, 31]
    assert item.due_on == day("2027-03-12")
    close("2027-03-09")
    assert deadlines.postpone_for_closures() == 1
    assert plan_days(item) == [4, 10, 16, 1]
    assert (item.next_on, item.due_on) == (day("2027-03-04"), day("2027-03-15"))


def test_strip_shows_the_moved_deadline(item: WaitingItem, cast: Cast, clock: time_machine.Traveller) -> None:
    close("2027-03-04")
    run_due()
    item.refresh_from_db()
    strip = request_progress(Request.objects.for_rows().get(), item)
    assert strip.next_sentence.startswith("A reminder goes on Fri 5 March")
    clock.move_to(on(4), tick=False)
    run_due()
    assert not mails("decision_reminder_to_manager")
    clock.move_to(on(5), tick=False)
    run_due()
    assert mails("decision_reminder_to_manager")


def test_closure_day_moves_deadlines_once(item: WaitingItem) -> None:
    close("2027-03-09")
    deadlines.postpone_for_closures()
    assert deadlines.postpone_for_closures() == 0
    assert plan_days(item) == [4, 10, 16, 1]


def test_consecutive_closure_days_are_skipped_together(item: WaitingItem) -> None:
    for text in ("2027-03-10", "2027-03-09"):
        close(text)
    deadlines.postpone_for_closures()
    assert plan_days(item) == [4, 11, 17, 2]


def test_closure_day_known_at_the_start_moves_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    close("2027-03-09")
    clock.shift(dt.timedelta(minutes=1))
    ask_for_a_late_date(cast)
    item = WaitingItem.objects.get(owner=cast.manager)
    assert deadlines.postpone_for_closures() == 0
    assert plan_days(item) == [4, 10, 16, 1]


@pytest.mark.parametrize("text", ["2027-03-06", "2027-03-26", "2027-03-01", "2027-02-25"])
def test_closure_on_a_weekend_or_in_the_past_moves_nothing(item: WaitingItem, text: str) -> None:
    close(text)
    assert deadlines.postpone_for_closures() == 0
    assert plan_days(item) == [4, 9, 15, 31]


def test_closure_on_a_managers_day_off_moves_nothing(cast: Cast, item: WaitingItem) -> None:
    Person.objects.filter(pk=cast.manager.pk).update(working_days=[1, 3, 4, 5])
    close("2027-03-09")  # a Tuesday
    assert deadlines.postpone_for_closures() == 0


def test_removed_closure_day_moves_nothing_back(item: WaitingItem) -> None:
    closure = close("2027-03-09")
    deadlines.postpone_for_closures()
    closure.delete()
    deadlines.postpone_for_closures()
    assert plan_days(item) == [4, 10, 16, 1]


def test_interrupted_run_continues_with_the_next_batch(
    item: WaitingItem, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 2)
    for _ in range(4):
        shadow = member(cast.library, line_manager=cast.manager)
        request = RequestFactory.create(shadow=shadow, session=cast.window())
        copy = WaitingItem.objects.get(pk=item.pk)
        copy.pk, copy.subject_id = None, request.pk
        copy._state.adding = True
        copy.id = request.pk
        copy.save()
    closure = close("2027-03-09")
    assert deadlines._count_batch(closure.pk) == 2  # and then the run is cut off
    assert deadlines.postpone_for_closures() == 3
    assert {tuple(plan_days(each)) for each in WaitingItem.objects.filter(owner=cast.manager)} == {
        (4, 10, 16, 1)
    }


def test_run_without_time_left_moves_nothing(item: WaitingItem) -> None:
    close("2027-03-09")
    run_due(seconds=0)
    assert plan_days(item) == [4, 9, 15, 31]
    run_due(seconds=60)
    assert plan_days(item) == [4, 10, 16, 1]


def test_without_a_new_closure_day_it_costs_one_query(item: WaitingItem) -> None:
    with CaptureQueriesContext(connection) as found:
        deadlines.postpone_for_closures()
    assert len(found) == 1


def test_changed_rules_leave_running_deadlines(item: WaitingItem, cast: Cast) -> None:
    Scheme.objects.update(manager_reminder_days=[1], manager_escalation_day=2, manager_lapse_day=3)
    run_due()
    assert plan_days(item) == [4, 9, 15, 31]
    assert not Message.objects.filter(template="request_lapsed_to_shadow").exists()
