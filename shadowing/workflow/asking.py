"""Whom a request waits for: opens decisions and waiting items, and closes them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts import waiting
from accounts.clocks import Plan
from accounts.enums import How
from accounts.models import Person, WaitingItem
from accounts.workflow import Move, TransitionError
from shadowing import emails
from shadowing.deciders import Asked, host_manager_for, line_manager_for
from shadowing.enums import DecisionRole, Outcome, WaitingKind
from shadowing.models import Decision, DecisionLink, Request
from shadowing.plans import host_plan, manager_plan

NOBODY_LEFT = (
    "Nobody can decide on this request: there is no active line manager, head of department or scheme "
    "coordinator above. Please tell your scheme’s coordinator or HR."
)


def ask_line_manager(move: Move[Request], *, template: str = "request_submitted_to_manager") -> None:
    """The line manager, or who decides in their place, is asked."""
    request = move.thing
    decision = _ask(request, DecisionRole.LINE_MANAGER, line_manager_for(request))
    plan = manager_plan(request.offer.scheme, decision.asked)
    item = _open(decision.asked, WaitingKind.MANAGER_DECISION, request, plan)
    emails.ask(template, decision, item)


def ask_host_manager(move: Move[Request]) -> None:
    """The host's manager is asked to agree that their team hosts."""
    request = move.thing
    decision = _ask(request, DecisionRole.HOST_MANAGER, host_manager_for(request))
    plan = manager_plan(request.offer.scheme, decision.asked)
    item = _open(decision.asked, WaitingKind.HOST_MANAGER_DECISION, request, plan)
    emails.ask("hosting_asked_to_host_manager", decision, item, visits=list(request.proposed_visits.all()))


def ask_host(move: Move[Request], *, template: str, not_before: dt.datetime | None = None) -> None:
    """The host, and the co-hosts with them, are asked to answer."""
    request = move.thing
    decision = _ask(request, DecisionRole.HOST, Asked(request.offer.host, "You host this visit."))
    plan = host_plan(request.offer.scheme, decision.asked)
    item = waiting.open_item(
        decision.asked, WaitingKind.HOST_ANSWER, request, plan=plan, hidden_until=not_before
    )
    for host in hosts_of(request):
        emails.tell(
            template,
            host,
            request,
            item=item,
            not_before=not_before,
            action_label="Answer the request",
            words=move.reason,
        )


def ask_shadow(move: Move[Request], kind: WaitingKind) -> WaitingItem:
    """The shadow has to do something; it waits for them with the host's clock."""
    request = move.thing
    return _open(
        request.shadow, kind, request, host_plan(request.offer.scheme, request.shadow), deputies=False
    )


def hosts_of(request: Request) -> list[Person]:
    """The host and the co-hosts, without the shadow."""
    people = [request.offer.host, *request.offer.co_hosts.all()]
    return [person for person in people if person.pk != request.shadow_id]


def _ask(request: Request, role: DecisionRole, asked: Asked | None) -> Decision:
    if asked is None:
        raise TransitionError(NOBODY_LEFT)
    return Decision.objects.create(request=request, role=role, asked=asked.person, why_asked=asked.why)


def _open(
    owner: Person, kind: WaitingKind, request: Request, plan: Plan, *, deputies: bool = True
) -> WaitingItem:
    return waiting.open_item(owner, kind, request, plan=plan, deputies_may_act=deputies)


def answer(move: Move[Request], role: DecisionRole, outcome: Outcome) -> Decision:
    """Write the answer of ``move``'s actor into the pending decision, on behalf of whom was asked."""
    decision = Decision.objects.pending().select_related("asked").get(request=move.thing, role=role)
    decision.request = move.thing  # so that links made from it carry the version as it is now
    decision.outcome = outcome
    decision.answered_by, decision.answered_at, decision.how = move.actor, move.at, move.how
    decision.reason, decision.words = move.inputs.get("reason", ""), move.reason
    if move.how == How.EMAIL_LINK:
        decision.undo_until = move.inputs.get("undo_until")
    decision.save()
    if move.actor != decision.asked:
        move.on_behalf_of = decision.asked
    stop_waiting(move.thing)
    return decision


def stop_waiting(request: Request) -> None:
    """Nothing waits on the request any more, and the links in mails about it are dead."""
    waiting.close_items(request)
    DecisionLink.objects.revoke(request)


def abandon_decisions(request: Request) -> list[Decision]:
    """Pending decisions are no longer needed; return them, so that who was asked can be told."""
    pending = list(Decision.objects.pending().filter(request=request).select_related("asked"))
    Decision.objects.filter(pk__in=[decision.pk for decision in pending]).update(
        outcome=Outcome.NOT_NEEDED, answered_at=timezone.now()
    )
    stop_waiting(request)
    return pending
