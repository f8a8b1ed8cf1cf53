"""Follow-ups: some time after a visit the schedule asks what came of it, and the visitor answers."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts import batch, waiting
from accounts.days import day
from accounts.models import WaitingItem
from accounts.workflow import Transition, TransitionContext, TransitionError, same_state
from appraisals.enums import ActivityPart
from appraisals.workflow import activities
from shadowing.enums import Later, PlacementStatus, WaitingKind
from shadowing.mail import emails
from shadowing.mail.mail_context import address
from shadowing.models import FollowUp, Placement
from shadowing.rules.deadlines import answer_plan
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import can_follow_up

S = PlacementStatus
ASK = batch.Job("asked_later", "A visitor could not be asked what came of their visit", Placement)
AFTER = frozenset({S.TO_REFLECT, S.COMPLETE})
WHY = {
    "shadow": "You get this because you made this visit.",
    "host": "You get this because you hosted this visit.",
}
ANSWERED = "You answered this on {on} already."
ASKED_AGAIN = "This was asked again on {on}; please answer the newer question."


def ask_follow_ups(today: dt.date | None = None) -> int:
    """Ask each visitor whose follow-up is due; return how many were asked.

    Each is asked in its own transaction; one that another run has locked is left to it.
    """
    today = today or timezone.localdate()
    due = FollowUp.objects.filter(asked_at__isnull=True, ask_on__lte=today)
    keys = list(due.order_by("ask_on", "pk").values_list("placement", "pk"))
    return batch.run(ASK, keys, lambda key: _ask(key[1], today)).done


def _ask(pk: UUID, today: dt.date) -> int:
    """Ask one follow-up.

    Of several that are due after an outage of the schedule only the last is asked.
    """
    rows = FollowUp.objects.select_for_update(skip_locked=True, of=("self",))
    follow_up = rows.filter(pk=pk, asked_at__isnull=True).first()
    if follow_up is None:
        return 0
    placement = Placement.objects.select_related("shadow", "host", "request__offer__scheme").get(
        pk=follow_up.placement_id
    )
    follow_up.asked_at = timezone.now()
    follow_up.save(update_fields=["asked_at"])
    newer = placement.follow_ups.filter(days__gt=follow_up.days, ask_on__lte=today)
    if placement.status not in AFTER or not placement.shadow.is_active or newer.exists():
        return 0
    waiting.close_items(placement, WaitingKind.LATER)
    plan = answer_plan(placement.request.offer.scheme, placement.shadow)
    item = waiting.open_item(placement.shadow, WaitingKind.LATER, placement, plan=plan)
    _mail(item, placement, again=False)
    return 1


def remind_of_follow_up(item: WaitingItem, placement: Placement) -> None:
    """Remind the visitor of the follow-up."""
    _mail(item, placement, again=True)


def _mail(item: WaitingItem, placement: Placement, *, again: bool) -> None:
    emails.queue_placement_mail(
        "later_asked_to_shadow",
        [item.owner],
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        strip=None,
        crossing_state="kept",
        why=WHY["shadow"],
        again=again,
        action_url=address(reverse("shadowing:later", args=[placement.pk])),
        action_label="Answer with one tick",
    )


def open_question(placement: Placement) -> FollowUp | None:
    """Return the latest follow-up that was asked, unless it is answered."""
    asked = placement.follow_ups.filter(asked_at__isnull=False).order_by("days").last()
    return asked if asked is not None and asked.answered_at is None else None


def _answer(context: TransitionContext[Placement]) -> None:
    """Store the answer, tell the hosts (except "not yet"), and record it in the appraisal.

    The words come as ``said``, because the history must never contain them.
    """
    placement = context.record
    follow_up = _asked(placement, context.inputs["follow_up"])
    answer = Later(context.inputs["answer"])
    follow_up.answer, follow_up.words = answer, context.inputs.get("said", "").strip()
    follow_up.answered_at = context.at
    follow_up.save(update_fields=["answer", "words", "answered_at"])
    waiting.close_items(placement, WaitingKind.LATER)
    if answer != Later.NOT_YET:
        _tell_hosts(placement, follow_up)
    activities.note_outcome(
        source=placement.pk,
        part=ActivityPart.VISITED,
        author=placement.shadow,
        sentence=answer.label,
        on=timezone.localdate(context.at),
    )


def _asked(placement: Placement, pk: UUID) -> FollowUp:
    """Return the follow-up that is being answered. Raises TransitionError if it no longer waits."""
    asked = placement.follow_ups.filter(asked_at__isnull=False).order_by("days")
    follow_up, newest = asked.filter(pk=pk).first(), asked.last()
    if follow_up is None or newest is None:
        raise TransitionError("This was not asked yet. It will be, some weeks after the visit.")
    if follow_up.answered_at is not None:
        raise TransitionError(ANSWERED.format(on=day(follow_up.answered_at)))
    if newest.pk != follow_up.pk:
        raise TransitionError(ASKED_AGAIN.format(on=day(newest.asked_at)))
    return follow_up


def _tell_hosts(placement: Placement, follow_up: FollowUp) -> None:
    emails.queue_placement_mail(
        "later_answered_to_host",
        hosts_of_visit(placement),
        placement,
        occasion=f":later:{follow_up.pk}",
        strip=None,
        crossing_state="kept",
        why=WHY["host"],
        follow_up=follow_up,
        words=follow_up.words,
    )


LATER: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "answer_later": Transition(
            sources=AFTER,
            target=same_state,
            policy=can_follow_up,
            effect=_answer,
            offered=lambda placement: open_question(placement) is not None,
            label="Say what came of it",
        ),
    }
)
