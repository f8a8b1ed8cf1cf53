"""Report addresses that refuse mail to the coordinators of the person's branch, once per address."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils import timezone

from accounts import batch
from accounts.models import Person
from departments.models import Department
from messaging import outbox
from messaging.models import Message
from shadowing.mail.mail_context import address, why
from shadowing.models import Scheme
from shadowing.rules.approvers import coordinators_above

REPORT = batch.Job("addresses", "Coordinators could not be told of an address that refuses mail", Message)
TEMPLATE = "address_refused_to_coordinator"
# After a longer standstill of the schedule, older failures are still shown on the desk.
LOOK_BACK = dt.timedelta(days=2)


def report_bad_addresses() -> int:
    """Mail the coordinators about each address that refused mail lately. Returns the number of new reports.

    An address is reported only once, because its event key stays in the outbox. A failed report does not
    affect the others.
    """
    failed = Message.objects.failed().filter(not_before__gte=timezone.now() - LOOK_BACK)
    found = failed.exclude(template=TEMPLATE).filter(recipient__is_active=True)
    refused = {message.to_email: message for message in found.select_related("recipient").order_by("dated")}
    new = [message for email, message in refused.items() if not _is_reported(email)]
    return batch.run(REPORT, new, _report).done


def _report(message: Message) -> int:
    """Report one address. Returns whether there was a coordinator to mail."""
    return bool(message.recipient is not None and _mail_coordinators(message.recipient, message))


def _is_reported(email: str) -> bool:
    return Message.objects.filter(key__startswith=f"{_event(email)}:{TEMPLATE}:").exists()


def _event(email: str) -> str:
    """Return the event key: a hash, because an address may be longer than an outbox key allows."""
    return f"refused:{hashlib.sha256(email.encode()).hexdigest()[:32]}"


def _mail_coordinators(person: Person, message: Message) -> list[Person]:
    """Queue the mail to each coordinator responsible for ``person``. Returns these coordinators."""
    department = Department.objects.filter(memberships__person=person).first()
    people = _coordinators(department, person)
    for coordinator in people:
        outbox.enqueue(
            event=_event(message.to_email),
            template=TEMPLATE,
            recipient=coordinator,
            context={
                "person": person,
                "email": message.to_email,
                "destination": department,
                "reason": message.last_error,
                "why": why(TEMPLATE),
                "action_url": address("/coordinate/"),
                "action_label": "See what could not be sent",
            },
        )
    return people


def _coordinators(department: Department | None, person: Person) -> list[Person]:
    """Return the coordinators of the nearest branch, else of the scheme.

    For a person without a department these are the coordinators of all schemes.
    """
    if department is None:
        return list(
            Person.objects.active().filter(runs_schemes__isnull=False).exclude(pk=person.pk).distinct()
        )
    try:
        scheme = Scheme.objects.serving(department)
    except Scheme.DoesNotExist:
        return []
    return coordinators_above(department, scheme, never=[person])
