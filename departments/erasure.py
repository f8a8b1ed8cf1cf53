"""Erasure of a person in departments: their membership, and lines of staff lists that name them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast, Concat

from accounts.models import Person
from accounts.protection.erasure import Blank, Part, register
from departments.models import Coordinator, Department, HrImport, HrImportPiece, Membership

LISTS = ("samples", "findings", "remarks", "sentence", "file_name", "outline", "dates", "chosen")
NO_LINES: dict[str, Any] = {
    "samples": {},
    "outline": {},
    "dates": [],
    "chosen": {},
    "header_mark": "",
    "findings": [],
    "remarks": [],
    "sentence": "",
    "leavers_too_many": "",
    "file_name": "A staff list",
}


def _in_lists(person: Person) -> Q:
    """Return a filter for imports that name the person in a stored line, or that the person uploaded."""
    lines = HrImport.objects.alias(
        kept=Concat(
            *(Cast(name, TextField()) for name in LISTS),
            output_field=TextField(),
        )
    )
    words = filter(None, (person.email, person.plain_name, person.staff_number))
    said = reduce(or_, (Q(kept__icontains=word) for word in words))
    return Q(pk__in=lines.filter(said).order_by().values("pk")) | Q(uploaded_by=person)


def _forget_files(person: Person) -> int:
    """Delete the files of all finished imports, because they are not searched for names.

    Returns their number.
    """
    return HrImportPiece.objects.filter(hr_import__finished_at__isnull=False).delete()[0]


def refuses(person: Person) -> Iterator[str]:
    """Yield the reasons why the person cannot be erased yet."""
    if headed := Department.objects.filter(head=person).values_list("name", flat=True):
        yield f"They head {', '.join(headed)}. Name another head first."
    if HrImport.objects.filter(finished_at__isnull=True).exists():
        yield "A staff list is being brought in, and may hold them. Finish or discard it first."
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
    Part(
        what="Lines of staff lists that name them",
        blanks=(Blank(model=HrImport, of=_in_lists, values=NO_LINES),),
        more=_forget_files,
        covers=("departments.HrImportPiece.body",),
    ),
    refuses=refuses,
)
