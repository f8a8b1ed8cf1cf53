"""Deadlines by a scheme's rules: the days of reminders, escalation and lapse."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from functools import partial
from itertools import chain

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as dateformat

from accounts import batch, waiting
from accounts.clocks import (
    WHOLE_WEEK,
    CountedPlan,
    WorkingCalendar,
    holiday_name,
    plan_from,
    shift_for_closure,
)
from accounts.days import day, day_range
from accounts.enums import WorkingPattern
from accounts.models import Person, WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from shadowing.models import ClosureDay, Offer, Placement, Request, Scheme

BATCH = 500
CLOSED = "{day} is a closed day ({name})."
NOT_WORKING = "{who} not work on {day}s."
NO_WORKING_DAY = "{days}: {who} not work on any of these days, or they are closed days."
CLOSURE = batch.Job("closures", "Deadlines could not be moved for a new closure day")
CLOCK = batch.Job(
    "closures_of", "A deadline could not be moved for a new closure day", WaitingItem, once=True
)


def working_calendar(scheme: Scheme, person: Person | None = None) -> WorkingCalendar:
    """Return the scheme's working days; with ``person``, only those on which they work."""
    closures = frozenset(ClosureDay.objects.values_list("day", flat=True))
    return _calendar(scheme, closures, person)


def _calendar(scheme: Scheme, closures: frozenset[dt.date], person: Person | None) -> WorkingCalendar:
    """Build the calendar; for people in shifts without fixed days every weekday counts."""
    weekdays = frozenset(person.working_days or ()) & frozenset(range(1, 8)) if person else WHOLE_WEEK
    return WorkingCalendar(scheme.holiday_country, scheme.holiday_region, closures, weekdays or WHOLE_WEEK)


def day_remarks(
    scheme: Scheme, days: Iterable[dt.date], people: Iterable[Person], *, reader: Person | None = None
) -> list[str]:
    """Return sentences about closed days, and days on which one of ``people`` does not work."""
    days = sorted(set(days))
    closures = dict(ClosureDay.objects.filter(day__in=days).values_list("day", "name"))
    remarks = []
    for on in days:
        name = closures.get(on) or holiday_name(scheme.holiday_country, scheme.holiday_region, on)
        if name:
            remarks.append(CLOSED.format(day=day(on), name=name))
    for person in people:
        remarks += [
            NOT_WORKING.format(who=_who(person, reader), day=name) for name in _days_off(person, days)
        ]
    return remarks


def window_remarks(
    scheme: Scheme, first: dt.date, last: dt.date, person: Person, *, reader: Person | None = None
) -> list[str]:
    """Return a sentence if ``person`` works on no day of the window; else an empty list."""
    if working_calendar(scheme, person).working_days_between(first - dt.timedelta(days=1), last):
        return []
    return [NO_WORKING_DAY.format(days=day_range(first, last), who=_who(person, reader))]


def _who(person: Person, reader: Person | None) -> str:
    return "You do" if person == reader else f"{person.full_name} does"


def _days_off(person: Person, days: Iterable[dt.date]) -> list[str]:
    """Return the weekdays of ``days`` on which they do not work; people in shifts may work on any."""
    works = frozenset(person.working_days or ())
    if not works or (works == WHOLE_WEEK and person.working_pattern == WorkingPattern.SHIFTS):
        return []
    return list(dict.fromkeys(dateformat(on, "l") for on in days if on.isoweekday() not in works))


def manager_plan(scheme: Scheme, manager: Person) -> CountedPlan:
    """Return the line manager's deadlines from today: reminders, escalation to the coordinator, lapse."""
    return plan_from(
        working_calendar(scheme, manager),
        timezone.localdate(),
        remind=scheme.manager_reminder_days,
        escalate=scheme.manager_escalation_day,
        lapse=scheme.manager_lapse_day,
    )


def offer_plan(scheme: Scheme, person: Person) -> CountedPlan:
    """Return the reminders about an offer, counted from today; an offer does not lapse."""
    return plan_from(working_calendar(scheme, person), timezone.localdate(), remind=scheme.host_reminder_days)


def help_plan(scheme: Scheme, coordinator: Person) -> CountedPlan:
    """Return the coordinator's reminders, on the line manager's days, counted from today.

    There is no lapse: the waiting item that is stuck has its own deadline.
    """
    return plan_from(
        working_calendar(scheme, coordinator), timezone.localdate(), remind=scheme.manager_reminder_days
    )


def host_plan(scheme: Scheme, host: Person) -> CountedPlan:
    """Return the host's deadlines, counted from today: reminders, then the lapse."""
    return plan_from(
        working_calendar(scheme, host),
        timezone.localdate(),
        remind=scheme.host_reminder_days,
        lapse=scheme.host_lapse_day,
    )


def reflection_plan(scheme: Scheme, person: Person, since: dt.date) -> CountedPlan:
    """Return the days on which ``person`` is asked for a reflection on a visit that ended on ``since``."""
    return plan_from(working_calendar(scheme, person), since, remind=scheme.reflection_days)


def answer_plan(scheme: Scheme, person: Person) -> CountedPlan:
    """Return reminders on the host's days, counted from today; agreed dates do not lapse."""
    return plan_from(working_calendar(scheme, person), timezone.localdate(), remind=scheme.host_reminder_days)


def joiner_plan(scheme: Scheme, visitor: Person) -> CountedPlan:
    """Return the visitor's deadlines to answer about a joiner: the host's first reminder, and the lapse.

    A lapse counts as a refusal.
    """
    return plan_from(
        working_calendar(scheme, visitor),
        timezone.localdate(),
        remind=scheme.host_reminder_days[:1],
        lapse=scheme.host_lapse_day,
    )


def last_day_to_remind_of(scheme: Scheme) -> dt.date:
    """Return the last day whose visits get their reminder today, one working day ahead.

    On a Friday that is Monday, or Tuesday if Monday is a bank holiday.
    """
    return working_calendar(scheme).after(timezone.localdate(), 1)


def postpone_for_closures(*, seconds: float = float("inf")) -> int:
    """Move deadlines of people who lose a working day to closure days added since the last run.

    Steps from that day on come one working day later; none comes earlier than promised. Stops after
    ``seconds``; the next run continues there. Returns the number of waiting items moved. Costs one query
    without new closure days, else a few for each batch of items.
    """
    until = time.monotonic() + seconds
    new = ClosureDay.objects.filter(counted_at__isnull=True).order_by("added_at", "pk")

    def count(pk: int) -> int:
        moved = 0
        while time.monotonic() < until and (number := _count_batch(pk)) is not None:
            moved += number
        return moved

    return batch.run(CLOSURE, list(new.values_list("pk", flat=True)), count, atomic=False).done


@transaction.atomic
def _count_batch(pk: int) -> int | None:
    """Move the next items for one closure day; None if none are left or another run holds the day."""
    uncounted = ClosureDay.objects.select_for_update(skip_locked=True).filter(counted_at__isnull=True)
    closure = uncounted.filter(pk=pk).first()
    if closure is None:
        return None
    items = list(_running_clocks(closure)[:BATCH])
    closure.moved_to = items[-1].pk if items else closure.moved_to
    closure.counted_at = None if items else timezone.now()
    closure.save(update_fields=["moved_to", "counted_at"])
    if not items:
        return None
    moved = Counter[str]()
    batch.run_in_bulk(CLOCK, items, lambda some: moved.update(items=_move(closure, list(some))))
    return moved["items"]


def _running_clocks(closure: ClosureDay) -> WaitingItemQuerySet:
    """Return open items with deadlines ahead that were set before the closure day was known."""
    items = WaitingItem.objects.open().filter(since__lt=closure.added_at)
    items = items.filter(Q(next_on__isnull=False) | Q(due_on__gte=closure.day))
    if closure.moved_to is not None:
        items = items.filter(pk__gt=closure.moved_to)
    return items.select_related("owner").select_for_update(of=("self",)).order_by("pk")


def _move(closure: ClosureDay, items: list[WaitingItem]) -> int:
    schemes, closures = _schemes_of(items), _known_to(closure)
    return waiting.postpone(
        (
            item,
            partial(
                shift_for_closure, _calendar(schemes[item.subject_id], closures, item.owner), closure.day
            ),
        )
        for item in items
        if item.subject_id in schemes and timezone.localdate(item.since) < closure.day
    )


def _known_to(closure: ClosureDay) -> frozenset[dt.date]:
    """Return the closure days that deadlines take into account: this one and those applied before it."""
    known = ClosureDay.objects.filter(Q(counted_at__isnull=False) | Q(pk=closure.pk))
    return frozenset(known.values_list("day", flat=True))


def _schemes_of(items: list[WaitingItem]) -> dict[uuid.UUID, Scheme]:
    """Return the scheme of each item's subject (request, offer or placement), by subject id."""
    ids, schemes = [item.subject_id for item in items], Scheme.objects.in_bulk()
    requests = Request.objects.filter(pk__in=ids).values_list("pk", "offer__scheme")
    offers = Offer.objects.filter(pk__in=ids).values_list("pk", "scheme")
    visits = Placement.objects.filter(pk__in=ids).values_list("pk", "request__offer__scheme")
    return {subject: schemes[scheme] for subject, scheme in chain(requests, offers, visits)}
