"""What an editor would gain over departments and people by changing the tree or memberships."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from accounts.self_granting import ASK
from departments.models import Department

INTO_YOURS = f"This would bring it into a branch that you head or coordinate. {ASK}"

# Functions of higher apps that return the departments a person has powers over, e.g. by a scheme.
_branch_providers: list[Callable[[Person], set[int]]] = []


def register_branches(provider: Callable[[Person], set[int]]) -> None:
    """Let ``provider`` add the departments in which a person reads or decides."""
    _branch_providers.append(provider)


def branches_of(person: Person) -> set[int]:
    """Return the departments in which ``person`` reads or decides, as head or coordinator of a branch."""
    roots = {*person.heads.values_list("pk", flat=True)}
    roots |= {*person.coordinates.order_by().values_list("department", flat=True)}
    for more in _branch_providers:
        roots |= more(person)
    return Department.objects.branch(roots) if roots else set()


def headed_by(person: Person) -> set[int]:
    """Return the departments where ``person``, as head, decides for people without a line manager."""
    roots = {*person.heads.values_list("pk", flat=True)}
    return Department.objects.branch(roots) if roots else set()


def leaves_decisions_to(headed: set[int], manager: Person) -> bool:
    """Whether people of these departments would lose their line manager if ``manager`` left."""
    return manager.reports.filter(is_active=True, membership__department__in=headed).exists()


def gains_by_move(editor: Person, *, before: int | None, after: int | None) -> bool:
    """Whether a move brings a person or department into a branch of the editor."""
    if after is None or after == before:
        return False
    theirs = branches_of(editor)
    return after in theirs and before not in theirs
