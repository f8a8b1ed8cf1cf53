"""Effects of the line manager's decision on a request: approve, send back, decline, undo."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.enums import How
from accounts.models import WaitingItem
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import DecisionRole, Outcome, RequestStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Decision, Request
from shadowing.offers.workflow.capacity import give_back_place, no_place_left
from shadowing.requests.workflow.agreeing import proposal_of
from shadowing.requests.workflow.approval_tasks import (
    abandon_decisions,
    answer,
    ask_host,
    ask_line_manager,
    ask_shadow,
    hosts_of,
)
from shadowing.requests.workflow.timing import note_time_approved
from shadowing.requests.workflow.undoing import drop_held_mail, undo_ends
from shadowing.rules.rules import Times, days_of

MANAGER = DecisionRole.LINE_MANAGER


def after_approval(context: TransitionContext[Request]) -> str:
    """Return the status after approval.

    That is "dates proposed" when the host has proposed dates, "waiting list" when the session is full, else
    "with host".
    """
    request = context.record
    if request.proposed_visits.exists():
        return RequestStatus.DATES_PROPOSED
    if no_place_left(request):
        return RequestStatus.WAITING_LIST
    return RequestStatus.WITH_HOST


def approve(context: TransitionContext[Request]) -> None:
    """Record the approval and its window of dates, and ask whoever acts next."""
    request = context.record
    proposed = _agree_window(context)
    decision = answer(context, MANAGER, Outcome.AGREED)
    note_time_approved(context, decision, proposed)
    not_before = _held_until(decision)
    if context.target == RequestStatus.WAITING_LIST:
        request.queued_at = context.at
        emails.queue_mail("request_waitlisted_to_shadow", request.shadow, request, not_before=not_before)
    elif context.target == RequestStatus.DATES_PROPOSED:
        item = ask_shadow(context, WaitingKind.CONFIRM_DATES)
        _mail_proposal(request, item, not_before)
    else:
        ask_host(context, template="request_approved_to_host", not_before=not_before)
        emails.queue_mail(
            "request_approved_to_shadow",
            request.shadow,
            request,
            not_before=not_before,
            decision=decision,
            words=context.reason,
        )
    _receipt(decision)


def _mail_proposal(request: Request, item: WaitingItem, not_before: dt.datetime | None) -> None:
    emails.queue_mail(
        "dates_proposed_to_shadow",
        request.shadow,
        request,
        item=item,
        not_before=not_before,
        visits=list(request.proposed_visits.all()),
    )


def _agree_window(context: TransitionContext[Request]) -> list[Times]:
    """Set the agreed window: by default the one requested, extended to dates the host has proposed.

    Returns the proposed dates. Raises TransitionError when the window is reversed or in the past.
    """
    request = context.record
    first = context.inputs.get("window_starts") or request.window_starts
    last = context.inputs.get("window_ends") or request.window_ends
    proposed = proposal_of(request)
    if proposed:
        earliest, latest = days_of(proposed)
        first, last = min(first, earliest), max(last, latest)
    if last < first:
        raise TransitionError("The last day of the window comes before its first.")
    if last < timezone.localdate():
        raise TransitionError("The whole window lies in the past.")
    request.agreed_starts, request.agreed_ends = first, last
    return proposed


def send_back(context: TransitionContext[Request]) -> None:
    """Send the request back to the shadow with a question. Raises TransitionError without words."""
    if not context.reason.strip():
        raise TransitionError("Write what should be changed, so that the request can be sent again.")
    request = context.record
    decision = answer(context, MANAGER, Outcome.SENT_BACK)
    _drop_dates(request)
    item = ask_shadow(context, WaitingKind.CHANGE_REQUEST)
    emails.queue_mail(
        "request_sent_back_to_shadow",
        request.shadow,
        request,
        item=item,
        not_before=_held_until(decision),
        decision=decision,
    )
    _receipt(decision)


def decline(context: TransitionContext[Request]) -> None:
    """Record that the manager declines.

    The host is told only if they knew of the request. Raises TransitionError without a reason.
    """
    if not context.inputs.get("reason"):
        raise TransitionError("Choose a reason, so that your colleague understands.")
    request = context.record
    host_knew = bool(proposal_of(request))
    decision = answer(context, MANAGER, Outcome.DECLINED)
    _drop_dates(request)
    not_before = _held_until(decision)
    emails.queue_mail(
        "request_declined_to_shadow", request.shadow, request, not_before=not_before, decision=decision
    )
    if host_knew:
        for host in hosts_of(request):
            emails.queue_mail("request_withdrawn_to_host", host, request, not_before=not_before)
    _receipt(decision)


def _drop_dates(request: Request) -> None:
    request.proposed_visits.all().delete()
    request.agreed_starts = request.agreed_ends = None
    request.approved_minutes = 0
    give_back_place(request)


def _held_until(decision: Decision) -> dt.datetime | None:
    """Return until when mail about ``decision`` is held back: as long as it can be undone, else None."""
    return decision.undo_until


def _receipt(decision: Decision) -> None:
    """Mail a receipt with an undo link, or tell the manager what their deputy decided."""
    if decision.undo_until is not None:
        emails.queue_receipt(decision, undo_until=decision.undo_until)
    elif decision.on_behalf and decision.how != How.ON_BEHALF:
        emails.queue_mail("decided_for_to_manager", decision.asked, decision.request, decision=decision)


def undo_is_open(request: Request) -> bool:
    """Whether the manager's decision was made by the link alone and can still be undone."""
    return undo_ends(request) is not None


def undo(context: TransitionContext[Request]) -> None:
    """Undo a decision made by the link alone, before anybody was told, and ask the manager again.

    Raises TransitionError when the time to undo is over.
    """
    request = context.record
    if not undo_is_open(request):
        raise TransitionError("It is too late to undo this: the others have been told.")
    drop_held_mail(request)
    _close_consequences(request)
    ask_line_manager(context)


def _close_consequences(request: Request) -> None:
    """Mark the undone decision as not needed, and close what it led to."""
    taken_back = Decision.objects.filter(request=request, role=MANAGER, undo_until__gt=timezone.now())
    taken_back.update(outcome=Outcome.NOT_NEEDED, undo_until=None, words="", reason="", approved_minutes=0)
    abandon_decisions(request)
    request.agreed_starts = request.agreed_ends = request.queued_at = None
    request.approved_minutes = 0
