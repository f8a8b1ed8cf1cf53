"""Transitions before the day: arrangements, comments, acceptance of the agreement, checklists."""

from __future__ import annotations

from types import MappingProxyType

from django.core.exceptions import PermissionDenied

from accounts.workflow import Transition, TransitionContext, TransitionError, same_state
from shadowing.enums import PlacementStatus
from shadowing.mail import emails
from shadowing.models import AgendaComment, ChecklistItem, ChecklistTick, Placement
from shadowing.requests.workflow.agreement import accept
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.participation_policies import can_arrange_placement, can_comment
from shadowing.rules.policies import can_tick, sides_of, takes_part

S = PlacementStatus
ARRANGEMENTS = ("place", "contact", "agenda", "bring")
BEFORE = frozenset({S.AGREED, S.TAKING_PLACE})
NOTHING_SAID = "Write what you would like to say first."
OFF_THE_LIST = "This is no longer on the list."


def _rearrange(context: TransitionContext[Placement]) -> None:
    """Store the host's arrangements; if something has changed, tell both sides and update calendars."""
    placement, before = context.record, [getattr(context.record, name) for name in ARRANGEMENTS]
    for name in ARRANGEMENTS:
        setattr(placement, name, context.inputs.get(name, ""))
    if [getattr(placement, name) for name in ARRANGEMENTS] == before:
        return
    placement.sequence += 1
    sides = {"shadow": [placement.shadow], "host": hosts_of_visit(placement)}
    for side, people in sides.items():
        emails.queue_placement_mail(
            f"placement_changed_to_{side}", people, placement, with_calendar="REQUEST", by=context.actor
        )


def _comment(context: TransitionContext[Placement]) -> None:
    """Store a comment and tell the other side. The history does not contain the words."""
    placement, words, author = context.record, context.reason.strip(), context.actor
    context.reason = ""
    if not words or author is None:
        raise TransitionError(NOTHING_SAID)
    AgendaComment.objects.create(placement=placement, author=author, words=words, at=context.at)
    others = hosts_of_visit(placement) if author == placement.shadow else [placement.shadow]
    side = "host" if author == placement.shadow else "shadow"
    emails.queue_placement_mail(f"comment_written_to_{side}", others, placement, words=words, by=author)


def _own_item(context: TransitionContext[Placement]) -> ChecklistItem:
    """Return the checklist item to tick.

    Raises TransitionError for an item of another scheme, and PermissionDenied for one of a side the person is
    not on.
    """
    item: ChecklistItem = context.inputs["item"]
    if item.scheme_id != context.record.request.offer.scheme_id:
        raise TransitionError(OFF_THE_LIST)
    if context.actor is None or item.side not in sides_of(context.actor, context.record):
        raise PermissionDenied
    return item


def _tick(context: TransitionContext[Placement]) -> None:
    item = _own_item(context)
    if item.retired_at is not None:
        raise TransitionError(OFF_THE_LIST)
    ticked = {"person": context.actor, "at": context.at}
    ChecklistTick.objects.get_or_create(placement=context.record, item=item, defaults=ticked)


def _untick(context: TransitionContext[Placement]) -> None:
    context.record.ticks.filter(item=_own_item(context)).delete()


ARRANGING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "rearrange": Transition(
            label="Change place, contact or agenda",
            sources=BEFORE,
            target=same_state,
            policy=can_arrange_placement,
            effect=_rearrange,
        ),
        "comment": Transition(
            label="Say something about it",
            sources=BEFORE,
            target=same_state,
            policy=can_comment,
            effect=_comment,
        ),
        "accept_agreement": Transition(
            label="Accept the agreement",
            sources=BEFORE,
            target=same_state,
            policy=takes_part,
            effect=accept,
        ),
        "tick": Transition(
            label="Tick it off",
            sources=BEFORE | {S.TO_REFLECT, S.COMPLETE},
            target=same_state,
            policy=can_tick,
            effect=_tick,
        ),
        "untick": Transition(
            label="Take the tick away",
            sources=BEFORE | {S.TO_REFLECT, S.COMPLETE},
            target=same_state,
            policy=can_tick,
            effect=_untick,
        ),
    }
)
