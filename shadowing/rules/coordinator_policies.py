"""What belongs to an office: coordinators of a branch and of a scheme, and managers of a team."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Person
from departments.models import Department
from departments.self_granting import held_elsewhere
from shadowing.rules.policies import acts_for, coordinates_branch

HAS_LEFT = "{name} no longer works here. Choose somebody else."


def runs_scheme_in(person: Person, department: Department | None) -> bool:
    """Whether ``person`` is coordinator of a scheme for all, or for a branch that holds ``department``."""
    line = department.line_upwards() if department is not None else []
    return person.runs_schemes.filter(Q(branch__isnull=True) | Q(branch__in=line)).exists()


def branches_run(person: Person) -> set[int]:
    """Departments whose requests a scheme coordinator reads: the branches of the schemes they run."""
    return set(person.runs_schemes.exclude(branch=None).order_by().values_list("branch", flat=True))


held_elsewhere.append(branches_run)


def can_name_coordinator(person: Person, department: Department) -> bool:
    """Scheme coordinators; department coordinators inside their branch, never above it."""
    return runs_scheme_in(person, department) or coordinates_branch(person, [department])


def can_end_coordinator(person: Person, department: Department, coordinator: Person) -> bool:
    """Oneself; else scheme coordinators and those of a branch above."""
    if person == coordinator or runs_scheme_in(person, department):
        return True
    return department.parent is not None and coordinates_branch(person, [department.parent])


def can_announce(person: Person, branch: Department | None) -> bool:
    """To everybody: coordinators of a scheme for all. To a branch: its coordinators, and those above it."""
    if branch is None:
        return runs_scheme_in(person, None)
    return can_name_coordinator(person, branch)


def can_suggest_to(person: Person, member: Person) -> bool:
    """A visit, to a member of one's team: the line manager or their deputy today; never to oneself."""
    if person == member or not member.is_active or member.line_manager is None:
        return False
    return acts_for(person, member.line_manager)
