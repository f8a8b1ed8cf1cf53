"""Transitions of reflections, and the completion of a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts import batch, waiting
from accounts.days import day
from accounts.enums import How
from accounts.models import Person, WaitingItem
from accounts.workflow import (
    Transition,
    TransitionContext,
    TransitionError,
    nobody,
    perform,
    require_possible,
    same_state,
)
from shadowing.enums import PlacementStatus, Side, WaitingKind
from shadowing.mail import emails
from shadowing.mail.mail_context import address
from shadowing.models import Placement, Reflection, Scheme
from shadowing.reflections.sharing import released
from shadowing.reflections.workflow.answers import VALUES, AnswerInput, Mark, store_answers
from shadowing.reflections.workflow.evidence import follow_evidence
from shadowing.reflections.workflow.follow_ups import LATER
from shadowing.reflections.workflow.thank_yous import THANKING
from shadowing.rules.batch import one_by_one
from shadowing.rules.deadlines import working_calendar
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import takes_part

S = PlacementStatus
AFTER = frozenset({S.TO_REFLECT, S.COMPLETE})
COMPLETE = batch.Job("completed", "A visit that was over could not be closed", Placement)
COMPLETE_AFTER = 20  # working days after both were first asked
SOONEST = dt.timedelta(days=26)  # twenty working days are never fewer
WHY = "You get this because you took part in this visit."
SENT_ALREADY = "This was sent on {on}. Open the page again to change it."
NOT_SENT = "This is not sent yet: it is a draft, and nobody else reads it."
NOT_WRITTEN = "Nothing is written here yet."
SOMEBODY_ELSES = "{author} has begun to write for your side. Talk to them if something is to be added."


def remind_to_reflect(item: WaitingItem, placement: Placement) -> None:
    """Ask the owner of ``item`` for their reflection, or remind them."""
    side = "shadow" if item.owner_id == placement.shadow_id else "host"
    emails.queue_placement_mail(
        f"reflection_asked_to_{side}",
        [item.owner],
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        strip=None,
        crossing_state="kept",
        why=WHY,
        again=item.reminders_sent > 1,
        action_url=address(reverse("shadowing:reflection", args=[placement.pk])),
        action_label="Write a few lines",
    )


def keep_draft(
    placement: Placement, *, actor: Person, answers: Sequence[AnswerInput], mark: Mark
) -> Reflection:
    """Save the draft of ``actor``. Only its first save is a transition recorded in the history.

    Raises PermissionDenied and TransitionError as ``perform`` does, and SavedElsewhereError where another
    window has saved something meanwhile. An outdated save from the same window is ignored.
    """
    require_possible(placement, "keep_reflection", actor)
    if _reflection_of(placement, actor) is None:
        if not any(one.says_something for one in answers):
            return Reflection(placement=placement, side=_side(placement, actor), author=actor)
        perform(placement, "keep_reflection", actor=actor, answers=answers, mark=mark)
    else:
        with transaction.atomic():
            _keep_draft(_own_reflection(placement, actor), answers, mark)
    return _own_reflection(placement, actor, lock=False)


def _begin(context: TransitionContext[Placement]) -> None:
    """Create the reflection of this side with its first words; the acting person becomes its author."""
    placement, actor = context.record, _actor(context)
    if _reflection_of(placement, actor) is None:
        Reflection.objects.create(placement=placement, side=_side(placement, actor), author=actor)
    _keep_draft(_own_reflection(placement, actor), context.inputs["answers"], context.inputs["mark"])


def _keep_draft(reflection: Reflection, answers: Sequence[AnswerInput], mark: Mark) -> None:
    if reflection.sent_at is not None:
        raise TransitionError(SENT_ALREADY.format(on=day(reflection.sent_at)))
    if not mark.is_late(reflection):
        store_answers(reflection, answers, mark)


def _send(context: TransitionContext[Placement]) -> None:
    """Send this side's reflection, close its waiting items, and release its evidence to the appraisal."""
    placement, actor, answers = context.record, _actor(context), context.inputs["answers"]
    if not any(one.says_something for one in answers):
        raise TransitionError("Answer one question at least.")
    if _reflection_of(placement, actor) is None:
        Reflection.objects.create(placement=placement, side=_side(placement, actor), author=actor)
    reflection = _own_reflection(placement, actor)
    if reflection.sent_at is not None:
        raise TransitionError(SENT_ALREADY.format(on=day(reflection.sent_at)))
    reflection.sent_at = context.at
    store_answers(reflection, answers, context.inputs["mark"])
    _stop_waiting(placement, reflection.side)
    follow_evidence(reflection, [])


def _change(context: TransitionContext[Placement]) -> None:
    """Change the words or readers of a sent reflection; the appraisal's copy follows until sign-off."""
    reflection, answers = _own_reflection(context.record, _actor(context)), context.inputs["answers"]
    if reflection.sent_at is None:
        raise TransitionError(NOT_SENT)
    if not any(one.says_something for one in answers):
        raise TransitionError("Leave one answer at least: this was sent already.")
    before = released(reflection)
    store_answers(reflection, answers, context.inputs["mark"])
    follow_evidence(reflection, before)


def _share(context: TransitionContext[Placement]) -> None:
    """Change the readers of answers; the words stay."""
    reflection, shares = _own_reflection(context.record, _actor(context)), context.inputs["shares"]
    if reflection.sent_at is None:
        raise TransitionError(NOT_SENT)
    before = released(reflection)
    answers = [
        AnswerInput(
            question=answer.question_id,
            part=answer.part,
            **{name: getattr(answer, name) for name in VALUES if name != "share"},
            share=shares.get(answer.question_id, answer.share),
        )
        for answer in reflection.answers.all()
    ]
    store_answers(reflection, answers, Mark(seen=reflection.version))
    follow_evidence(reflection, before)


def _stop_waiting(placement: Placement, side: str) -> None:
    """Close the waiting items that ask ``side`` for a reflection."""
    people = [placement.shadow] if side == Side.SHADOW else hosts_of_visit(placement)
    items = WaitingItem.objects.about(placement).open().filter(kind=WaitingKind.REFLECT, owner__in=people)
    for item in items:
        waiting.close_item(item)


def _after_sending(context: TransitionContext[Placement]) -> str:
    """Return "complete" once both sides have sent theirs, else the present status."""
    placement = context.record
    others = placement.reflections.filter(sent_at__isnull=False)
    if context.actor is not None:
        others = others.exclude(side=_side(placement, context.actor))
    return S.COMPLETE if others.exists() else context.source


def _complete(context: TransitionContext[Placement]) -> None:
    waiting.close_items(context.record, WaitingKind.REFLECT)


def complete_silent_visits(today: dt.date | None = None) -> int:
    """Complete visits twenty working days after their end, without more reflections; return how many.

    After an outage of the schedule the days count from when both sides were asked to write.
    """
    today = today or timezone.localdate()
    items = WaitingItem.objects.filter(kind=WaitingKind.REFLECT, subject_id=OuterRef("pk"))
    over = Placement.objects.filter(status=S.TO_REFLECT, ended_at__date__lte=today - SOONEST)
    asked = over.annotate(
        asked_at=Coalesce(Subquery(items.order_by("since").values("since")[:1]), "ended_at")
    )
    calendar_of = cache(working_calendar)
    found = list(asked.order_by("ended_at", "pk").values_list("pk", "asked_at", "request__offer__scheme"))
    schemes = Scheme.objects.in_bulk({scheme for _, _, scheme in found})
    quiet = [
        pk
        for pk, asked_at, scheme in found
        if calendar_of(schemes[scheme]).after(timezone.localdate(asked_at), COMPLETE_AFTER) <= today
    ]
    return one_by_one(COMPLETE, _complete_one, quiet)


def _complete_one(placement: Placement) -> int:
    perform(placement, "complete", actor=None, how=How.SYSTEM)
    return 1


def _actor(context: TransitionContext[Placement]) -> Person:
    """Return the author. Raises PermissionDenied for the schedule, which writes no reflections."""
    if context.actor is None:
        raise PermissionDenied
    return context.actor


def _side(placement: Placement, person: Person) -> Side:
    return Side.SHADOW if placement.shadow_id == person.pk else Side.HOST


def _reflection_of(placement: Placement, person: Person) -> Reflection | None:
    return placement.reflections.filter(side=_side(placement, person)).first()


def _own_reflection(placement: Placement, person: Person, *, lock: bool = True) -> Reflection:
    """Return the reflection of that person's side, locked.

    Raises TransitionError where there is none or a colleague writes it.
    """
    rows = Reflection.objects.select_related("author", "placement__request__offer", "placement__host")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    reflection = rows.filter(placement=placement, side=_side(placement, person)).first()
    if reflection is None:
        raise TransitionError(NOT_WRITTEN)
    if reflection.author_id != person.pk:
        raise TransitionError(SOMEBODY_ELSES.format(author=reflection.author.full_name))
    return reflection


REFLECTING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "keep_reflection": Transition(sources=AFTER, target=same_state, policy=takes_part, effect=_begin),
        "send_reflection": Transition(
            sources=AFTER, target=_after_sending, policy=takes_part, effect=_send, label="Send"
        ),
        "change_reflection": Transition(
            sources=AFTER, target=same_state, policy=takes_part, effect=_change, label="Send the changes"
        ),
        "share_answers": Transition(
            sources=AFTER, target=same_state, policy=takes_part, effect=_share, label="Keep who may read it"
        ),
        "complete": Transition(
            sources=frozenset({S.TO_REFLECT}),
            target=S.COMPLETE,
            policy=nobody,
            by_schedule=True,
            effect=_complete,
        ),
        **THANKING,
        **LATER,
    }
)
