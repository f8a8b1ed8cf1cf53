"""Deadlines and reminder days of waiting items about appraisals."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.clocks import WHOLE_WEEK, CountedPlan, WorkingCalendar, plan_from
from accounts.enums import NextStep
from accounts.models import Person
from appraisals.enums import AskKind
from appraisals.models import Appraisal

TALK_REMINDERS = (10, 20)
REMINDERS = (5, 10)


def item_plan(kind: AskKind, owner: Person, appraisal: Appraisal) -> CountedPlan:
    """Return the reminders of a waiting item, counted from today in the owner's working days.

    Nothing lapses.
    """
    calendar, today = _calendar(owner), timezone.localdate()
    if kind == AskKind.TALK:
        return _until(calendar, today, appraisal.cycle.ends_on)
    return plan_from(calendar, today, remind=REMINDERS)


def _until(calendar: WorkingCalendar, today: dt.date, last: dt.date) -> CountedPlan:
    """Return a plan that is due on ``last``; reminders that would come later are moved to that day."""
    days = sorted({min(calendar.after(today, number), last) for number in TALK_REMINDERS})
    return CountedPlan([(day, NextStep.REMIND) for day in days if day > today], due_on=last)


def _calendar(person: Person) -> WorkingCalendar:
    """Return the person's working calendar; without working days of their own (shifts), every day counts."""
    weekdays = frozenset(person.working_days or ()) & frozenset(range(1, 8))
    return WorkingCalendar(weekdays=weekdays or WHOLE_WEEK)
