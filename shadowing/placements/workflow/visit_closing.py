"""Effects at the end of a visit, or when it turns out that it did not take place."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts import waiting
from accounts.enums import How
from accounts.models import Person
from accounts.workflow import TransitionContext, perform
from shadowing.enums import MoveOutcome, RequestStatus, WaitingKind
from shadowing.models import FollowUp, Placement, Request
from shadowing.placements.encryption import wipe
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.rules import deadlines
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.visit_dates import dates_of_visit, open_change

MOVES = (WaitingKind.ANSWER_MOVE, WaitingKind.ALLOW_MOVE)


def end_visit(context: TransitionContext[Placement]) -> None:
    """End the visit: open reflections for both sides and schedule the follow-ups.

    The deadlines for reflections start today, so that after an outage of the schedule everybody still gets
    the full time.
    """
    placement, dates = context.record, dates_of_visit(context.record)
    placement.ended_at = min(context.at, max(visit.ends_at for visit in dates.begun))
    if any(visit.took_place for visit in dates.begun):
        placement.took_place = True
    scheme, ended_on = placement.request.offer.scheme, timezone.localdate(placement.ended_at)
    today = timezone.localdate(context.at)
    placement.share_on = deadlines.working_calendar(scheme).after(today, scheme.share_day)
    _close_preparations(placement)
    placement.visits.filter(stands=True).update(settled_at=context.at)
    for person in _people_to_reflect(placement):
        plan = deadlines.reflection_plan(scheme, person, today)
        waiting.open_item(person, WaitingKind.REFLECT, placement, plan=plan, about=placement.shadow)
    FollowUp.objects.bulk_create(
        FollowUp(placement=placement, days=days, ask_on=ended_on + dt.timedelta(days=days))
        for days in scheme.later_days
    )
    sync_appraisals(placement)


def mark_not_attended(placement: Placement) -> Request:
    """Record that the visit does not take place at all and close what waits. Returns its closed request."""
    request = _close_preparations(placement)
    placement.visits.update(stands=False)
    waiting.close_items(placement)
    placement.follow_ups.filter(answered_at__isnull=True).delete()
    sync_appraisals(placement)
    return request


def _close_preparations(placement: Placement) -> Request:
    """Close what belongs to the time before a visit; return its request, closed."""
    drop_change(placement)
    waiting.close_items(placement, WaitingKind.FIND_HOST)
    wipe(placement)
    request = placement.request
    if request.status == RequestStatus.AGREED:
        request = placement.request = perform(request, "close", actor=None, how=How.SYSTEM)
    return request


def drop_change(placement: Placement) -> None:
    """Withdraw pending suggested dates: too late, or nothing is left to move."""
    change = open_change(placement)
    if change is not None:
        change.outcome, change.closed_at = MoveOutcome.TAKEN_BACK, timezone.now()
        change.save(update_fields=["outcome", "closed_at"])
        waiting.close_items(placement, *MOVES)


def _people_to_reflect(placement: Placement) -> list[Person]:
    """Return who is asked to reflect: the visitor, and the host or, where the host has left, a co-host."""
    host = next((person for person in hosts_of_visit(placement) if person.is_active), None)
    return [person for person in (placement.shadow, host) if person is not None and person.is_active]
