"""The clocks of a scheme: its rules turned into days of reminders, hand-over and lapse."""

from __future__ import annotations

from django.utils import timezone

from accounts.clocks import Plan, WorkingCalendar, plan_from
from accounts.models import Person
from shadowing.models import ClosureDay, Scheme


def working_calendar(scheme: Scheme, person: Person | None = None) -> WorkingCalendar:
    """The scheme's working days; with ``person``, only those on which they work."""
    weekdays = (
        frozenset(person.working_days) if person and person.working_days else frozenset({1, 2, 3, 4, 5})
    )
    closures = frozenset(ClosureDay.objects.values_list("day", flat=True))
    return WorkingCalendar(scheme.holiday_country, scheme.holiday_region, closures, weekdays)


def manager_plan(scheme: Scheme, manager: Person) -> Plan:
    """Reminders, then the coordinator, then the lapse, counted from today."""
    return plan_from(
        working_calendar(scheme, manager),
        timezone.localdate(),
        remind=scheme.manager_reminder_days,
        escalate=scheme.manager_escalation_day,
        lapse=scheme.manager_lapse_day,
    )


def offer_plan(scheme: Scheme, person: Person) -> Plan:
    """Reminders only, counted from today: an offer does not lapse."""
    return plan_from(working_calendar(scheme, person), timezone.localdate(), remind=scheme.host_reminder_days)


def host_plan(scheme: Scheme, host: Person) -> Plan:
    """Reminders, then the lapse, counted from today."""
    return plan_from(
        working_calendar(scheme, host),
        timezone.localdate(),
        remind=scheme.host_reminder_days,
        lapse=scheme.host_lapse_day,
    )
