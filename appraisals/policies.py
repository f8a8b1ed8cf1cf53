"""May they? One predicate per verb; the state of the appraisal is the workflow's question, not ours."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Delegation, Person
from appraisals.models import Appraisal
from departments.models import Membership


class CycleRunners:
    """Who runs the appraisal years. The app that knows of coordinators says so when it is loaded."""

    def __init__(self) -> None:
        self._predicates: list[Callable[[Person], bool]] = []

    def register(self, predicate: Callable[[Person], bool]) -> Callable[[Person], bool]:
        """Whoever ``predicate`` holds for runs the appraisal years."""
        self._predicates.append(predicate)
        return predicate

    def include(self, person: Person) -> bool:
        """Whether one of those who know says so."""
        return any(predicate(person) for predicate in self._predicates)


cycle_runners = CycleRunners()


def can_run_cycles(person: Person) -> bool:
    """Open cycles, exempt people, export without words: coordinators and administrators."""
    return person.is_active and (
        cycle_runners.include(person) or person.has_perm("appraisals.change_appraisal")
    )


def appraiser_of(appraisal: Appraisal) -> Person | None:
    """Who appraises today: the line manager; for who has none, whom the appraisal names."""
    return appraisal.person.active_line_manager or appraisal.appraiser


def appraiser_for(person: Person) -> Person | None:
    """Who is named as appraiser of ``person``: the line manager, else the nearest head of a branch above.

    Nobody appraises themselves; None when nobody is left.
    """
    manager = person.active_line_manager
    if manager is not None:
        return manager
    membership = Membership.objects.filter(person=person).select_related("department").first()
    above = membership.department.line_upwards() if membership else ()
    heads = (branch.head for branch in above if branch.head is not None)
    return next((head for head in heads if head.is_active and head != person), None)


def is_own(person: Person, appraisal: Appraisal) -> bool:
    """Whether it is the person's own appraisal."""
    return appraisal.person_id == person.pk


def leads(person: Person, appraisal: Appraisal) -> bool:
    """Whether ``person`` appraises today, or deputises for who does; never in one's own appraisal."""
    if is_own(person, appraisal):
        return False
    appraiser = appraiser_of(appraisal)
    if appraiser is None:
        return False
    return appraiser == person or person in Delegation.objects.deputies_of(appraiser, never=appraisal.person)


def takes_part(person: Person, appraisal: Appraisal) -> bool:
    """Either side of the appraisal."""
    return is_own(person, appraisal) or leads(person, appraisal)


def can_exempt(person: Person, appraisal: Appraisal) -> bool:
    """Say that somebody has no appraisal in a cycle: who runs the cycles, never for themselves."""
    return not is_own(person, appraisal) and can_run_cycles(person)
