"""Heads of departments, read once for many people."""

from __future__ import annotations

from departments.models import Department


class Heads:
    """The department tree with the active head of each department."""

    def __init__(self) -> None:
        rows = Department.objects.without_tree_fields().values_list(
            "pk", "parent_id", "head_id", "head__is_active"
        )
        self._parents, self._heads = {}, {}
        for pk, parent, head, is_active in rows:
            self._parents[pk] = parent
            self._heads[pk] = head if is_active else None

    def above(self, department: int | None, *, but_not: int) -> int | None:
        """Return the key of the nearest head of ``department`` or above it, or None.

        Never returns ``but_not``.
        """
        at, seen = department, set[int]()
        while at is not None and at not in seen:
            seen.add(at)
            head: int | None = self._heads.get(at)
            if head is not None and head != but_not:
                return head
            at = self._parents.get(at)
        return None
