"""Permission predicates for the organisation's records."""

from __future__ import annotations

from accounts.models import Person


def can_import(person: Person) -> bool:
    """Whether ``person`` may enter the admin and has the permission to add HR imports."""
    return person.is_administrator and person.has_perm("departments.add_hrimport")
