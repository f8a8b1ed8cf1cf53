"""Open, close and advance waiting items: the only module that writes that table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable

from django.db import connection, models
from django.utils import timezone

from accounts.clocks import CountedPlan, Plan
from accounts.enums import NextStep
from accounts.models import Person, WaitingItem

FRIDAY = 5
# Django's bulk_update would compare every row with every value.
POSTPONE = """
    UPDATE accounts_waitingitem AS item
    SET plan = moved.plan::jsonb, due_on = moved.due_on, next_on = moved.next_on
    FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::date[]) AS moved (id, plan, due_on, next_on)
    WHERE item.id = moved.id
"""


def _as_json(plan: Plan) -> list[list[str]]:
    return [[day.isoformat(), step.value] for day, step in plan]


def plan_of(item: WaitingItem) -> Plan:
    """Return the steps still to come, with their days."""
    return [(dt.date.fromisoformat(day), NextStep(step)) for day, step in item.plan]


def has_lapsed(item: WaitingItem, today: dt.date) -> bool:
    """Return whether the time for an answer is over."""
    return any(day <= today for day, step in plan_of(item) if step == NextStep.LAPSE)


def due_day(plan: Plan) -> dt.date | None:
    """Return the last day on which an answer is in time: before escalation or lapse.

    A CountedPlan knows it. For another plan it is the last weekday before; with reminders only, the last of
    them.
    """
    if isinstance(plan, CountedPlan):
        return plan.due_on
    consequences = [day for day, step in plan if step != NextStep.REMIND]
    if not consequences:
        return plan[-1][0] if plan else None
    day = consequences[0] - dt.timedelta(days=1)
    while day.isoweekday() > FRIDAY:
        day -= dt.timedelta(days=1)
    return day


def open_item(
    owner: Person,
    kind: str,
    subject: models.Model,
    *,
    plan: Plan,
    deputies_may_act: bool = False,
    about: Person | None = None,
    hidden_until: dt.datetime | None = None,
) -> WaitingItem:
    """Create a waiting item for ``owner``, due by ``due_day(plan)``."""
    first = plan[0] if plan else (None, NextStep.NOTHING)
    return WaitingItem.objects.create(
        owner=owner,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        deputies_may_act=deputies_may_act,
        about=about,
        hidden_until=hidden_until,
        plan=_as_json(plan),
        due_on=due_day(plan),
        next_on=first[0],
        next_step=first[1],
    )


def close_items(subject: models.Model, *kinds: str) -> int:
    """Close the open items about ``subject`` (of ``kinds``, if given); return how many."""
    items = WaitingItem.objects.about(subject).open()
    if kinds:
        items = items.filter(kind__in=kinds)
    return items.update(closed_at=timezone.now(), next_on=None, next_step=NextStep.NOTHING)


def take_due_steps(item: WaitingItem, today: dt.date) -> set[NextStep]:
    """Remove every step that is due from the plan and return the kinds of steps removed.

    After a standstill several are due at once; the reminders among them count as one.
    """
    due = {step for day, step in plan_of(item) if day <= today}
    rest = [(day, step) for day, step in plan_of(item) if day > today]
    item.plan = _as_json(rest)
    item.next_on, item.next_step = rest[0] if rest else (None, NextStep.NOTHING)
    item.reminders_sent += NextStep.REMIND in due
    if NextStep.ESCALATE in due:
        item.escalated_at = timezone.now()
    item.save(update_fields=["plan", "next_on", "next_step", "reminders_sent", "escalated_at"])
    return due


def escalate(item: WaitingItem) -> None:
    """Escalate now instead of on the planned day."""
    rest: Plan = [(day, step) for day, step in plan_of(item) if step != NextStep.ESCALATE]
    item.plan, item.escalated_at = _as_json(rest), timezone.now()
    item.next_on, item.next_step = rest[0] if rest else (None, NextStep.NOTHING)
    item.save(update_fields=["plan", "next_on", "next_step", "escalated_at"])


def postpone(moves: Iterable[tuple[WaitingItem, Callable[[dt.date], dt.date]]]) -> int:
    """Move the remaining steps and the due day of each item by its function; return how many items moved.

    Runs one SQL statement, however many items there are.
    """
    moved = []
    for item, to in moves:
        before = plan_of(item)
        plan, due_on = [(to(day), step) for day, step in before], to(item.due_on) if item.due_on else None
        if (plan, due_on) != (before, item.due_on):
            moved.append((item.pk, json.dumps(_as_json(plan)), due_on, plan[0][0] if plan else None))
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(POSTPONE, [list(column) for column in zip(*moved, strict=True)])
    return len(moved)


def count_reminder(item: WaitingItem) -> None:
    """Count a manual reminder; the plan stays as it is."""
    item.reminders_sent += 1
    item.save(update_fields=["reminders_sent"])


def close_item(item: WaitingItem) -> None:
    """Close the item."""
    item.closed_at, item.next_on, item.next_step = timezone.now(), None, NextStep.NOTHING
    item.save(update_fields=["closed_at", "next_on", "next_step"])


def advance(item: WaitingItem) -> None:
    """Record that the first step of the plan was done, and go on to the next one."""
    done, *rest = plan_of(item)
    following = rest[0] if rest else (None, NextStep.NOTHING)
    item.plan = _as_json(rest)
    item.next_on, item.next_step = following
    item.reminders_sent += done[1] == NextStep.REMIND
    if done[1] == NextStep.ESCALATE:
        item.escalated_at = timezone.now()
    item.save(update_fields=["plan", "next_on", "next_step", "reminders_sent", "escalated_at"])
