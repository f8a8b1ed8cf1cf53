"""Test waiting items: opened with a plan, advanced day by day, closed once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import waiting
from accounts.clocks import Plan
from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from messaging.models import Message
from tests.factories import DelegationFactory, PersonFactory

REMIND, ESCALATE, LAPSE = NextStep.REMIND, NextStep.ESCALATE, NextStep.LAPSE
SUBJECT = Message(pk="00000000-0000-4000-8000-000000000001")
OTHER = Message(pk="00000000-0000-4000-8000-000000000002")


def march(day: int) -> dt.date:
    return dt.date(2027, 3, day)


PLAN: Plan = [(march(4), REMIND), (march(9), REMIND), (march(15), ESCALATE), (march(31), LAPSE)]


def opened(person: Person, plan: Plan = PLAN, deputies_may_act: bool = False) -> WaitingItem:
    return waiting.open_item(
        person, "manager_decision", SUBJECT, plan=plan, deputies_may_act=deputies_may_act
    )


def test_item_opens_with_its_first_step_ahead(person: Person) -> None:
    item = opened(person)
    assert (item.next_on, item.next_step) == (march(4), REMIND)
    assert waiting.plan_of(item) == PLAN


@pytest.mark.parametrize(
    ("plan", "due"),
    [
        (PLAN, march(12)),  # the coordinator is asked on Monday 15: in time until Friday
        ([(march(4), REMIND), (march(19), LAPSE)], march(18)),
        ([(march(4), REMIND), (march(9), REMIND)], march(9)),
        ([], None),
    ],
)
def test_due_day_is_the_last_on_which_an_answer_is_in_time(
    person: Person, plan: Plan, due: dt.date | None
) -> None:
    assert opened(person, plan).due_on == due


def test_winding_on_takes_due_steps_off(person: Person) -> None:
    item = opened(person)
    assert waiting.take_due_steps(item, march(4)) == {REMIND}
    item.refresh_from_db()
    assert (item.next_on, item.next_step, item.reminders_sent) == (march(9), REMIND, 1)
    assert item.escalated_at is None


def test_due_steps_after_standstill_count_one_reminder(person: Person) -> None:
    item = opened(person)
    assert waiting.take_due_steps(item, march(20)) == {REMIND, ESCALATE}
    item.refresh_from_db()
    assert (item.next_on, item.next_step, item.reminders_sent) == (march(31), LAPSE, 1)
    assert item.escalated_at is not None


def test_winding_on_before_the_day_changes_nothing(person: Person) -> None:
    item = opened(person)
    assert waiting.take_due_steps(item, march(3)) == set()
    assert waiting.plan_of(item) == PLAN


def test_clock_that_has_run_out_says_so(person: Person) -> None:
    item = opened(person, [(march(4), REMIND)])
    waiting.take_due_steps(item, march(4))
    item.refresh_from_db()
    assert (item.next_on, item.next_step) == (None, NextStep.NOTHING)
    assert not WaitingItem.objects.due(march(31)).exists()


def test_advance_does_one_step(person: Person) -> None:
    item = opened(person)
    for _ in range(3):
        waiting.advance(item)
    item.refresh_from_db()
    assert (item.next_step, item.reminders_sent) == (LAPSE, 2)
    assert item.escalated_at is not None


def test_due_is_what_falls_today_or_earlier_and_is_open(person: Person) -> None:
    item = opened(person)
    assert not WaitingItem.objects.due(march(3)).exists()
    assert WaitingItem.objects.due(march(4)).exists()
    assert WaitingItem.objects.due(march(30)).exists()
    waiting.close_item(item)
    assert not WaitingItem.objects.due(march(30)).exists()


def test_open_item_is_unique_per_person_and_subject(person: Person) -> None:
    opened(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(person)
    waiting.open_item(PersonFactory.create(), "manager_decision", SUBJECT, plan=[])
    assert waiting.close_items(SUBJECT) == 2
    opened(person)


def test_closing_closes_only_what_is_meant(person: Person) -> None:
    opened(person)
    waiting.open_item(person, "host_answer", SUBJECT, plan=[])
    waiting.open_item(person, "host_answer", OTHER, plan=[])
    assert waiting.close_items(SUBJECT, "host_answer") == 1
    assert waiting.close_items(SUBJECT) == 1
    assert WaitingItem.objects.open().count() == 1
    assert waiting.close_items(SUBJECT) == 0


def test_deputy_sees_what_they_may_deal_with_while_it_lasts(person: Person) -> None:
    deputy = PersonFactory.create()
    today = timezone.localdate()
    DelegationFactory.create(manager=person, deputy=deputy, ends_on=today)
    opened(person, deputies_may_act=True)
    waiting.open_item(person, "change_request", OTHER, plan=[])
    assert WaitingItem.objects.awaiting(person).count() == 2
    assert WaitingItem.objects.awaiting(deputy).count() == 1
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        assert WaitingItem.objects.awaiting(deputy).count() == 0
