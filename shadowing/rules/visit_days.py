"""The last day on which a request can be answered: the visit's own date ends every deadline."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from accounts.clocks import CountedPlan, WorkingCalendar
from accounts.enums import NextStep
from shadowing.enums import RequestStatus
from shadowing.models import Request
from shadowing.models.request import RequestQuerySet

INSTANT = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)
WITHOUT_PROPOSAL = (RequestStatus.WITH_HOST, RequestStatus.WAITING_LIST, RequestStatus.SENT_BACK)
WITH_PROPOSAL = (RequestStatus.DATES_PROPOSED, RequestStatus.WITH_HOST_MANAGER)


def possible_until(request: Request) -> dt.datetime:
    """Return when the visit becomes impossible: its first date begins, or its last possible day is over."""
    first_time = request.status == RequestStatus.WITH_MANAGER and request.agreed_starts is None
    if first_time or request.status in WITHOUT_PROPOSAL:
        return _asked_until(request)
    proposed = request.proposed_visits.order_by("starts_at").values_list("starts_at", flat=True).first()
    return proposed or _asked_until(request)


def _asked_until(request: Request) -> dt.datetime:
    if not request.session.by_arrangement:
        return request.session.starts_at
    last = max(request.window_ends, request.agreed_ends or request.window_ends)
    return timezone.make_aware(dt.datetime.combine(last + DAY, dt.time()))


def last_day(request: Request) -> dt.date:
    """Return the last day on which the request can be answered."""
    return timezone.localdate(possible_until(request) - INSTANT)


def last_day_asked(request: Request) -> dt.date | None:
    """Return the last day without a query; None where dates are proposed: their item's deadline has it."""
    again = request.status == RequestStatus.WITH_MANAGER and request.agreed_starts is not None
    if again or request.status in WITH_PROPOSAL:
        return None
    return timezone.localdate(_asked_until(request) - INSTANT)


def until_visit(plan: CountedPlan, request: Request) -> CountedPlan:
    """Return ``plan`` without steps from the visit's last day on; a lapse cut off is set to that day."""
    today, last = timezone.localdate(), max(last_day(request), timezone.localdate())
    steps = [(day, step) for day, step in plan if day < last]
    ends = any(step == NextStep.LAPSE for _, step in plan)
    if ends and not any(step == NextStep.LAPSE for _, step in steps):
        steps.append((last, NextStep.LAPSE))
    due = plan.due_on
    if due is not None and due >= last:
        due = max(today, (plan.calendar or WorkingCalendar()).before(last)) if ends else last
    return CountedPlan(steps, due_on=due)


def expired_requests(requests: RequestQuerySet) -> list[Request]:
    """Return the requests whose visit is no longer possible, with their session loaded."""
    now, today = timezone.now(), timezone.localdate()
    begun = Q(session__by_arrangement=False, session__starts_at__lte=now)
    over = Q(session__by_arrangement=True, window_ends__lt=today)
    proposed = Q(proposed_visits__starts_at__lte=now)
    candidates = requests.filter(begun | over | proposed).select_related("session").distinct()
    return [request for request in candidates if possible_until(request) <= now]
