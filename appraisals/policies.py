"""Permission predicates for appraisals, one per action. The workflow checks the appraisal's state."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Delegation, Person
from appraisals.models import Appraisal
from departments.models import Membership


class CycleRunners:
    """Registry of predicates that say who runs the appraisal cycles.

    The app that knows the coordinators registers its predicate when Django starts.
    """

    def __init__(self) -> None:
        self._predicates: list[Callable[[Person], bool]] = []

    def register(self, predicate: Callable[[Person], bool]) -> None:
        """Let everybody for whom ``predicate`` is true run the cycles."""
        self._predicates.append(predicate)

    def include(self, person: Person) -> bool:
        """Whether a registered predicate is true for ``person``."""
        return any(predicate(person) for predicate in self._predicates)


cycle_runners = CycleRunners()


def can_run_cycles(person: Person) -> bool:
    """Whether ``person`` may open cycles, exempt people and export without free text.

    Coordinators and administrators may.
    """
    return person.is_active and (
        cycle_runners.include(person) or person.has_perm("appraisals.change_appraisal")
    )


def appraiser_of(appraisal: Appraisal) -> Person | None:
    """Return today's appraiser: the line manager, or else the person whom the appraisal names."""
    return appraisal.person.active_line_manager or appraisal.appraiser


def appraiser_for(person: Person) -> Person | None:
    """Return who should appraise ``person``: the line manager, else the nearest head of a branch above.

    Returns None when there is nobody; never the person themselves.
    """
    manager = person.active_line_manager
    if manager is not None:
        return manager
    membership = Membership.objects.filter(person=person).select_related("department").first()
    above = membership.department.line_upwards() if membership else ()
    heads = (branch.head for branch in above if branch.head is not None)
    return next((head for head in heads if head.is_active and head != person), None)


def is_own(person: Person, appraisal: Appraisal) -> bool:
    """Whether the appraisal is the person's own."""
    return appraisal.person_id == person.pk


def leads(person: Person, appraisal: Appraisal) -> bool:
    """Whether ``person`` is today's appraiser or deputises for them; always False for their own appraisal."""
    if is_own(person, appraisal):
        return False
    appraiser = appraiser_of(appraisal)
    if appraiser is None:
        return False
    return appraiser == person or person in Delegation.objects.deputies_of(appraiser, never=appraisal.person)


def takes_part(person: Person, appraisal: Appraisal) -> bool:
    """Whether ``person`` is on either side of the appraisal."""
    return is_own(person, appraisal) or leads(person, appraisal)


def can_exempt(person: Person, appraisal: Appraisal) -> bool:
    """Whether ``person`` may exempt somebody from a cycle.

    People who run the cycles may, except for themselves.
    """
    return not is_own(person, appraisal) and can_run_cycles(person)
