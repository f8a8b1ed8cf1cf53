"""People whom a coordinator can choose to decide, instead of somebody who does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Delegation, Person
from shadowing.enums import DecisionRole, Outcome
from shadowing.models import Decision, Request
from shadowing.rules.approvers import coordinators_above


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked to decide; ``who`` says how they relate to the person asked so far."""

    person: Person
    who: str


def stuck_decision(request: Request) -> Decision | None:
    """Return the newest pending decision of a manager about ``request``, or None."""
    roles = (DecisionRole.LINE_MANAGER, DecisionRole.HOST_MANAGER)
    pending = Decision.objects.filter(request=request, outcome=Outcome.PENDING, role__in=roles)
    return pending.select_related("asked__line_manager").order_by("-asked_at").first()


def candidates(request: Request) -> list[Candidate]:
    """Return everybody who could decide instead; empty when no manager is being asked."""
    decision = stuck_decision(request)
    return [] if decision is None else instead_of(decision, request)


def instead_of(decision: Decision, request: Request) -> list[Candidate]:
    """Return everybody who could decide instead of the person asked, the nearest first, each once.

    Never the shadow, the host on the host's side, people who have left, or the person asked already.
    """
    never = {request.shadow_id, decision.asked_id}
    if decision.role == DecisionRole.HOST_MANAGER:
        never.add(request.offer.host_id)
    found: dict[int, Candidate] = {}
    for candidate in _nearest_first(decision, request):
        if candidate.person.is_active and candidate.person.pk not in never:
            found.setdefault(candidate.person.pk, candidate)
    return list(found.values())


def asked_meanwhile(decision: Decision) -> str:
    """Return the sentence that refuses a choice because a colleague has made one meanwhile."""
    name = decision.asked.full_name
    return f"{name} was asked meanwhile, so nothing was changed. Choose again if somebody else is to decide."


def _nearest_first(decision: Decision, request: Request) -> Iterator[Candidate]:
    asked, hosts_side = decision.asked, decision.role == DecisionRole.HOST_MANAGER
    department = request.offer.department if hosts_side else request.origin
    for deputy in Delegation.objects.deputies_of(asked, never=request.shadow):
        yield Candidate(deputy, f"deputy of {asked.full_name} at the moment")
    line_manager = request.offer.host.line_manager if hosts_side else request.shadow.line_manager
    if line_manager is not None:
        who = request.offer.host if hosts_side else request.shadow
        yield Candidate(line_manager, f"line manager of {who.full_name}")
    if asked.line_manager is not None:
        yield Candidate(asked.line_manager, f"line manager of {asked.full_name}")
    for branch in department.line_upwards():
        if branch.head is not None:
            yield Candidate(branch.head, f"heads {branch.name}")
    for coordinator in coordinators_above(department, request.offer.scheme, never=[]):
        yield Candidate(coordinator, "coordinates job shadowing there")
    for coordinator in request.offer.scheme.coordinators.order_by("pk"):
        yield Candidate(coordinator, "runs the scheme")
