"""Policies of coordinators of a branch or a scheme, and of managers for their team."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Person
from departments.models import Department
from shadowing.rules.policies import coordinates_branch, is_or_deputises_for

HAS_LEFT = "{name} no longer works here. Choose somebody else."


def runs_scheme_in(person: Person, department: Department | None) -> bool:
    """Return whether ``person`` coordinates a scheme for all, or for a branch containing ``department``."""
    line = department.line_upwards() if department is not None else []
    return person.runs_schemes.filter(Q(branch__isnull=True) | Q(branch__in=line)).exists()


def branches_run(person: Person) -> set[int]:
    """Return the branches of the schemes ``person`` coordinates: they read the requests of those."""
    return set(person.runs_schemes.exclude(branch=None).order_by().values_list("branch", flat=True))


def can_name_coordinator(person: Person, department: Department) -> bool:
    """Return whether they are scheme coordinator, or department coordinator of this branch or above."""
    return runs_scheme_in(person, department) or coordinates_branch(person, [department])


def can_end_coordinator(person: Person, department: Department, coordinator: Person) -> bool:
    """Return whether they may end that office: their own, as scheme coordinator, or from a branch above."""
    if person == coordinator or runs_scheme_in(person, department):
        return True
    return department.parent is not None and coordinates_branch(person, [department.parent])


def can_announce(person: Person, branch: Department | None) -> bool:
    """Return whether they may announce to ``branch``, or to everybody where it is None.

    Everybody is addressed by coordinators of a scheme for all; a branch also by its coordinators and those
    above.
    """
    if branch is None:
        return runs_scheme_in(person, None)
    return can_name_coordinator(person, branch)


def can_suggest_to(person: Person, member: Person) -> bool:
    """Return whether they may suggest a visit to ``member``: the line manager or their deputy today."""
    if person == member or not member.is_active or member.line_manager is None:
        return False
    return is_or_deputises_for(person, member.line_manager)
