"""Dates records of the demo back, as if they had happened days ago.

The workflow stamps everything with the present moment. A demo in which everything happened this minute would
show no waiting, so each story runs step by step with days passing in between. Only this module changes rows
of the history, and it does so before anybody has seen them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts import append_only
from accounts.clocks import WorkingCalendar
from accounts.enums import NextStep
from accounts.models import HistoryEntry, WaitingItem
from accounts.models.history import APPEND_ONLY
from accounts.waiting import advance, plan_of
from demo.demo_days import Days, at
from messaging.enums import Gathering
from messaging.models import Message
from shadowing.enums import Side
from shadowing.models import Offer, Participation, Placement, Request


def pass_time(request: Request, days: Days, back: dt.timedelta) -> None:
    """Date everything about ``request`` back by ``back``."""
    placements = Placement.objects.filter(request=request)
    _move(
        Request.objects.filter(pk=request.pk),
        back,
        "created_at changed_at submitted_at queued_at agreement_accepted_at",
    )
    _move(request.decisions.all(), back, "asked_at answered_at")
    _move(placements, back, "created_at")
    _move(Participation.objects.filter(placement__request=request), back, "joined_at left_at consent_at")
    _move_traces([request.pk, *placements.values_list("pk", flat=True)], days, back)


def pass_time_of_offer(offer: Offer, days: Days, back: dt.timedelta) -> None:
    """Date an offer's creation and opening back by ``back``."""
    _move(Offer.objects.filter(pk=offer.pk), back, "created_at opened_at")
    _move_traces([offer.pk], days, back)


def pass_time_of_placement(placement: Placement, days: Days, back: dt.timedelta) -> None:
    """Date what both sides did about an agreed visit back by ``back``."""
    _move(placement.comments.all(), back, "at")
    _move(placement.ticks.all(), back, "at")
    _move(placement.date_changes.all(), back, "at closed_at")
    with append_only.lifted("shadowing.Acceptance:acceptance_is_append_only"):
        _move(placement.acceptances.filter(side=Side.HOST), back, "at")
    _move_traces([placement.pk], days, back)


def pass_time_of_item(item: WaitingItem, days: Days, back: dt.timedelta) -> None:
    """Date the start of one waiting item back by ``back``."""
    mine = WaitingItem.objects.filter(pk=item.pk)
    _move(mine, back, "since")
    _rewind(mine.select_related("owner").get(), days, back)


def _move_traces(subjects: Iterable[uuid.UUID], days: Days, back: dt.timedelta) -> None:
    """Date history, mail and waiting items of ``subjects`` back."""
    ids = list(subjects)
    with append_only.lifted(APPEND_ONLY):
        _move(HistoryEntry.objects.filter(subject_id__in=ids), back, "at")
    for pk in ids:
        mails = Message.objects.filter(key__startswith=f"{pk}:")
        _move(mails, back, "dated not_before")
        mails.update(gathering=Gathering.ALONE)  # each was sent at its own time
    items = WaitingItem.objects.filter(subject_id__in=ids)
    _move(items, back, "since closed_at")
    for item in items.filter(closed_at__isnull=True).select_related("owner"):
        _rewind(item, days, back)


def _move(rows: models.QuerySet[Any], back: dt.timedelta, fields: str) -> None:
    rows.update(**{field: F(field) - back for field in fields.split()})


def _rewind(item: WaitingItem, days: Days, back: dt.timedelta) -> None:
    """Recompute the item's deadlines from its earlier start, and perform the steps that are past."""
    calendar = WorkingCalendar(
        days.calendar.country,
        days.calendar.region,
        days.calendar.closures,
        frozenset(item.owner.working_days),
    )
    began, had_begun = timezone.localdate(item.since), timezone.localdate(item.since + back)

    def as_far(day: dt.date) -> dt.date:
        return calendar.after(began, calendar.working_days_between(had_begun, day))

    plan = [(as_far(day), step) for day, step in plan_of(item)]
    item.plan = [[day.isoformat(), step.value] for day, step in plan]
    item.due_on = as_far(item.due_on) if item.due_on else None
    item.next_on, item.next_step = plan[0] if plan else (None, NextStep.NOTHING)
    item.save(update_fields=["plan", "due_on", "next_on", "next_step"])
    while item.next_on is not None and item.next_on <= days.today:
        advance(item)
    handed_over = [day for day, step in plan if step == NextStep.ESCALATE and day <= days.today]
    if handed_over:
        item.escalated_at = at(handed_over[0], "07:30")
        item.save(update_fields=["escalated_at"])
