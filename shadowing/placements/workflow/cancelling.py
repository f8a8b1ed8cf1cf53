"""Cancelling an agreed visit or its remaining dates, and who is told.

Dates that have begun stay as they are: only those to come are cancelled. Where one of several has begun, the
visit is not cancelled but ends with what was done, and exactly the time of the others is given back.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import Transition, TransitionContext, TransitionError
from shadowing.enums import DecisionRole, PlacementStatus, StepBackReason
from shadowing.mail import emails
from shadowing.models import Decision, Placement
from shadowing.offers.workflow.capacity import give_back_place
from shadowing.placements.workflow.visit_closing import drop_change, end_visit, mark_not_attended
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.requests.workflow.timing import give_back
from shadowing.rules.audited_steps import audited
from shadowing.rules.deadlines import working_calendar
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import can_act_in_visit, can_cancel_placement, visitor_has_left
from shadowing.rules.visit_dates import dates_of_visit, has_dates_to_come

S = PlacementStatus
BEGUN = "The visit has begun already. Say on its page whether it took place."


def _after_cancelling(context: TransitionContext[Placement]) -> str:
    """Return "cancelled", or the status with only the dates that have begun.

    Raises TransitionError when no date is to come.
    """
    dates = dates_of_visit(context.record)
    if not dates.to_come:
        raise TransitionError(BEGUN)
    if not dates.begun:
        return S.CANCELLED
    return S.TAKING_PLACE if any(visit.ends_at > dates.at for visit in dates.begun) else S.TO_REFLECT


@audited("Called off a visit.")
def _cancel(context: TransitionContext[Placement]) -> None:
    """Cancel the dates to come, update calendars and tell everybody concerned."""
    if not context.inputs.get("reason"):
        raise TransitionError("Choose a reason for the coordinators.")
    context.record.sequence += 1
    if context.target == S.CANCELLED:
        _cancel_all(context)
    else:
        _cancel_the_rest(context)


def _cancel_all(context: TransitionContext[Placement]) -> None:
    """Cancel the whole visit and free its place."""
    placement, late = context.record, is_late(context.record)
    placement.cancelled_by = context.principal or placement.shadow  # by the schedule: the visitor has left
    placement.cancel_reason = context.inputs["reason"]
    placement.cancel_words = context.reason
    placement.counts = late and counts_when_late(placement, context.principal, context.inputs["reason"])
    request = mark_not_attended(placement)
    give_back_place(request)
    request.save(update_fields=["holds_place"])
    _tell_of_cancellation(placement, late=late)


def _cancel_the_rest(context: TransitionContext[Placement]) -> None:
    """Cancel the remaining dates of several; the place was used, so it stays taken."""
    placement, dates = context.record, dates_of_visit(context.record)
    placement.visits.filter(pk__in=[visit.pk for visit in dates.to_come]).update(stands=False)
    give_back(placement, dates.to_come)
    if context.target == S.TO_REFLECT:
        end_visit(context)
    else:
        drop_change(placement)
        sync_appraisals(placement)
    extra: dict[str, Any] = {
        "visits": dates.to_come,
        "by": context.principal or placement.shadow,
        "words": context.reason,
        "strip": None,
    }
    queue_mail = emails.queue_placement_mail
    queue_mail("rest_called_off_to_shadow", [placement.shadow], placement, with_calendar="REQUEST", **extra)
    queue_mail(
        "rest_called_off_to_host", hosts_of_visit(placement), placement, with_calendar="REQUEST", **extra
    )
    queue_mail("rest_called_off_to_manager", managers_of(placement), placement, **extra)


def managers_of(placement: Placement) -> list[Person]:
    """Return the person asked as line manager, who is told about changes of the visit."""
    decision = Decision.objects.latest_for(placement.request, DecisionRole.LINE_MANAGER)
    return [decision.asked] if decision is not None else []


def _tell_of_cancellation(placement: Placement, *, late: bool) -> None:
    request, queue_mail = placement.request, emails.queue_placement_mail
    back = emails.next_visit_button(placement)
    queue_mail("placement_cancelled_to_shadow", [placement.shadow], placement, with_calendar="CANCEL", **back)
    queue_mail("placement_cancelled_to_host", hosts_of_visit(placement), placement, with_calendar="CANCEL")
    queue_mail("placement_cancelled_to_manager", managers_of(placement), placement)
    if late:
        queue_mail(
            "placement_cancelled_to_coordinator", list(request.offer.scheme.coordinators.all()), placement
        )


def is_late(placement: Placement) -> bool:
    """Return whether fewer working days are left than the scheme sets for a normal cancellation.

    A late cancellation is also reported to the scheme's coordinators.
    """
    to_come = dates_of_visit(placement).to_come
    if not to_come:
        return False
    scheme = placement.request.offer.scheme
    left = working_calendar(scheme).working_days_between(
        timezone.localdate(), timezone.localdate(to_come[0].starts_at)
    )
    return left < scheme.late_cancellation_days


def counts_when_late(placement: Placement, actor: Person | None, reason: str = "") -> bool:
    """Return whether the half-days still count when ``actor`` cancels late; never in an illness."""
    is_visitor = actor is not None and actor.pk == placement.shadow_id
    excused = reason == StepBackReason.ILLNESS
    return is_visitor and not excused and placement.request.offer.scheme.missed_counts


CANCELLING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "cancel": Transition(
            label="Cancel the visit",
            sources=frozenset({S.AGREED, S.TAKING_PLACE}),
            target=_after_cancelling,
            policy=can_cancel_placement,
            on_behalf=can_act_in_visit,
            by_schedule=True,
            schedule_may=visitor_has_left,
            effect=_cancel,
            offered=has_dates_to_come,
        ),
    }
)
