"""An address that refuses mail: whoever coordinates that person's branch is told, once an address."""

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

TELL = batch.Job("addresses", "Coordinators could not be told of an address that refuses mail", Message)
TEMPLATE = "address_refused_to_coordinator"
LOOK_BACK = dt.timedelta(days=2)  # a schedule that stood still for longer shows them on the desk all the same


def tell_of_bad_addresses() -> int:
    """Tell the coordinators of each address that refused mail lately; return of how many it was told now.

    An address is told of once for good: its event has a key of its own in the outbox. One that cannot be
    told of spoils nothing for the others.
    """
    failed = Message.objects.failed().filter(not_before__gte=timezone.now() - LOOK_BACK)
    found = failed.exclude(template=TEMPLATE).filter(recipient__is_active=True)
    refused = {message.to_email: message for message in found.select_related("recipient").order_by("dated")}
    new = [message for email, message in refused.items() if not _is_told(email)]
    return batch.run(TELL, new, _told).done


def _told(message: Message) -> int:
    """Tell of one address; whether anybody was told."""
    return bool(message.recipient is not None and _tell(message.recipient, message))


def _is_told(email: str) -> bool:
    return Message.objects.filter(key__startswith=f"{_event(email)}:{TEMPLATE}:").exists()


def _event(email: str) -> str:
    """Short, because an address may be longer than a key of the outbox has room for."""
    return f"refused:{hashlib.sha256(email.encode()).hexdigest()[:32]}"


def _tell(person: Person, message: Message) -> list[Person]:
    """Owe the mail to each coordinator above ``person``; the coordinators."""
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
    """Those of the nearest branch, else those of the scheme; of every scheme for a person without a place."""
    if department is None:
        return list(
            Person.objects.active().filter(runs_schemes__isnull=False).exclude(pk=person.pk).distinct()
        )
    try:
        scheme = Scheme.objects.serving(department)
    except Scheme.DoesNotExist:
        return []
    return coordinators_above(department, scheme, never=[person])
