"""Access log of a person: what others did with, or looked at in, their data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import How
from accounts.models import AuditEntry, Person

NOBODY = "This site, by itself"
WAYS = {How.ADMIN: "in the administration", How.ON_BEHALF: "on your behalf"}


@dataclass(frozen=True)
class AccessRow:
    """One line: who did what, in which way, and when."""

    entry: AuditEntry
    who: str
    way: str


def accesses_to(person: Person) -> QuerySet[AuditEntry]:
    """Return audit entries about ``person`` that others caused."""
    return AuditEntry.objects.concerning(person).exclude(actor=person)


def rows_of(entries: Iterable[AuditEntry]) -> list[AccessRow]:
    """Return the lines for ``entries``."""
    return [
        AccessRow(entry, entry.actor.full_name if entry.actor else NOBODY, WAYS.get(How(entry.how), ""))
        for entry in entries
    ]
