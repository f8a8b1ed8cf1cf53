"""Effects of what the shadow, the host, the host's manager and the schedule do to a request."""

from __future__ import annotations

from typing import Any

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import Capacity, DecisionRole, Outcome, RequestStatus, StepBackReason, WaitingKind
from shadowing.mail import emails
from shadowing.models import Decision, Request
from shadowing.offers.workflow.capacity import give_back_place, no_place_left, take_place
from shadowing.offers.workflow.suggestions import accept_by_request
from shadowing.requests.workflow.agreeing import (
    host_dates,
    lock_and_check_dates,
    make_placement,
    proposal_of,
    require_valid_dates,
    settle_dates,
    store_arrangements,
    store_proposal,
)
from shadowing.requests.workflow.agreement import note_version
from shadowing.requests.workflow.approval_tasks import (
    abandon_decisions,
    answer,
    ask_host,
    ask_line_manager,
    ask_shadow,
    hosts_of,
    stop_waiting,
)
from shadowing.requests.workflow.timing import note_time_asked
from shadowing.requests.workflow.undoing import drop_held_mail, undo_ends
from shadowing.rules.rules import refusals
from shadowing.rules.visit_days import possible_until

HAS_LEFT = "This account has been closed, so nothing can be asked for with it."


def submit(context: TransitionContext[Request]) -> None:
    """Send the request: check the rules with the shadow locked, then ask the line manager.

    Raises TransitionError when the agreement is not accepted or a rule forbids the request.
    """
    request = context.record
    _lock_shadow(request)
    if request.agreement_accepted_at is None:
        raise TransitionError("Please accept the agreement before you send the request.")
    note_version(request)
    _send(context)
    emails.queue_mail("request_submitted_to_shadow", request.shadow, request)
    accept_by_request(request)


def place(context: TransitionContext[Request]) -> None:
    """Send a request that a coordinator makes for somebody, by the same rules.

    The visitor accepts the agreement later. The caller (placing.place) mails the visitor, once it is clear
    whether their manager still has to decide.
    """
    request = context.record
    _lock_shadow(request)
    _send(context)
    audit.note(
        AuditKind.ACTED,
        "Placed somebody by hand.",
        actor=context.actor,
        how=context.how,
        subject=request,
        person=request.shadow,
    )
    accept_by_request(request)


def _lock_shadow(request: Request) -> None:
    if not Person.objects.select_for_update(no_key=True).get(pk=request.shadow_id).is_active:
        raise TransitionError(HAS_LEFT)  # left or erased while the request was being sent


def _send(context: TransitionContext[Request]) -> None:
    """Check the rules with the shadow locked, and ask the line manager. Raises TransitionError."""
    request = context.record
    note_time_asked(request)
    sentences = refusals(request)
    if sentences:
        raise TransitionError(" ".join(sentences))
    if request.was_sent:  # nothing can wait on a draft
        stop_waiting(request)
    request.submitted_at = context.at
    ask_line_manager(context)


def agree(context: TransitionContext[Request]) -> None:
    """Record the host's dates: agreed, or first confirmed by the shadow or the line manager."""
    times = host_dates(context)
    store_arrangements(context)
    is_final = context.target in (RequestStatus.AGREED, RequestStatus.WITH_HOST_MANAGER)
    answer(context, DecisionRole.HOST, Outcome.AGREED if is_final else Outcome.OTHER_DATES)
    if is_final:
        settle_dates(context, times)
        return
    take_place(context.record)
    lock_and_check_dates(context.record, times)
    store_proposal(context.record, times)
    _ask_about_proposal(context)


def _ask_about_proposal(context: TransitionContext[Request]) -> None:
    request = context.record
    if context.target == RequestStatus.WITH_MANAGER:
        ask_line_manager(context, template="dates_outside_window_to_manager")
        return
    item = ask_shadow(context, WaitingKind.CONFIRM_DATES)
    visits = list(request.proposed_visits.all())
    emails.queue_mail(
        "dates_proposed_to_shadow", request.shadow, request, item=item, visits=visits, words=context.reason
    )


def put_on_waiting_list(context: TransitionContext[Request]) -> None:
    """Put the request on the waiting list of its session. Raises TransitionError while a place is free."""
    if not no_place_left(context.record):
        raise TransitionError("There is still a free place in this session; you can agree.")
    answer(context, DecisionRole.HOST, Outcome.WAITING_LIST)
    context.record.queued_at = context.at
    emails.queue_mail("request_waitlisted_to_shadow", context.record.shadow, context.record)


def offer_place(context: TransitionContext[Request]) -> None:
    """Hold a place that has become free for this request, and ask the host."""
    request = context.record
    take_place(request)
    hold = undo_ends(request)
    ask_host(context, template="place_freed_to_host", not_before=hold)
    emails.queue_mail("place_freed_to_shadow", request.shadow, request, not_before=hold)


def decline_hosting(context: TransitionContext[Request]) -> None:
    """Record that the host declines, with a reason; tell the shadow and the line manager."""
    request = context.record
    if not context.inputs.get("reason"):
        raise TransitionError("Choose a reason, so that your colleague understands.")
    if context.source == RequestStatus.WITH_HOST:
        decision = answer(context, DecisionRole.HOST, Outcome.DECLINED)
    else:
        decision = Decision.objects.create(
            request=request,
            role=DecisionRole.HOST,
            asked=request.offer.host,
            asked_as=Capacity.HOST,
            outcome=Outcome.DECLINED,
            answered_by=context.actor,
            answered_at=context.at,
            how=context.how,
            reason=context.inputs["reason"],
            words=context.reason,
        )
    _end_with_no(request, decision)


def refuse_hosting(context: TransitionContext[Request]) -> None:
    """Record that the host's manager declines; tell everybody who has agreed."""
    if not context.inputs.get("reason"):
        raise TransitionError("Choose a reason, so that your colleagues understand.")
    decision = answer(context, DecisionRole.HOST_MANAGER, Outcome.DECLINED)
    _end_with_no(context.record, decision)
    for host in hosts_of(context.record):
        emails.queue_mail("hosting_declined_to_host", host, context.record, decision=decision)


def _end_with_no(request: Request, decision: Decision) -> None:
    request.proposed_visits.all().delete()
    give_back_place(request)
    emails.queue_mail("hosting_declined_to_shadow", request.shadow, request, decision=decision)
    manager = _manager_asked(request)
    if manager is not None:
        emails.queue_mail("hosting_declined_to_manager", manager, request, decision=decision)


def _manager_asked(request: Request) -> Person | None:
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    return decision.asked if decision else None


def agree_hosting(context: TransitionContext[Request]) -> None:
    """Record that the host's manager agrees, and make the placement with the proposed dates.

    The line manager is asked again instead where these dates take more time than they agreed to.
    """
    answer(context, DecisionRole.HOST_MANAGER, Outcome.AGREED)
    times = proposal_of(context.record)
    require_valid_dates(times)
    if context.target == RequestStatus.WITH_MANAGER:
        _ask_about_proposal(context)
        return
    host = lock_and_check_dates(context.record, times)
    make_placement(context, times, host)


def confirm_dates(context: TransitionContext[Request]) -> None:
    """Record that the shadow confirms the dates the host proposed."""
    stop_waiting(context.record)
    times = proposal_of(context.record)
    require_valid_dates(times)
    if context.target == RequestStatus.WITH_MANAGER:
        _ask_about_proposal(context)
        return
    settle_dates(context, times)


def reject_dates(context: TransitionContext[Request]) -> None:
    """Drop the proposed dates and ask the host for others; the place stays held.

    Raises TransitionError without words about which days would suit.
    """
    if not context.reason.strip():
        raise TransitionError("Write which days would suit you, so that the host can choose.")
    stop_waiting(context.record)
    context.record.proposed_visits.all().delete()
    ask_host(context, template="dates_rejected_to_host")


def is_unsent(context: TransitionContext[Request]) -> bool:
    """Return whether the request is a draft: withdrawing a draft deletes it."""
    return not context.record.was_sent


def withdraw(context: TransitionContext[Request]) -> None:
    """Withdraw the request: tell those who are asked, and free the place. A draft needs none of this."""
    request = context.record
    if is_unsent(context):
        return
    manager = _manager_asked(request)
    undoable = undo_ends(request) is not None
    if undoable:
        drop_held_mail(request)
    asked = {decision.role for decision in abandon_decisions(request)}
    request.proposed_visits.all().delete()
    give_back_place(request)
    if manager is not None:
        reason = _step_back_reason(context)
        emails.queue_mail(
            "request_withdrawn_to_manager", manager, request, words=context.reason, reason=reason
        )
    if _host_knows(request, asked, undoable=undoable):
        for host in hosts_of(request):
            emails.queue_mail("request_withdrawn_to_host", host, request)


def _step_back_reason(context: TransitionContext[Request]) -> str:
    reason = context.inputs.get("reason")
    return str(StepBackReason(reason).label) if reason in StepBackReason.values else ""


def _host_knows(request: Request, asked: set[str], *, undoable: bool) -> bool:
    """Return whether the host knows of the request: they have answered, or the question has been sent.

    It is not sent while the approval can be undone, and never once that is undone.
    """
    answered = request.decisions.filter(role=DecisionRole.HOST, answered_by__isnull=False)
    return answered.exists() or (DecisionRole.HOST in asked and not undoable)


def call_off(context: TransitionContext[Request]) -> None:
    """End the request because its session was called off, and tell everybody it waited for."""
    request = context.record
    pending = abandon_decisions(request)
    request.decisions.update(undo_until=None)  # an undo has nothing to return to
    request.proposed_visits.all().delete()
    give_back_place(request)
    emails.queue_mail("session_called_off_to_shadow", request.shadow, request)
    for decision in pending:
        if decision.role != DecisionRole.HOST:
            emails.queue_mail("session_called_off_to_manager", decision.asked, request)


def lapse(context: TransitionContext[Request]) -> None:
    """End the request because nobody answered in time or the day of the visit has passed.

    The mails blame nobody.
    """
    request = context.record
    passed = possible_until(request) <= context.at
    pending = abandon_decisions(request)
    request.proposed_visits.all().delete()
    give_back_place(request)
    extra: dict[str, Any] = {"passed": passed, "lapsed_from": context.source}
    emails.queue_mail("request_lapsed_to_shadow", request.shadow, request, **extra)
    for decision in pending:
        role = "host" if decision.role == DecisionRole.HOST else "manager"
        emails.queue_mail(f"request_lapsed_to_{role}", decision.asked, request, **extra)
