"""Waiting items of the demo's past visits: reflections, evidence to acknowledge, follow-ups."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from appraisals.enums import AppraisalStatus, AskKind
from appraisals.models import Appraisal, EvidenceNote, Objective
from appraisals.workflow.waiting_items import sync_waiting_items
from demo.demo_days import Days
from demo.follow_ups import Afterwards
from demo.past_records import Records
from demo.timeline import pass_time_of_item
from demo.waiting_items import wait
from shadowing.enums import PlacementStatus, Side, WaitingKind
from shadowing.models import FollowUp, Placement


def leave_waiting(records: Records, days: Days) -> None:
    """Open the waiting items of the past visits, each from its own moment."""
    afterwards = records.afterwards
    for placement in records.placements:
        if placement.status == PlacementStatus.TO_REFLECT:
            _ask_for_reflections(placement, afterwards, days)
    _ask_what_came_of_it(afterwards.follow_ups, days)


def _ask_for_reflections(placement: Placement, afterwards: Afterwards, days: Days) -> None:
    sent = {each.side for each in afterwards.reflections if each.placement == placement and each.sent_at}
    scheme = placement.request.offer.scheme
    for side, person in ((Side.SHADOW, placement.shadow), (Side.HOST, placement.host)):
        if side not in sent and placement.ended_at is not None:
            wait(
                person,
                WaitingKind.REFLECT,
                placement,
                since=placement.ended_at,
                remind=scheme.reflection_days,
                days=days,
                about=placement.shadow,
            )


def _ask_what_came_of_it(follow_ups: Iterable[FollowUp], days: Days) -> None:
    for asked in follow_ups:
        if asked.asked_at is not None and not asked.answer:
            wait(
                asked.placement.shadow,
                WaitingKind.LATER,
                asked.placement,
                since=asked.asked_at,
                remind=asked.placement.request.offer.scheme.host_reminder_days,
                days=days,
            )


def settle_appraisals(days: Days, rng: random.Random) -> None:
    """Open the line managers' waiting items about appraisals: objectives, evidence, signatures."""
    unread = EvidenceNote.objects.filter(activity__appraisal=OuterRef("pk"), acknowledged_at=None)
    new = Objective.objects.filter(appraisal=OuterRef("pk"), agreed_at=None)
    signed = Q(person_signed_at__isnull=False)
    some = Appraisal.objects.filter(Exists(unread) | Exists(new) | signed, status=AppraisalStatus.OPEN)
    for appraisal in some.select_related("person__line_manager", "appraiser", "cycle").order_by("person"):
        for item in sync_waiting_items(appraisal):
            since = _since(appraisal, AskKind(item.kind)) or days.moment(rng.randint(2, 9), rng)
            pass_time_of_item(item, days, timezone.now() - since)


def _since(appraisal: Appraisal, kind: AskKind) -> dt.datetime | None:
    """Return when the item began, if a record says so."""
    if kind == AskKind.SIGN:
        return appraisal.person_signed_at
    unread = EvidenceNote.objects.filter(activity__appraisal=appraisal, acknowledged_at=None)
    first = unread.order_by("released_at").first() if kind == AskKind.ACKNOWLEDGE else None
    return first.released_at if first else None
