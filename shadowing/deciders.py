"""Who is asked to agree, and the sentence that says why they."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from accounts.models import Person
from departments.models import Department
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Request, Scheme

LINE_MANAGER_OF = "You are the line manager of {name}."


@dataclass(frozen=True)
class Asked:
    """``person`` decides, because of ``why``."""

    person: Person
    why: str


def line_manager_for(request: Request) -> Asked | None:
    """Who decides for the shadow. Nobody decides for themselves; None when nobody is left to ask."""
    return _decider(request.shadow, request.origin, request.offer.scheme, never=request.shadow)


def host_manager_for(request: Request) -> Asked | None:
    """Who decides for the host's side; never the shadow, never the host."""
    offer = request.offer
    return _decider(offer.host, offer.department, offer.scheme, never=request.shadow)


def is_replaced(decision: Decision) -> bool:
    """Whether who was asked as line manager no longer is: somebody else has to be asked."""
    request = decision.request
    person = request.shadow if decision.role == DecisionRole.LINE_MANAGER else request.offer.host
    asked_as_manager = decision.why_asked == LINE_MANAGER_OF.format(name=person.full_name)
    return asked_as_manager and person.line_manager_id != decision.asked_id


def coordinators_above(department: Department, scheme: Scheme, *, never: Collection[Person]) -> list[Person]:
    """Who helps when something is stuck: the nearest branch's coordinators, else those of the scheme."""
    for branch in department.line_upwards():
        people = [entry.person for entry in branch.coordinators.select_related("person").order_by("pk")]
        found = [person for person in people if person.is_active and person not in never]
        if found:
            return found
    return [person for person in scheme.coordinators.active().order_by("pk") if person not in never]


def _decider(person: Person, department: Department, scheme: Scheme, *, never: Person) -> Asked | None:
    manager = person.line_manager
    if manager is not None and manager.is_active and manager != never:
        return Asked(manager, LINE_MANAGER_OF.format(name=person.full_name))
    for asked in _above(person, department, scheme):
        if asked.person.is_active and asked.person not in (person, never):
            return asked
    return None


def _above(person: Person, department: Department, scheme: Scheme) -> Iterator[Asked]:
    for branch in department.line_upwards():
        if branch.head is not None:
            why = f"{person.full_name} has no active line manager of their own; you head {branch.name}."
            yield Asked(branch.head, why)
    for coordinator in scheme.coordinators.order_by("pk"):
        why = f"{person.full_name} has no active line manager or head of department; you run the scheme."
        yield Asked(coordinator, why)
