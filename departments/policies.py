"""Who may do what with the organisation's records."""

from __future__ import annotations

from accounts.models import Person


def can_import(person: Person) -> bool:
    """Whoever may open the administration and was given the right to add HR imports."""
    return person.is_administrator and person.has_perm("departments.add_hrimport")
