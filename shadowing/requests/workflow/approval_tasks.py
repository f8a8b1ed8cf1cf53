"""Open and close the decisions and waiting items of a request, and mail those who are asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts import waiting
from accounts.clocks import Plan
from accounts.enums import How
from accounts.models import Delegation, Person, WaitingItem
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import Capacity, DecisionRole, Outcome, WaitingKind
from shadowing.mail import emails
from shadowing.models import Decision, DecisionLink, Request
from shadowing.rules.approvers import Approver, approver_for
from shadowing.rules.deadlines import host_plan, manager_plan
from shadowing.rules.visit_days import until_visit

NOBODY_LEFT = (
    "Nobody can decide on this request: there is no active line manager, head of department or scheme "
    "coordinator above. Please tell your scheme’s coordinator or HR."
)


class NobodyLeftError(TransitionError):
    """Nobody is left who could be asked to decide."""

    def __init__(self) -> None:
        super().__init__(NOBODY_LEFT)


def ask_line_manager(
    context: TransitionContext[Request],
    *,
    template: str = "request_submitted_to_manager",
    asked: Approver | None = None,
    before: Person | None = None,
) -> None:
    """Ask the line manager, or who decides in their place.

    ``asked`` overrides who that is; ``before`` is the person asked until now, for the mail. Raises
    NobodyLeftError.
    """
    request = context.record
    decision = _ask(request, DecisionRole.LINE_MANAGER, asked)
    plan = until_visit(manager_plan(request.offer.scheme, decision.asked), request)
    item = _open(decision.asked, WaitingKind.MANAGER_DECISION, request, plan)
    mail_deciders(template, decision, item, before=before)


def ask_host_manager(
    context: TransitionContext[Request], *, asked: Approver | None = None, before: Person | None = None
) -> None:
    """Ask the host's manager to agree that their team hosts. Raises NobodyLeftError."""
    request = context.record
    decision = _ask(request, DecisionRole.HOST_MANAGER, asked)
    plan = until_visit(manager_plan(request.offer.scheme, decision.asked), request)
    item = _open(decision.asked, WaitingKind.HOST_MANAGER_DECISION, request, plan)
    visits = list(request.proposed_visits.all())
    mail_deciders("hosting_asked_to_host_manager", decision, item, visits=visits, before=before)


def mail_deciders(
    template: str, decision: Decision, item: WaitingItem, *, occasion: str = "", **extra: Any
) -> None:
    """Mail everybody who may decide: the person asked and, while one is active, their deputy."""
    deputies = Delegation.objects.deputies_of(decision.asked, never=decision.request.shadow)
    everybody = [decision.asked, *deputies]
    emails.queue_decision_mail(template, decision, item, recipients=everybody, occasion=occasion, **extra)


def ask_host(
    context: TransitionContext[Request],
    *,
    template: str,
    not_before: dt.datetime | None = None,
    asked: Approver | None = None,
) -> None:
    """Ask the host to answer, with a mail to the co-hosts as well; no mail goes before ``not_before``."""
    request = context.record
    decision = _ask(request, DecisionRole.HOST, asked or _host_approver(request))
    plan = until_visit(host_plan(request.offer.scheme, decision.asked), request)
    item = waiting.open_item(
        decision.asked, WaitingKind.HOST_ANSWER, request, plan=plan, hidden_until=not_before
    )
    for host in hosts_of(request):
        emails.queue_mail(
            template,
            host,
            request,
            item=item,
            not_before=not_before,
            action_label="Answer the request",
            words=context.reason,
        )


def _host_approver(request: Request) -> Approver:
    """Return the approver on the host's side: the host or a co-host.

    A host who has left without a co-host is returned too: the schedule then asks the coordinators for help.
    """
    host = request.offer.host
    return approver_for(request, DecisionRole.HOST) or Approver(host, Capacity.HOST)


def ask_shadow(context: TransitionContext[Request], kind: WaitingKind) -> WaitingItem:
    """Open a waiting item of ``kind`` for the shadow, with the host's deadlines."""
    request = context.record
    plan = until_visit(host_plan(request.offer.scheme, request.shadow), request)
    return _open(request.shadow, kind, request, plan, deputies=False)


def hosts_of(request: Request) -> list[Person]:
    """Return the host and the co-hosts of the offer, without the shadow."""
    people = [request.offer.host, *request.offer.co_hosts.all()]
    return [person for person in people if person.pk != request.shadow_id]


def _ask(request: Request, role: DecisionRole, asked: Approver | None) -> Decision:
    asked = asked or approver_for(request, role)
    if asked is None:
        raise NobodyLeftError
    return Decision.objects.create(
        request=request,
        role=role,
        asked=asked.person,
        asked_as=asked.capacity,
        asked_about=asked.about,
        asked_branch=asked.branch,
        named_by=asked.named_by,
        why_asked=asked.why,
    )


def _open(
    owner: Person, kind: WaitingKind, request: Request, plan: Plan, *, deputies: bool = True
) -> WaitingItem:
    return waiting.open_item(owner, kind, request, plan=plan, deputies_may_act=deputies, about=request.shadow)


def answer(context: TransitionContext[Request], role: DecisionRole, outcome: Outcome) -> Decision:
    """Record the answer of the acting person in the pending decision.

    Sets ``on_behalf_of`` when somebody other than the person asked answers, and closes what waits on the
    request.
    """
    decision = Decision.objects.pending().select_related("asked").get(request=context.record, role=role)
    decision.request = context.record  # links made from it carry the current version
    decision.outcome = outcome
    decision.answered_by, decision.answered_at, decision.how = context.actor, context.at, context.how
    decision.reason, decision.words = context.inputs.get("reason", ""), context.reason
    if context.how == How.EMAIL_LINK:
        decision.undo_until = context.inputs.get("undo_until")
    decision.save()
    if context.on_behalf_of is None and context.actor != decision.asked:
        context.on_behalf_of = decision.asked
    stop_waiting(context.record)
    return decision


def stop_waiting(request: Request) -> None:
    """Close all waiting items of ``request`` and revoke the decision links in its mails."""
    waiting.close_items(request)
    DecisionLink.objects.revoke(request)


def abandon_decisions(request: Request) -> list[Decision]:
    """Mark pending decisions as not needed, and return them so that the people asked can be told."""
    pending = list(Decision.objects.pending().filter(request=request).select_related("asked"))
    Decision.objects.filter(pk__in=[decision.pk for decision in pending]).update(
        outcome=Outcome.NOT_NEEDED, answered_at=timezone.now()
    )
    stop_waiting(request)
    return pending
