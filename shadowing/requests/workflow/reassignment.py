"""Reassign a pending decision: the person asked has left, or a coordinator names somebody else."""

from __future__ import annotations

from typing import Any

from accounts.display_names import disambiguated_names
from accounts.models import Delegation, Person, WaitingItem
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import Capacity, DecisionRole
from shadowing.mail import emails
from shadowing.models import Decision, Request
from shadowing.requests.reassignment_options import asked_meanwhile, candidates, stuck_decision
from shadowing.requests.workflow.approval_tasks import (
    NobodyLeftError,
    abandon_decisions,
    ask_host,
    ask_host_manager,
    ask_line_manager,
    hosts_of,
)
from shadowing.requests.workflow.undoing import undo_ends
from shadowing.rules.approvers import Approver, approver_for, is_replaced
from shadowing.rules.audited_steps import audited

STILL_DECIDES = "Whoever was asked still decides on this."
NOT_A_CANDIDATE = "Choose one of the people named here; somebody else may have been asked."
TOO_EARLY = (
    "You can name yourself once the answer is overdue and help has been called for. Until then name somebody "
    "else, or send a reminder."
)


def hand_over(context: TransitionContext[Request]) -> None:
    """Ask the current approver, when the person asked has left or is no longer line manager or host.

    Raises TransitionError when the person asked still decides, and NobodyLeftError when nobody else can be
    asked.
    """
    request = context.record
    decision = Decision.objects.pending().select_related("asked").filter(request=request).first()
    if decision is None:
        raise TransitionError(STILL_DECIDES)
    decision.request = request
    if not is_replaced(decision):
        raise TransitionError(STILL_DECIDES)
    asked = approver_for(request, DecisionRole(decision.role))
    if asked is None or asked.person == decision.asked:
        raise NobodyLeftError
    gone = "has left" if not decision.asked.is_active else "no longer decides on this"
    _reassign(context, decision, asked)
    with disambiguated_names([decision.asked, asked.person, request.shadow]):
        context.reason = f"{decision.asked.full_name} {gone}; {asked.person.full_name} was asked."


@audited("Asked somebody else to decide on a request.")
def ask_other(context: TransitionContext[Request]) -> None:
    """Ask the person a coordinator names to decide, instead of somebody who does not answer.

    ``seen`` among the inputs is the decision the coordinator saw pending: if a colleague has chosen somebody
    meanwhile, that choice is not replaced (TransitionError).
    """
    request, person = context.record, context.inputs.get("person")
    decision = stuck_decision(request)
    if decision is not None and context.inputs.get("seen", decision.pk) != decision.pk:
        raise TransitionError(asked_meanwhile(decision))
    chosen = next((candidate for candidate in candidates(request) if candidate.person == person), None)
    if decision is None or chosen is None or context.actor is None:
        raise TransitionError(NOT_A_CANDIDATE)
    if chosen.person == context.actor and not _is_escalated(request):
        raise TransitionError(TOO_EARLY)
    decision.request = request
    words = f" {context.reason}" if context.reason else ""
    with disambiguated_names([context.actor, decision.asked, chosen.person, request.shadow]):
        reason = f"{chosen.person.full_name} was asked instead of {decision.asked.full_name}.{words}"
        asked = Approver(chosen.person, Capacity.NAMED, about=decision.asked, named_by=context.actor)
        _reassign(context, decision, asked)
    context.reason = reason


def _is_escalated(request: Request) -> bool:
    """Return whether the decision was escalated to the coordinators.

    Before that a coordinator may not name themselves, because the line manager really decides.
    """
    return WaitingItem.objects.open().about(request).filter(escalated_at__isnull=False).exists()


def _reassign(context: TransitionContext[Request], decision: Decision, asked: Approver) -> None:
    """Abandon the pending decision and its links, ask ``asked``, and notify everybody concerned."""
    request, before = context.record, decision.asked
    abandon_decisions(request)
    if decision.role == DecisionRole.LINE_MANAGER:
        dates_wait = request.proposed_visits.exists()
        template = "dates_outside_window_to_manager" if dates_wait else "request_submitted_to_manager"
        ask_line_manager(context, template=template, asked=asked, before=before)
    elif decision.role == DecisionRole.HOST_MANAGER:
        ask_host_manager(context, asked=asked, before=before)
    else:
        ask_host(context, template="request_approved_to_host", asked=asked, not_before=undo_ends(request))
    _notify(request, DecisionRole(decision.role), before, asked.person)


def _notify(request: Request, role: DecisionRole, before: Person, now: Person) -> None:
    """Mail the shadow, the host (where their manager is asked) and those who need not answer any more."""
    extra: dict[str, Any] = {"before": before, "now_asked": now, "not_before": undo_ends(request)}
    emails.queue_mail("request_handed_over_to_shadow", request.shadow, request, **extra)
    if role == DecisionRole.HOST_MANAGER:
        for host in hosts_of(request):
            emails.queue_mail("request_handed_over_to_host", host, request, **extra)
    if role != DecisionRole.HOST:
        for person in dict.fromkeys([before, *Delegation.objects.deputies_of(before, never=request.shadow)]):
            if person != now:
                emails.queue_mail("request_handed_over_to_manager", person, request, **extra)
