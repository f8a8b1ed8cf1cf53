"""Who has to answer suggested dates: the other side, then the line manager; reminders and handovers."""

from __future__ import annotations

from accounts import waiting
from accounts.models import Delegation, Person, WaitingItem
from shadowing.enums import StepBackReason, WaitingKind
from shadowing.mail import emails
from shadowing.models import DateChange, Placement
from shadowing.requests.workflow.approval_tasks import NobodyLeftError
from shadowing.rules.approvers import approver_of_dates
from shadowing.rules.deadlines import answer_plan
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.visit_dates import more_time_of, open_change, times_of


def audience_of(placement: Placement, person: Person) -> str:
    """Return "shadow" or "host", as in the names of mail templates; co-hosts are hosts."""
    return "shadow" if person.pk == placement.shadow_id else "host"


def ask_other_side(placement: Placement, change: DateChange) -> None:
    """Ask the side that did not suggest the dates."""
    owner = placement.shadow
    if change.proposed_by_id == placement.shadow_id:
        owner = _active_host(placement) or placement.host
    item = _open(owner, WaitingKind.ANSWER_MOVE, placement, deputies=False)
    _mail_other_side(item, placement, change)


def ask_manager(placement: Placement, change: DateChange) -> None:
    """Ask the line manager about dates outside the approved window. Raises NobodyLeftError."""
    asked = approver_of_dates(placement.request)
    if asked is None:
        raise NobodyLeftError
    item = _open(asked, WaitingKind.ALLOW_MOVE, placement, deputies=True)
    _mail_manager(item, placement, change)


def remind_of_move(item: WaitingItem, placement: Placement) -> None:
    """Remind the owner of ``item`` of suggested dates; close the item when none are pending."""
    change = open_change(placement)
    if change is None:
        waiting.close_item(item)
        return
    mail = _mail_manager if item.kind == WaitingKind.ALLOW_MOVE else _mail_other_side
    mail(item, placement, change)


def ask_current_owner(item: WaitingItem, placement: Placement) -> bool:
    """Ask the current person, when the one asked has left or is replaced.

    Returns False when there is nobody to ask.
    """
    change = open_change(placement)
    if change is None:
        waiting.close_item(item)
        return True
    if item.kind == WaitingKind.ALLOW_MOVE:
        waiting.close_item(item)
        ask_manager(placement, change)
        return True
    if item.owner_id == placement.shadow_id or _active_host(placement) is None:
        return False
    waiting.close_item(item)
    ask_other_side(placement, change)
    return True


def pass_on_answers_of(person: Person, placement: Placement) -> None:
    """Pass on the answers that ``person``, who has left the visit, still owed to its current host."""
    items = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.ANSWER_MOVE, owner=person)
    for item in items.select_related("owner"):
        ask_current_owner(item, placement)


def _active_host(placement: Placement) -> Person | None:
    return next((host for host in hosts_of_visit(placement) if host.is_active), None)


def _open(owner: Person, kind: WaitingKind, placement: Placement, *, deputies: bool) -> WaitingItem:
    plan = answer_plan(placement.request.offer.scheme, owner)
    return waiting.open_item(
        owner, kind, placement, plan=plan, deputies_may_act=deputies, about=placement.shadow
    )


def _mail_other_side(item: WaitingItem, placement: Placement, change: DateChange) -> None:
    side = audience_of(placement, item.owner)
    people = [placement.shadow] if side == "shadow" else hosts_of_visit(placement)
    _mail(f"move_suggested_to_{side}", people, item, placement, change)


def _mail_manager(item: WaitingItem, placement: Placement, change: DateChange) -> None:
    people = [item.owner, *Delegation.objects.deputies_of(item.owner, never=placement.shadow)]
    _mail("move_to_allow_to_manager", people, item, placement, change)


def _mail(
    template: str, people: list[Person], item: WaitingItem, placement: Placement, change: DateChange
) -> None:
    emails.queue_placement_mail(
        template,
        people,
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        by=change.proposed_by,
        reason=StepBackReason(change.reason).label,
        words=change.words,
        suggested=times_of(change),
        strip=None,
        again=item.reminders_sent > 0,
        owner=item.owner,
        more_time=more_time_of(placement, change),
        action_label="See the dates and answer",
    )
