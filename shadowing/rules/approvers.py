"""Who is asked to decide on a request, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from accounts.models import Person
from departments.models import Department
from shadowing.enums import Capacity, DecisionRole
from shadowing.models import Decision, Request, Scheme
from shadowing.rules.asking_reasons import reason_sentence


@dataclass(frozen=True)
class Approver:
    """A person who is asked to decide in ``capacity``, and the particulars that explain why.

    ``about`` is whose manager they are or stand in for, or whom they replace; ``branch`` is the department
    they head; ``named_by`` is the coordinator who named them.
    """

    person: Person
    capacity: Capacity
    about: Person | None = None
    branch: str = ""
    named_by: Person | None = None

    @property
    def why(self) -> str:
        """The sentence that explains it to them, to be stored."""
        about, by = (self.about.plain_name if self.about else ""), ""
        if self.named_by and self.about:
            about, by = self.about.full_name, self.named_by.full_name
        return reason_sentence(self.capacity, about=about, branch=self.branch, by=by)


def line_manager_for(request: Request) -> Approver | None:
    """Return the approver for the shadow's side, never the shadow; None if nobody is left to ask."""
    return _decider(request.shadow, request.origin, request.offer.scheme, never=request.shadow)


def host_manager_for(request: Request) -> Approver | None:
    """Return the approver for the host's side, never the shadow or the host; None if nobody is left."""
    offer = request.offer
    return _decider(offer.host, offer.department, offer.scheme, never=request.shadow)


def host_for(request: Request) -> Approver | None:
    """Return the host, or a co-host once the host has left; never the shadow. None if nobody hosts."""
    offer = request.offer
    if offer.host.is_active:
        return Approver(offer.host, Capacity.HOST)
    for person in offer.co_hosts.active().order_by("pk"):
        if person != request.shadow:
            return Approver(person, Capacity.CO_HOST, about=offer.host)
    return None


def approver_for(request: Request, role: DecisionRole) -> Approver | None:
    """Return who would be asked in ``role`` now; None if nobody is left to ask."""
    ask = {
        DecisionRole.LINE_MANAGER: line_manager_for,
        DecisionRole.HOST: host_for,
        DecisionRole.HOST_MANAGER: host_manager_for,
    }
    return ask[role](request)


def is_replaced(decision: Decision) -> bool:
    """Return whether another person has to be asked: they have left, or are no longer the approver.

    People who would still be asked in another capacity (a line manager who also heads the branch) stay. A
    substitute for a missing line manager stays until there is one; a person named by a coordinator always
    stays.
    """
    if not decision.asked.is_active:
        return True
    if decision.asked_as in (Capacity.NAMED, Capacity.CO_HOST, "") or _reason_still_holds(decision):
        return False
    now = approver_for(decision.request, DecisionRole(decision.role))
    return now is None or now.person != decision.asked


def approver_of_dates(request: Request) -> Person | None:
    """Return who decides, as line manager, on other dates: the one who agreed, or their replacement."""
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    if decision is not None:
        decision.request = request
        if not is_replaced(decision):
            return decision.asked
    asked = line_manager_for(request)
    return asked.person if asked is not None else None


def _reason_still_holds(decision: Decision) -> bool:
    """Return whether the reason for asking them still holds; checked first because it needs no query."""
    request, asked_as = decision.request, decision.asked_as
    if asked_as == Capacity.HOST:
        return request.offer.host_id == decision.asked_id
    person = request.shadow if decision.role == DecisionRole.LINE_MANAGER else request.offer.host
    if asked_as == Capacity.LINE_MANAGER:
        return person.line_manager_id == decision.asked_id
    return _own_manager(person, never=request.shadow) is None


def coordinators_above(department: Department, scheme: Scheme, *, never: Collection[Person]) -> list[Person]:
    """Return whom to ask for help with a stuck request, without ``never``.

    They are the coordinators of the nearest branch that has any; without one, those of the scheme.
    """
    for branch in department.line_upwards():
        people = [entry.person for entry in branch.coordinators.select_related("person").order_by("pk")]
        found = [person for person in people if person.is_active and person not in never]
        if found:
            return found
    return [person for person in scheme.coordinators.active().order_by("pk") if person not in never]


def _decider(person: Person, department: Department, scheme: Scheme, *, never: Person) -> Approver | None:
    manager = _own_manager(person, never=never)
    if manager is not None:
        return Approver(manager, Capacity.LINE_MANAGER, about=person)
    for asked in _above(person, department, scheme):
        if asked.person.is_active and asked.person not in (person, never):
            return asked
    return None


def _own_manager(person: Person, *, never: Person) -> Person | None:
    manager = person.active_line_manager
    return manager if manager != never else None


def _above(person: Person, department: Department, scheme: Scheme) -> Iterator[Approver]:
    for branch in department.line_upwards():
        if branch.head is not None:
            yield Approver(branch.head, Capacity.HEAD, about=person, branch=branch.name)
    for coordinator in scheme.coordinators.order_by("pk"):
        yield Approver(coordinator, Capacity.COORDINATOR, about=person)
