"""Refuse lines of an HR file by which its importer would gain access; a colleague can import them."""

from __future__ import annotations

from functools import cached_property

from accounts.models import Person
from accounts.self_granting import MANAGER, people_decided_for
from departments.self_granting import INTO_YOURS, branches_of, headed_by, leaves_decisions_to

ADDRESSES = (
    "This would change what {email} signs in with, and only a superuser may change that of anybody else."
)
LEFT_TO_YOU = "You head a branch of theirs, so this would let you decide for them."


class ImporterGains:
    """Compares lines with the rights of the importer. A command has no importer, and so no limits."""

    def __init__(self, by: Person | None) -> None:
        self.by = by

    @cached_property
    def _stood_in_for(self) -> set[int]:
        return people_decided_for(self.by) if self.by is not None else set()

    @cached_property
    def _branches(self) -> set[int]:
        return branches_of(self.by) if self.by is not None else set()

    @cached_property
    def _headed(self) -> set[int]:
        return headed_by(self.by) if self.by is not None else set()

    def by_manager(self, before: int | None, after: int | None, department: int | None) -> str:
        """Return why the line is refused, else an empty string.

        With it the importer would decide for the person, as manager, deputy or head.
        """
        if after in self._stood_in_for and before not in self._stood_in_for:
            return MANAGER
        falls = after is None and before is not None and before not in self._stood_in_for
        return LEFT_TO_YOU if falls and department in self._headed else ""

    def by_move(self, before: int | None, after: int | None) -> str:
        """Return why the line is refused: it moves somebody into a branch of the importer; else empty."""
        gained = after != before and after in self._branches and before not in self._branches
        return INTO_YOURS if gained else ""

    def by_leaving(self, person: Person) -> str:
        """Return why the line is refused: when this manager leaves, the importer would decide; else empty."""
        return LEFT_TO_YOU if self._headed and leaves_decisions_to(self._headed, person) else ""

    def by_address(self, person: Person) -> str:
        """Return why the line is refused, else an empty string.

        With another's email or staff number the importer could sign in as them.
        """
        if self.by is None or self.by.is_superuser or person.pk == self.by.pk:
            return ""
        return ADDRESSES
