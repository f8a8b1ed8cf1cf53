"""Who could decide on several requests instead of the people who do not answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import WaitingItem
from shadowing.enums import DecisionRole, WaitingKind
from shadowing.models import Decision
from shadowing.requests.reassignment_options import Candidate, instead_of

DECISIONS = (WaitingKind.MANAGER_DECISION, WaitingKind.HOST_MANAGER_DECISION)
RELATED = (
    "asked__line_manager",
    "request__shadow__line_manager",
    "request__origin",
    "request__offer__department",
    "request__offer__scheme",
    "request__offer__host__line_manager",
)


def pending_decisions(items: Iterable[WaitingItem]) -> dict[UUID, Decision]:
    """Return the newest pending decision of a manager for each item, by item key; takes one query."""
    by_request = {item.subject_id: item.pk for item in items if item.kind in DECISIONS}
    roles = (DecisionRole.LINE_MANAGER, DecisionRole.HOST_MANAGER)
    pending = Decision.objects.pending().filter(request__in=by_request, role__in=roles).order_by("asked_at")
    return {by_request[one.request_id]: one for one in pending.select_related(*RELATED)}


@dataclass(frozen=True)
class Choice:
    """Somebody who could decide on ``number`` of the ticked items."""

    candidate: Candidate
    number: int


def choices_of(decisions: Iterable[Decision]) -> list[Choice]:
    """Return everybody who could decide on some of ``decisions``, those who could on most of them first.

    Decisions of the same people are looked up once, so that the number of queries does not depend on how many
    there are.
    """
    looked_up: dict[tuple[object, ...], list[Candidate]] = {}
    found: dict[int, Candidate] = {}
    numbers: dict[int, int] = {}
    for decision in decisions:
        key = _asked_like(decision)
        if key not in looked_up:
            looked_up[key] = instead_of(decision, decision.request)
        for candidate in looked_up[key]:
            if candidate.person.pk != decision.request.shadow_id:
                found.setdefault(candidate.person.pk, candidate)
                numbers[candidate.person.pk] = numbers.get(candidate.person.pk, 0) + 1
    choices = [Choice(candidate, numbers[pk]) for pk, candidate in found.items()]
    return sorted(choices, key=lambda choice: -choice.number)


def _asked_like(decision: Decision) -> tuple[object, ...]:
    request = decision.request
    side: tuple[int | None, ...]
    if decision.role == DecisionRole.HOST_MANAGER:
        side = (request.offer.department_id, request.offer.host_id)
    else:
        side = (request.origin_id, request.shadow.line_manager_id)
    return (decision.role, decision.asked_id, request.offer.scheme_id, *side)
