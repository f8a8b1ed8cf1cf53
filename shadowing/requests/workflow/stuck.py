"""Escalation to the coordinators: on its day, or at once when an answer cannot come."""

from __future__ import annotations

import structlog

from accounts import waiting
from accounts.models import Person, WaitingItem
from shadowing.enums import WaitingKind
from shadowing.mail import emails
from shadowing.models import Request
from shadowing.rules.approvers import coordinators_above
from shadowing.rules.deadlines import help_plan
from shadowing.rules.visit_days import until_visit

log = structlog.get_logger(__name__)

HOSTS_SIDE = (WaitingKind.HOST_MANAGER_DECISION, WaitingKind.HOST_ANSWER)
UNREACHABLE = "The mail to {name} could not be delivered."
NO_HOST = "{name} has left, and nobody else hosts this visit."
NO_DECIDER = "{name} no longer decides on this, and nobody could be found who does."


def call_for_help(item: WaitingItem, request: Request, *, trouble: str = "") -> list[Person]:
    """Ask the coordinators of the branch whose answer is missing, each with a waiting item and a mail.

    ``trouble`` is the sentence that says why this happens before its day. The person asked may still answer.
    Returns the coordinators.
    """
    department = request.offer.department if item.kind in HOSTS_SIDE else request.origin
    people = coordinators_above(department, request.offer.scheme, never=[request.shadow, item.owner])
    if not people:
        log.warning("nobody_to_help", item=str(item.pk))
    for person in people:
        plan = until_visit(help_plan(request.offer.scheme, person), request)
        if WaitingItem.objects.open().about(request).filter(kind=WaitingKind.HELP, owner=person).exists():
            continue
        help_item = waiting.open_item(person, WaitingKind.HELP, request, plan=plan)
        tell_of_stuck(help_item, item, request, trouble=trouble, occasion=f":{item.pk}:stuck")
    return people


def stuck_item(request: Request) -> WaitingItem | None:
    """Return the item that has waited longest for an answer about ``request``, other than calls for help."""
    items = WaitingItem.objects.open().about(request).exclude(kind=WaitingKind.HELP)
    return items.select_related("owner").order_by("since").first()


def remind_helper(help_item: WaitingItem, request: Request, *, occasion: str) -> None:
    """Remind a coordinator of what is still unanswered; close their item when nothing is."""
    item = stuck_item(request)
    if item is None:
        waiting.close_item(help_item)
        return
    tell_of_stuck(help_item, item, request, trouble="", occasion=occasion)


def tell_of_stuck(
    help_item: WaitingItem, item: WaitingItem, request: Request, *, trouble: str, occasion: str
) -> None:
    """Mail the coordinator who has ``help_item`` about ``item``, whose owner does not answer."""
    emails.queue_mail(
        "decision_stuck_to_coordinator",
        help_item.owner,
        request,
        item=help_item,
        occasion=occasion,
        stuck=item,
        trouble=trouble,
        may_name=item.kind != WaitingKind.HOST_ANSWER,
    )
