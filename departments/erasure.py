"""What departments erase of a person: where they belonged. What they did there keeps its department."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import Person
from accounts.protection.erasure import Blank, Part, register
from departments.models import Coordinator, Department, Membership


def refuses(person: Person) -> Iterator[str]:
    """Somebody who heads or coordinates a department."""
    if headed := Department.objects.filter(head=person).values_list("name", flat=True):
        yield f"They head {', '.join(headed)}. Name another head first."
    coordinated = Coordinator.objects.filter(person=person).values_list("department__name", flat=True)
    if coordinated:
        yield f"They coordinate {', '.join(coordinated)}. Take that from them first."


register(
    "departments",
    Part(
        what="Where they belonged",
        blanks=(
            Blank(model=Membership, of=lambda person: Q(person=person)),
            Blank(
                model=Department,
                of=lambda person: Q(contact_email=person.email),
                values={"contact_email": ""},
            ),
        ),
    ),
    refuses=refuses,
)
