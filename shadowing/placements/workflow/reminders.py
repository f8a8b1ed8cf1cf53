"""The reminder email of each kind of waiting item."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from accounts.models import WaitingItem
from shadowing.enums import DecisionRole, WaitingKind
from shadowing.mail import emails
from shadowing.models import Decision, Offer, Placement, Request
from shadowing.placements.workflow.hosting import remind_to_find_host
from shadowing.placements.workflow.joining_consent import remind_of_joiner
from shadowing.placements.workflow.move_requests import remind_of_move
from shadowing.reflections.workflow.follow_ups import remind_of_follow_up
from shadowing.reflections.workflow.reflecting import remind_to_reflect
from shadowing.requests.workflow.approval_tasks import hosts_of, mail_deciders
from shadowing.requests.workflow.stuck import remind_helper


def subject_of(item: WaitingItem) -> Request | Offer | Placement | None:
    """Return the request, visit or offer of ``item`` as it is now; None if it is gone."""
    if item.subject_type == Request._meta.label_lower:
        return Request.objects.for_rows().filter(pk=item.subject_id).first()
    if item.subject_type == Placement._meta.label_lower:
        rows = Placement.objects.select_related("shadow", "host", "request__offer__scheme", "request__shadow")
        return rows.filter(pk=item.subject_id).first()
    return Offer.objects.select_related("department", "host", "scheme").filter(pk=item.subject_id).first()


def _occasion(item: WaitingItem) -> str:
    return f":{item.pk}:{item.reminders_sent}"


def _remind_of_decision(template: str, role: DecisionRole) -> Callable[[WaitingItem, Request], None]:
    """Return the reminder for the approver and, while one is active, their deputy."""

    def remind(item: WaitingItem, request: Request) -> None:
        decision = Decision.objects.pending().select_related("asked").get(request=request, role=role)
        decision.request = request
        mail_deciders(template, decision, item, occasion=_occasion(item))

    return remind


def _remind_hosts(item: WaitingItem, request: Request) -> None:
    for host in hosts_of(request):
        emails.queue_mail("answer_reminder_to_host", host, request, item=item, occasion=_occasion(item))


def _remind_shadow(template: str) -> Callable[[WaitingItem, Request], None]:
    def remind(item: WaitingItem, request: Request) -> None:
        decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
        emails.queue_mail(
            template, item.owner, request, item=item, decision=decision, occasion=_occasion(item)
        )

    return remind


def _remind_of_offer(template: str) -> Callable[[WaitingItem, Offer], None]:
    def remind(item: WaitingItem, offer: Offer) -> None:
        occasion = _occasion(item)
        emails.queue_offer_mail(
            template, item.owner, offer, occasion=occasion, item=item, words=offer.check_note
        )

    return remind


def _remind_helper(item: WaitingItem, request: Request) -> None:
    remind_helper(item, request, occasion=_occasion(item))


REMINDERS: MappingProxyType[WaitingKind, Callable[..., None]] = MappingProxyType(
    {
        WaitingKind.MANAGER_DECISION: _remind_of_decision(
            "decision_reminder_to_manager", DecisionRole.LINE_MANAGER
        ),
        WaitingKind.HOST_MANAGER_DECISION: _remind_of_decision(
            "hosting_reminder_to_host_manager", DecisionRole.HOST_MANAGER
        ),
        WaitingKind.HOST_ANSWER: _remind_hosts,
        WaitingKind.CONFIRM_DATES: _remind_shadow("confirm_reminder_to_shadow"),
        WaitingKind.CHANGE_REQUEST: _remind_shadow("change_reminder_to_shadow"),
        WaitingKind.HELP: _remind_helper,
        WaitingKind.CHECK_OFFER: _remind_of_offer("offer_check_reminder_to_coordinator"),
        WaitingKind.CHANGE_OFFER: _remind_of_offer("offer_change_reminder_to_host"),
        WaitingKind.ANSWER_MOVE: remind_of_move,
        WaitingKind.ALLOW_MOVE: remind_of_move,
        WaitingKind.FIND_HOST: remind_to_find_host,
        WaitingKind.REFLECT: remind_to_reflect,
        WaitingKind.LATER: remind_of_follow_up,
        WaitingKind.LET_READ: remind_of_joiner,
    }
)
