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
    dates_of,
    keep_arrangements,
    keep_proposal,
    make_placement,
    proposal_of,
    refuse_impossible,
    require_sound,
    settle_dates,
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


def submit(move: TransitionContext[Request]) -> None:
    """Send the request: check the rules with the shadow locked, then ask the line manager.

    Raises TransitionError when the agreement is not accepted or a rule forbids the request.
    """
    request = move.record
    _lock_shadow(request)
    if request.agreement_accepted_at is None:
        raise TransitionError("Please accept the agreement before you send the request.")
    note_version(request)
    _send(move)
    emails.queue_mail("request_submitted_to_shadow", request.shadow, request)
    accept_by_request(request)


def place(move: TransitionContext[Request]) -> None:
    """Send a request that a coordinator makes for somebody, by the same rules.

    The visitor accepts the agreement later. The caller (placing.place) mails the visitor, once it is clear
    whether their manager still has to decide.
    """
    request = move.record
    _lock_shadow(request)
    _send(move)
    audit.note(
        AuditKind.ACTED,
        "Placed somebody by hand.",
        actor=move.actor,
        how=move.how,
        subject=request,
        person=request.shadow,
    )
    accept_by_request(request)


def _lock_shadow(request: Request) -> None:
    if not Person.objects.select_for_update(no_key=True).get(pk=request.shadow_id).is_active:
        raise TransitionError(HAS_LEFT)  # left or erased while the request was being sent


def _send(move: TransitionContext[Request]) -> None:
    """Check the rules with the shadow locked, and ask the line manager. Raises TransitionError."""
    request = move.record
    note_time_asked(request)
    sentences = refusals(request)
    if sentences:
        raise TransitionError(" ".join(sentences))
    if request.was_sent:  # nothing can wait on a draft
        stop_waiting(request)
    request.submitted_at = move.at
    ask_line_manager(move)


def agree(move: TransitionContext[Request]) -> None:
    """Record the host's dates: agreed, or first confirmed by the shadow or the line manager."""
    times = dates_of(move)
    keep_arrangements(move)
    plain = move.target in (RequestStatus.AGREED, RequestStatus.WITH_HOST_MANAGER)
    answer(move, DecisionRole.HOST, Outcome.AGREED if plain else Outcome.OTHER_DATES)
    if plain:
        settle_dates(move, times)
        return
    take_place(move.record)
    refuse_impossible(move.record, times)
    keep_proposal(move.record, times)
    _ask_about_proposal(move)


def _ask_about_proposal(move: TransitionContext[Request]) -> None:
    request = move.record
    if move.target == RequestStatus.WITH_MANAGER:
        ask_line_manager(move, template="dates_outside_window_to_manager")
        return
    item = ask_shadow(move, WaitingKind.CONFIRM_DATES)
    visits = list(request.proposed_visits.all())
    emails.queue_mail(
        "dates_proposed_to_shadow", request.shadow, request, item=item, visits=visits, words=move.reason
    )


def put_on_waiting_list(move: TransitionContext[Request]) -> None:
    """Put the request on the waiting list of its session. Raises TransitionError while a place is free."""
    if not no_place_left(move.record):
        raise TransitionError("There is still a free place in this session; you can agree.")
    answer(move, DecisionRole.HOST, Outcome.WAITING_LIST)
    move.record.queued_at = move.at
    emails.queue_mail("request_waitlisted_to_shadow", move.record.shadow, move.record)


def offer_place(move: TransitionContext[Request]) -> None:
    """Hold a place that has become free for this request, and ask the host."""
    request = move.record
    take_place(request)
    hold = undo_ends(request)
    ask_host(move, template="place_freed_to_host", not_before=hold)
    emails.queue_mail("place_freed_to_shadow", request.shadow, request, not_before=hold)


def decline_hosting(move: TransitionContext[Request]) -> None:
    """Record that the host declines, with a reason; tell the shadow and the line manager."""
    request = move.record
    if not move.inputs.get("reason"):
        raise TransitionError("Choose a reason, so that your colleague understands.")
    if move.source == RequestStatus.WITH_HOST:
        decision = answer(move, DecisionRole.HOST, Outcome.DECLINED)
    else:
        decision = Decision.objects.create(
            request=request,
            role=DecisionRole.HOST,
            asked=request.offer.host,
            asked_as=Capacity.HOST,
            outcome=Outcome.DECLINED,
            answered_by=move.actor,
            answered_at=move.at,
            how=move.how,
            reason=move.inputs["reason"],
            words=move.reason,
        )
    _end_with_no(request, decision)


def refuse_hosting(move: TransitionContext[Request]) -> None:
    """Record that the host's manager declines; tell everybody who has agreed."""
    if not move.inputs.get("reason"):
        raise TransitionError("Choose a reason, so that your colleagues understand.")
    decision = answer(move, DecisionRole.HOST_MANAGER, Outcome.DECLINED)
    _end_with_no(move.record, decision)
    for host in hosts_of(move.record):
        emails.queue_mail("hosting_declined_to_host", host, move.record, decision=decision)


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


def agree_hosting(move: TransitionContext[Request]) -> None:
    """Record that the host's manager agrees, and make the placement with the proposed dates."""
    answer(move, DecisionRole.HOST_MANAGER, Outcome.AGREED)
    times = proposal_of(move.record)
    require_sound(times)
    if move.target == RequestStatus.WITH_MANAGER:
        _ask_about_proposal(move)
        return
    host = refuse_impossible(move.record, times)
    make_placement(move, times, host)


def confirm_dates(move: TransitionContext[Request]) -> None:
    """Record that the shadow confirms the dates the host proposed."""
    stop_waiting(move.record)
    times = proposal_of(move.record)
    require_sound(times)
    if move.target == RequestStatus.WITH_MANAGER:
        _ask_about_proposal(move)
        return
    settle_dates(move, times)


def reject_dates(move: TransitionContext[Request]) -> None:
    """Drop the proposed dates and ask the host for others; the place stays held.

    Raises TransitionError without words about which days would suit.
    """
    if not move.reason.strip():
        raise TransitionError("Write which days would suit you, so that the host can choose.")
    stop_waiting(move.record)
    move.record.proposed_visits.all().delete()
    ask_host(move, template="dates_rejected_to_host")


def is_unsent(move: TransitionContext[Request]) -> bool:
    """Return whether the request is a draft: withdrawing a draft deletes it."""
    return not move.record.was_sent


def withdraw(move: TransitionContext[Request]) -> None:
    """Withdraw the request: tell those who are asked, and free the place. A draft needs none of this."""
    request = move.record
    if is_unsent(move):
        return
    manager = _manager_asked(request)
    undoable = undo_ends(request) is not None
    if undoable:
        drop_held_mail(request)
    asked = {decision.role for decision in abandon_decisions(request)}
    request.proposed_visits.all().delete()
    give_back_place(request)
    if manager is not None:
        reason = _step_back_reason(move)
        emails.queue_mail("request_withdrawn_to_manager", manager, request, words=move.reason, reason=reason)
    if _host_knows(request, asked, undoable=undoable):
        for host in hosts_of(request):
            emails.queue_mail("request_withdrawn_to_host", host, request)


def _step_back_reason(move: TransitionContext[Request]) -> str:
    reason = move.inputs.get("reason")
    return str(StepBackReason(reason).label) if reason in StepBackReason.values else ""


def _host_knows(request: Request, asked: set[str], *, undoable: bool) -> bool:
    """Return whether the host knows of the request.

    While an approval can be undone the host has not been told, unless they have answered before.
    """
    as_host = request.decisions.filter(role=DecisionRole.HOST)
    if undoable:
        return as_host.filter(answered_by__isnull=False).exists()
    return DecisionRole.HOST in asked or as_host.exists()


def call_off(move: TransitionContext[Request]) -> None:
    """End the request because its session was called off, and tell everybody it waited for."""
    request = move.record
    pending = abandon_decisions(request)
    request.decisions.update(undo_until=None)  # an undo has nothing to return to
    request.proposed_visits.all().delete()
    give_back_place(request)
    emails.queue_mail("session_called_off_to_shadow", request.shadow, request)
    for decision in pending:
        if decision.role != DecisionRole.HOST:
            emails.queue_mail("session_called_off_to_manager", decision.asked, request)


def lapse(move: TransitionContext[Request]) -> None:
    """End the request because nobody answered in time or the day of the visit has passed.

    The mails blame nobody.
    """
    request = move.record
    passed = possible_until(request) <= move.at
    pending = abandon_decisions(request)
    request.proposed_visits.all().delete()
    give_back_place(request)
    told: dict[str, Any] = {"passed": passed, "lapsed_from": move.source}
    emails.queue_mail("request_lapsed_to_shadow", request.shadow, request, **told)
    for decision in pending:
        role = "host" if decision.role == DecisionRole.HOST else "manager"
        emails.queue_mail(f"request_lapsed_to_{role}", decision.asked, request, **told)
