"""Waiting items of an appraisal, always derived from its present state."""

from __future__ import annotations

from accounts import waiting
from accounts.models import Person, WaitingItem
from accounts.workflow import TransitionContext
from appraisals import emails
from appraisals.deadlines import item_plan
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.mail_context import request_text
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of
from appraisals.workflow.evidence import unacknowledged

EVENTS = {
    AskKind.TALK: "conversation_prompted_to_",
    AskKind.AGREE_OBJECTIVES: "objectives_added_to_",
    AskKind.ACKNOWLEDGE: "evidence_released_to_",
    AskKind.SIGN: "appraisal_signed_to_",
}
Wanted = tuple[AskKind, Person]


def ask(context: TransitionContext[Appraisal]) -> None:
    """Update the waiting items after a transition, and mail the owners of the new ones."""
    opened = sync_waiting_items(context.record)
    if context.action == "hand_over":
        _tell_successor(opened, context.record)
        return
    for item in opened:
        emails.ask(EVENTS[AskKind(item.kind)], item, context.record)


def sync_waiting_items(appraisal: Appraisal) -> list[WaitingItem]:
    """Open and close waiting items to match the appraisal's state. Returns the new ones."""
    there = {
        (item.kind, item.owner_id): item
        for item in WaitingItem.objects.open().about(appraisal).filter(kind__in=AskKind.values)
    }
    wanted = {(kind.value, owner.pk): (kind, owner) for kind, owner in _wanted(appraisal)}
    for key, item in there.items():
        if key not in wanted:
            waiting.close_item(item)
    return [_open(appraisal, kind, owner) for key, (kind, owner) in wanted.items() if key not in there]


def _wanted(appraisal: Appraisal) -> list[Wanted]:
    """Return what the appraisal, in its present state, asks of its two sides."""
    if appraisal.status != AppraisalStatus.OPEN:
        return []
    leader, wanted = appraiser_of(appraisal), _wanted_of_person(appraisal)
    return wanted + [(kind, leader) for kind in _kinds_for_appraiser(appraisal)] if leader else wanted


def _wanted_of_person(appraisal: Appraisal) -> list[Wanted]:
    talks = appraisal.prompted_at is not None and appraisal.talk_on is None
    signs = appraisal.appraiser_signed_at is not None
    kinds = [kind for kind, holds in ((AskKind.TALK, talks), (AskKind.SIGN, signs)) if holds]
    return [(kind, appraisal.person) for kind in kinds]


def _kinds_for_appraiser(appraisal: Appraisal) -> list[AskKind]:
    waits = {
        AskKind.TALK: appraisal.prompted_at is not None and appraisal.talk_on is None,
        AskKind.AGREE_OBJECTIVES: appraisal.objectives.not_dropped().filter(agreed_at__isnull=True).exists(),
        AskKind.ACKNOWLEDGE: unacknowledged(appraisal) > 0,
        AskKind.SIGN: appraisal.person_signed_at is not None,
    }
    return [kind for kind, holds in waits.items() if holds]


def _open(appraisal: Appraisal, kind: AskKind, owner: Person) -> WaitingItem:
    """Open a waiting item. Deputies of the appraiser may act on it, deputies of the person may not."""
    return waiting.open_item(
        owner,
        kind,
        appraisal,
        plan=item_plan(kind, owner, appraisal),
        deputies_may_act=owner != appraisal.person,
        about=appraisal.person if owner != appraisal.person else None,
    )


def _tell_successor(opened: list[WaitingItem], appraisal: Appraisal) -> None:
    """Mail the new appraiser once about all items that moved to them; send nothing when there are none."""
    if opened:
        things = [request_text(appraisal, item.owner, AskKind(item.kind)) for item in opened]
        emails.ask("appraisal_handed_over_to_", _first(opened), appraisal, things=things)


def _first(items: list[WaitingItem]) -> WaitingItem:
    """Return the item that is due first."""
    return min(items, key=lambda item: (item.due_on is None, item.due_on))
