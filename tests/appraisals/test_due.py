"""Scheduled work on appraisals: prompts once, reminders, and the cost of what is not due."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import perform
from appraisals.deadlines import item_plan
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.models import Appraisal, Cycle
from appraisals.workflow import due, opening
from schedule.due import run_due as run_all
from tests.appraisals.staged import fresh, history, mailed, mails, opened, prompted, released, talk, waits
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, PersonFactory
from tests.shadowing.clock import MONDAY, on

YEAR = (dt.date(2026, 8, 1), dt.date(2027, 4, 30))  # so that the conversation's day is 28 February 2027


@pytest.fixture
def cycle(db: None) -> Cycle:
    """Return the appraisal year whose conversations are prompted since yesterday."""
    return Cycle.objects.create(name="2026/27", starts_on=YEAR[0], ends_on=YEAR[1])


def at(clock: time_machine.Traveller, day: int, month: int = 3) -> None:
    clock.move_to(on(day, month))
    due.run_due()


# --- prompts ----------------------------------------------------------------------------------------------


def test_both_are_asked_to_talk_once_the_day_has_come(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    appraisal = opened(cast, cycle=cycle)
    clock.move_to(dt.datetime(2027, 2, 27, 9, tzinfo=dt.UTC))
    due.run_due()
    assert waits(appraisal) == set()
    clock.move_to(dt.datetime(2027, 2, 28, 9, tzinfo=dt.UTC))
    assert due.run_due()["conversations"] == 1
    assert waits(appraisal) == {("talk", cast.shadow), ("talk", cast.manager)}


def test_day_that_the_coordinator_chose_counts(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    Cycle.objects.update(talk_from=dt.date(2027, 3, 2))
    appraisal = opened(cast, cycle=cycle)
    at(clock, 1)
    assert waits(appraisal) == set()
    at(clock, 2)
    assert waits(appraisal) != set()


def test_repeated_runs_prompt_once(clock: time_machine.Traveller, cast: Cast, cycle: Cycle) -> None:
    appraisal = opened(cast, cycle=cycle)
    for _ in range(3):
        due.run_due()
    run_all()
    assert [entry.action for entry in history(appraisal)] == ["prompt"]
    assert len(mails("conversation_prompted_to_person")) == 1
    assert len(mails("conversation_prompted_to_manager")) == 2  # the manager and their deputy


def test_only_open_appraisals_of_this_cycle_without_a_conversation_are_prompted(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    before = Cycle.objects.create(name="2025/26", starts_on=dt.date(2025, 8, 1), ends_on=dt.date(2026, 7, 31))
    opened(cast, cycle=before)
    talk(opened(cast, cycle=cycle), cast.shadow)
    away = opened(cast, cycle=cycle, person=cast.host)
    perform(away, "exempt", actor=cast.coordinator, reason="long_absence")
    gone = PersonFactory.create(is_active=False)
    AppraisalFactory.create(cycle=cycle, person=gone)
    assert due.run_due()["conversations"] == 0
    assert not WaitingItem.objects.exists()


def test_appraisal_opened_after_the_day_is_prompted_by_the_next_run(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    due.run_due()
    appraisal = opened(cast, cycle=cycle)
    due.run_due()
    assert waits(appraisal) != set()


def test_prompts_go_on_in_chunks_and_after_a_stop(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "CHUNK", 2)
    for _ in range(5):
        AppraisalFactory.create(cycle=cycle)
    assert due.prompt_all(until=0.0) == 0
    assert due.prompt_all() == 5
    assert due.prompt_all() == 0


def test_failed_prompt_does_not_stop_the_others(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "CHUNK", 1)
    bad, *others = sorted((AppraisalFactory.create(cycle=cycle) for _ in range(3)), key=lambda one: one.pk)
    real = due._prompt

    def breaks(cycle: Cycle, pk: object) -> int:
        if pk == bad.pk:
            raise RuntimeError("broken")
        return real(cycle, pk)  # type: ignore[arg-type]  # a key

    monkeypatch.setattr(due, "_prompt", breaks)
    assert due.run_due()["conversations"] == 2
    monkeypatch.undo()
    assert due.run_due()["conversations"] == 1
    assert all(fresh(one).prompted_at for one in (bad, *others))


def test_cost_of_prompts_does_not_grow_with_what_is_not_due(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    def cost() -> int:
        Appraisal.objects.create(person=member(cast.library, line_manager=cast.manager), cycle=cycle)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert due.prompt_all() == 1
        return len(queries)

    few = cost()
    before = Cycle.objects.create(name="2025/26", starts_on=dt.date(2025, 8, 1), ends_on=dt.date(2026, 7, 31))
    for _ in range(20):
        AppraisalFactory.create(cycle=before)
        AppraisalFactory.create(cycle=cycle, prompted_at=timezone.now())
        AppraisalFactory.create(cycle=cycle, status=AppraisalStatus.EXEMPT, exempt_reason="probation")
    assert cost() == few
    with CaptureQueriesContext(connection) as queries:
        assert due.prompt_all() == 0
    assert len(queries) == 2  # the cycle, and that nobody is left


# --- reminders --------------------------------------------------------------------------------------------


def test_conversation_is_reminded_of_after_ten_and_twenty_working_days(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    opened(cast, cycle=cycle)
    days = list[int]()
    for day in range(1, 32):
        at(clock, day)
        if len(mails("appraisal_reminder_to_person")) > len(days):
            days.append(day)
    assert days == [15, 31]  # ten working days each; Easter is on 28 March
    assert mailed("appraisal_reminder_to_manager") == {cast.manager, cast.deputy}
    assert len(mails("appraisal_reminder_to_manager", cast.manager)) == 2


def test_reminder_is_never_later_than_the_end_of_the_cycle(clock: time_machine.Traveller, cast: Cast) -> None:
    short = Cycle.objects.create(name="S", starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 3, 20))
    appraisal = opened(cast, cycle=short)
    plan = item_plan(AskKind.TALK, cast.shadow, appraisal)
    assert [day for day, _ in plan] == [dt.date(2027, 3, 15), dt.date(2027, 3, 20)]
    assert plan.due_on == short.ends_on
    clock.move_to(on(20))
    assert item_plan(AskKind.TALK, cast.shadow, appraisal) == []


def test_other_items_are_reminded_after_five_and_ten_working_days_of_the_owner(
    clock: time_machine.Traveller, cast: Cast
) -> None:
    opened(cast)
    cast.manager.working_days = [1, 2]
    cast.manager.save()
    released(cast)
    item = WaitingItem.objects.get()
    assert [day for day, _ in item.plan] == ["2027-03-16", "2027-04-06"]  # Easter Monday does not count
    assert item.due_on == dt.date(2027, 4, 6)
    at(clock, 16)
    at(clock, 17)
    assert len(mails("appraisal_reminder_to_manager", cast.manager)) == 1


def test_closed_item_gets_no_reminder(clock: time_machine.Traveller, cast: Cast, cycle: Cycle) -> None:
    appraisal = opened(cast, cycle=cycle)
    at(clock, 1)
    talk(fresh(appraisal), cast.shadow)
    at(clock, 31)
    assert mailed("appraisal_reminder_to_person") == set()


def test_standstill_of_days_sends_one_reminder(clock: time_machine.Traveller, cast: Cast) -> None:
    clock.move_to(MONDAY)
    prompted(cast)
    at(clock, 30, 4)
    assert len(mails("appraisal_reminder_to_person")) == 1
    at(clock, 30, 4)
    assert len(mails("appraisal_reminder_to_person")) == 1


def test_reminder_of_deleted_appraisal_closes_the_item(clock: time_machine.Traveller, cast: Cast) -> None:
    prompted(cast)
    item = WaitingItem.objects.filter(owner=cast.shadow).get()
    WaitingItem.objects.filter(pk=item.pk).update(subject_id=cast.offer.pk)
    at(clock, 16)
    item.refresh_from_db()
    assert item.closed_at is not None
    assert not mails("appraisal_reminder_to_person")


def test_run_due_includes_the_steps_of_appraisals(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle
) -> None:
    opened(cast, cycle=cycle)
    assert run_all()["conversations"] == 1
    clock.move_to(on(15))
    assert run_all()["remind"] == 2


def test_failing_step_does_not_stop_the_others(
    clock: time_machine.Traveller, cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**given: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(opening, "go_on", breaks)
    opened(cast, cycle=cycle)
    assert due.run_due()["conversations"] == 1
