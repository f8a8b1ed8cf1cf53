"""Scheduled work on visits: they begin, end, and both sides are reminded the working day before.

Each visit is processed in its own transaction; one that somebody is acting on is left to the next run. The
queries use indexes of unprocessed dates, so the work grows with what is due and not with what is agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import batch
from accounts.enums import How
from accounts.models import WaitingItem
from accounts.workflow import perform
from shadowing.enums import PlacementStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Placement, Scheme, Visit
from shadowing.placements.workflow.move_requests import ask_current_owner
from shadowing.placements.workflow.visit_closing import MOVES, drop_change
from shadowing.requests.workflow.approval_tasks import NobodyLeftError
from shadowing.rules.approvers import approver_of_dates
from shadowing.rules.batch import one_by_one
from shadowing.rules.deadlines import last_day_to_remind_of
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.visit_dates import dates_of_visit, is_stale, open_change

log = structlog.get_logger(__name__)

S = PlacementStatus
BEFORE_THE_END = (S.AGREED, S.TAKING_PLACE)
ADVANCE = batch.Job("visits", "The beginning or end of a visit could not be noted", Placement)
REMIND = batch.Job("visit_reminders", "Two people could not be reminded of their visit", Placement)
PASS_ON = batch.Job("moves", "Other dates could not be passed on to somebody else", Placement)


def advance_visits() -> int:
    """Begin and end visits that are due; return how many changed status."""
    now = timezone.now()
    unsettled = Visit.objects.filter(stands=True, settled_at__isnull=True, starts_at__lte=now)
    rows = unsettled.order_by("starts_at").values_list("placement", "placement__status", "ends_at")
    found = list(rows)
    if any(status not in BEFORE_THE_END for _, status, _ in found):  # these have ended: one update for all
        unsettled.exclude(placement__status__in=BEFORE_THE_END).update(settled_at=now)
    due = dict.fromkeys(
        pk for pk, status, end in found if status == S.AGREED or (status == S.TAKING_PLACE and end <= now)
    )
    return one_by_one(ADVANCE, _advance, due)


def _advance(placement: Placement) -> int:
    """Begin or end one visit, according to its dates."""
    if placement.status not in BEFORE_THE_END:
        return 0  # another process was faster
    now, dates, moved = timezone.now(), dates_of_visit(placement), 0
    if dates.over:
        perform(placement, "finish", actor=None, how=How.SYSTEM)
        moved = 1
    elif placement.status == S.AGREED and dates.begun:
        perform(placement, "start", actor=None, how=How.SYSTEM)
        moved = 1
    else:
        change = open_change(placement)
        if change is not None and is_stale(change, dates):
            drop_change(placement)
    ended = placement.visits.filter(stands=True, settled_at__isnull=True, ends_at__lte=now)
    ended.update(settled_at=now)
    return moved


def remind_of_visits() -> int:
    """Remind both sides of visits on the next working day; return the number of dates.

    A date agreed so late that its reminder would be due at once is not reminded of, because the invitation
    has only just gone.
    """
    schemes = {scheme.pk: last_day_to_remind_of(scheme) for scheme in Scheme.objects.all()}
    if not schemes:
        return 0
    end = max(schemes.values()) + dt.timedelta(days=1)
    tomorrow = timezone.make_aware(dt.datetime.combine(end, dt.time.min))
    visits = Visit.objects.filter(
        stands=True, reminded_at__isnull=True, starts_at__gt=timezone.now(), starts_at__lt=tomorrow
    )
    rows = visits.order_by("starts_at").values_list(
        "pk", "starts_at", "placement", "placement__request__offer__scheme"
    )
    due = [(pk, of) for pk, at, of, scheme in rows if timezone.localdate(at) <= schemes[scheme]]
    return one_by_one(REMIND, _remind, [(of, pk) for pk, of in due])


def _remind(placement: Placement, pk: int) -> int:
    found = [visit for visit in dates_of_visit(placement).to_come if visit.pk == pk]
    if placement.status not in BEFORE_THE_END or not found or found[0].reminded_at is not None:
        return 0
    visit = found[0]
    visit.reminded_at = timezone.now()
    visit.save(update_fields=["reminded_at"])
    extra: dict[str, Any] = {
        "visits": [visit],
        "unsettled": open_change(placement) is not None,
        "strip": None,
    }
    occasion = f":{visit.pk}:day-before"
    people = {"shadow": [placement.shadow], "host": hosts_of_visit(placement)}
    for side, recipients in people.items():
        emails.queue_placement_mail(
            f"day_before_to_{side}", recipients, placement, occasion=occasion, **extra
        )
    return 1


def pass_on_moves() -> int:
    """Reassign suggested dates that wait for somebody who has left; return how many."""
    items = WaitingItem.objects.open().filter(kind__in=MOVES, owner__is_active=False)
    return one_by_one(PASS_ON, _pass_on, list(items.values_list("subject_id", "pk")))


def follow_moves(people: Collection[int]) -> int:
    """Reassign suggested dates of, or asked of, ``people`` to the current approver; return how many."""
    items = WaitingItem.objects.open().filter(kind=WaitingKind.ALLOW_MOVE)
    touched = items.filter(Q(about__in=people) | Q(owner__in=people))
    return one_by_one(PASS_ON, _pass_on, list(touched.values_list("subject_id", "pk")))


def _pass_on(placement: Placement, pk: UUID) -> int:
    item = WaitingItem.objects.open().select_related("owner").filter(pk=pk).first()
    if item is None or _has_right_owner(item, placement):
        return 0
    try:
        return ask_current_owner(item, placement)
    except NobodyLeftError:
        log.warning("nobody_to_ask_about_dates", placement=str(placement.pk))
        transaction.set_rollback(True)
        return 0


def _has_right_owner(item: WaitingItem, placement: Placement) -> bool:
    """Return whether the item still has the right owner."""
    allows = item.kind == WaitingKind.ALLOW_MOVE
    return item.owner.is_active and (not allows or item.owner == approver_of_dates(placement.request))
