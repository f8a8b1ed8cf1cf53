"""What somebody would gain over a department or its people by changing the tree or who belongs where."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from accounts.self_granting import ASK
from departments.models import Department

INTO_YOURS = f"This would bring it into a branch that you head or coordinate. {ASK}"

# Apps above add whose departments somebody holds by what they know: scheme coordinators.
held_elsewhere: list[Callable[[Person], set[int]]] = []


def branches_of(person: Person) -> set[int]:
    """The departments in which ``person`` reads or decides, as head or coordinator of a branch."""
    roots = {*person.heads.values_list("pk", flat=True)}
    roots |= {*person.coordinates.order_by().values_list("department", flat=True)}
    for more in held_elsewhere:
        roots |= more(person)
    return Department.objects.branch(roots) if roots else set()


def headed_by(person: Person) -> set[int]:
    """The departments of whose people ``person`` decides for those without a line manager."""
    roots = {*person.heads.values_list("pk", flat=True)}
    return Department.objects.branch(roots) if roots else set()


def leaves_decisions_to(headed: set[int], manager: Person) -> bool:
    """Whether people of these departments have no line manager once ``manager`` has left."""
    return manager.reports.filter(is_active=True, membership__department__in=headed).exists()


def gains_by_move(editor: Person, *, before: int | None, after: int | None) -> bool:
    """Whether a person or a department comes into a branch of the editor that it was not in."""
    if after is None or after == before:
        return False
    theirs = branches_of(editor)
    return after in theirs and before not in theirs
