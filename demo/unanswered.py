"""Escalated demo requests that nobody answers, and a mail that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import WaitingItem
from demo.demo_days import Days
from demo.scenario import Scenario
from demo.timeline import pass_time_of_item
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import WaitingKind
from shadowing.models import Request
from shadowing.requests.workflow.stuck import call_for_help

# Team of the requester, and for how many working days their line manager has not answered.
UNANSWERED = (("LIB-3", 18), ("LIB-4", 17), ("SRMA-1", 19), ("INTL-1", 17))
ASKED = "request_submitted_to_manager"
CAME_BACK = "The mail server refused the address: 550 5.1.1 This mailbox does not exist."


def leave_unanswered(scenario: Scenario, days: Days) -> list[Request]:
    """Create requests that have waited until escalation to the coordinators; return them."""
    found = (scenario.from_team("with the manager", team, wait) for team, wait in UNANSWERED)
    requests = [request for request in found if request is not None]
    for request in requests:
        _hand_to_coordinators(Request.objects.for_rows().get(pk=request.pk), days)
    return requests


def _hand_to_coordinators(request: Request, days: Days) -> None:
    """Ask the coordinators, dated to the day of escalation."""
    item = WaitingItem.objects.open().about(request).select_related("owner").get()
    if item.escalated_at is None:  # the owner works few days, so their deadlines are later
        return
    call_for_help(item, request)
    for help_item in WaitingItem.objects.open().about(request).filter(kind=WaitingKind.HELP):
        pass_time_of_item(help_item, days, timezone.now() - item.escalated_at)


def fail_one_mail(requests: Iterable[Request]) -> None:
    """Mark one mail that asked a line manager as undeliverable."""
    for request in requests:
        for message in Message.objects.filter(key__startswith=f"{request.pk}:", template=ASKED)[:1]:
            row = {field.attname: getattr(message, field.attname) for field in Message._meta.concrete_fields}
            message.delete()
            Message.objects.create(
                **{**row, "status": MessageStatus.FAILED, "attempts": 1, "last_error": CAME_BACK}
            )
            return
