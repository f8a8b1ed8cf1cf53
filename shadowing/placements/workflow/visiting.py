"""Transitions of the day: begin, end, took place, did not take place; and whether a missed visit counts."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from accounts.models import HistoryEntry
from accounts.workflow import Transition, TransitionContext, TransitionError, nobody, same_state
from shadowing.enums import MissedReason, PlacementStatus
from shadowing.mail import emails
from shadowing.models import Placement, Reflection, Visit
from shadowing.offers.workflow.capacity import give_back_place
from shadowing.placements.workflow.visit_closing import drop_change, end_visit, mark_not_attended
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.requests.workflow.timing import give_back
from shadowing.rules.audited_steps import audited
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import can_act_in_visit, can_cancel_placement, can_forgive_placement, takes_part
from shadowing.rules.visit_dates import dates_of_visit

S = PlacementStatus
NOT_BEGUN = "This visit has not begun yet. Once it has, you can say here whether it took place."
NOT_OVER = "This visit is not over yet."
NOTED_ALREADY = "It is noted already that the visit took place."
OTHER_SIDE_CONFIRMED = (
    "The other side has said that the visit took place. If that is not so, the scheme’s coordinator can put "
    "it right."
)
WRITTEN_ABOUT = (
    "Somebody has written about this visit already, so it took place. If that is not so, ask the scheme’s "
    "coordinator."
)


def _answered_date(context: TransitionContext[Placement]) -> Visit:
    """Return the date named by ``visit``, else the last that has begun and has no answer yet.

    Raises TransitionError when it no longer stands or has not begun.
    """
    dates, named = dates_of_visit(context.record), context.inputs.get("visit")
    if named is not None:
        found = next((visit for visit in [*dates.begun, *dates.to_come] if visit.pk == named), None)
        if found is None:
            raise TransitionError("This date no longer stands. See below how the visit stands now.")
        if found not in dates.begun:
            raise TransitionError(NOT_BEGUN)
        return found
    if not dates.begun:
        raise TransitionError(NOT_BEGUN)
    return (dates.unanswered or dates.begun)[-1]


def _start(context: TransitionContext[Placement]) -> None:
    """Begin the visit; pending suggested dates are withdrawn, because it is too late for them."""
    if not dates_of_visit(context.record).begun:
        raise TransitionError(NOT_BEGUN)
    drop_change(context.record)


def _finish(context: TransitionContext[Placement]) -> None:
    """End the visit. Whether it took place is known only if somebody has said so."""
    if not dates_of_visit(context.record).over:
        raise TransitionError(NOT_OVER)
    end_visit(context)


def _after_happening(context: TransitionContext[Placement]) -> str:
    """Return "to reflect", or "taking place" while another date is in progress or to come."""
    said, dates = _answered_date(context), dates_of_visit(context.record)
    left = any(visit.ends_at > dates.at for visit in [*dates.begun, *dates.to_come] if visit != said)
    return S.TAKING_PLACE if left and context.source != S.TO_REFLECT else S.TO_REFLECT


def _happened(context: TransitionContext[Placement]) -> None:
    """Record that a date took place."""
    visit = _answered_date(context)
    if visit.took_place:
        raise TransitionError(NOTED_ALREADY)
    visit.took_place = True
    visit.save(update_fields=["took_place"])
    if context.source == S.TO_REFLECT:
        context.record.took_place = True
        return
    drop_change(context.record)
    if context.target == S.TO_REFLECT:
        end_visit(context)


def _after_missing(context: TransitionContext[Placement]) -> str:
    """Return "no show" without other dates; else whether the visit goes on or has ended."""
    missed, dates = _answered_date(context), dates_of_visit(context.record)
    others = [visit for visit in [*dates.begun, *dates.to_come] if visit != missed]
    if not others:
        return S.NO_SHOW
    left = any(visit.ends_at > dates.at for visit in others)
    return S.TAKING_PLACE if left and context.source != S.TO_REFLECT else S.TO_REFLECT


@audited("Said that a visit did not take place.")
def _did_not_happen(context: TransitionContext[Placement]) -> None:
    """Record that a date did not take place; other dates stand."""
    placement, visit, reason = context.record, _answered_date(context), context.inputs.get("reason")
    _refuse_missing(context, visit, reason)
    visit.stands, visit.took_place, visit.settled_at = False, False, context.at
    visit.save(update_fields=["stands", "took_place", "settled_at"])
    counts = reason == MissedReason.SHADOW_ABSENT and placement.request.offer.scheme.missed_counts
    if context.target == S.NO_SHOW:
        _miss_all(context, counts=counts)
    else:
        drop_change(placement)
        if not counts:
            give_back(placement, [visit])
        if context.target != context.source and context.target == S.TO_REFLECT:
            end_visit(context)
        else:
            sync_appraisals(placement)
    _mail_missed_date(context, visit, counts=counts)


def _refuse_missing(context: TransitionContext[Placement], visit: Visit, reason: str | None) -> None:
    if reason not in MissedReason.values:
        raise TransitionError("Choose a reason, so that the other side understands.")
    if reason == MissedReason.OTHER and not context.reason.strip():
        raise TransitionError("You chose “Another reason”: please say which in a few words.")
    if Reflection.objects.filter(placement=context.record, sent_at__isnull=False).exists():
        raise TransitionError(WRITTEN_ABOUT)
    if visit.took_place and context.actor is not None and not _may_take_back(context):
        raise TransitionError(OTHER_SIDE_CONFIRMED)


def _may_take_back(context: TransitionContext[Placement]) -> bool:
    """Return whether the acting person may correct "took place": whoever said so, and coordinators."""
    said = HistoryEntry.objects.about(context.record).filter(action="happened").order_by("at").last()
    is_author = said is not None and (said.on_behalf_of or said.actor) == context.principal
    return is_author or (context.actor is not None and can_forgive_placement(context.actor, context.record))


def _miss_all(context: TransitionContext[Placement], *, counts: bool) -> None:
    placement = context.record
    placement.took_place, placement.counts = False, counts
    placement.missed_reason, placement.missed_words = context.inputs["reason"], context.reason
    placement.ended_at = placement.ended_at or context.at
    placement.share_on = None
    request = mark_not_attended(placement)
    give_back_place(request)
    request.save(update_fields=["holds_place"])


def _mail_missed_date(context: TransitionContext[Placement], visit: Visit, *, counts: bool) -> None:
    """Tell both sides about the missed date, except the host's side person who reported it.

    The shadow's mail includes links to other offers when the whole visit did not take place.
    """
    placement = context.record
    extra: dict[str, Any] = {
        "reason": MissedReason(context.inputs["reason"]).label,
        "by": context.principal,
        "words": context.reason,
        "visits": [visit],
        "counts": counts,
        "others_stand": context.target != S.NO_SHOW,
        "strip": None,
    }
    hosts = [host for host in hosts_of_visit(placement) if host != context.principal]
    back: dict[str, Any] = emails.next_visit_button(placement) if context.target == S.NO_SHOW else {}
    emails.queue_placement_mail("visit_missed_to_shadow", [placement.shadow], placement, **extra, **back)
    emails.queue_placement_mail("visit_missed_to_host", hosts, placement, **extra)


@audited("Said that a missed visit does not count.")
def _forgive(context: TransitionContext[Placement]) -> None:
    """Record that a missed or late-cancelled visit does not count against the cap."""
    placement = context.record
    if not placement.counts:
        raise TransitionError("It does not count against the half-days of the year.")
    placement.counts = False
    emails.queue_placement_mail(
        "missed_visit_forgiven_to_shadow",
        [placement.shadow],
        placement,
        by=context.actor,
        words=context.reason,
        strip=None,
        **emails.next_visit_button(placement),
    )


def _has_begun(placement: Placement) -> bool:
    return bool(dates_of_visit(placement).begun)


def _has_no_answer(placement: Placement) -> bool:
    return bool(dates_of_visit(placement).unanswered)


def _counts(placement: Placement) -> bool:
    return placement.counts


UNDER_WAY = frozenset({S.AGREED, S.TAKING_PLACE, S.TO_REFLECT})
VISITING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "start": Transition(
            label="It has begun",
            sources=frozenset({S.AGREED}),
            target=S.TAKING_PLACE,
            policy=nobody,
            by_schedule=True,
            effect=_start,
        ),
        "finish": Transition(
            label="It is over",
            sources=frozenset({S.AGREED, S.TAKING_PLACE}),
            target=S.TO_REFLECT,
            policy=nobody,
            by_schedule=True,
            effect=_finish,
        ),
        "happened": Transition(
            label="It took place",
            sources=UNDER_WAY,
            target=_after_happening,
            policy=takes_part,
            on_behalf=can_act_in_visit,
            effect=_happened,
            offered=_has_no_answer,
        ),
        "did_not_happen": Transition(
            label="It did not take place",
            sources=UNDER_WAY,
            target=_after_missing,
            policy=can_cancel_placement,
            on_behalf=can_act_in_visit,
            effect=_did_not_happen,
            offered=_has_begun,
        ),
        "forgive": Transition(
            label="Do not count it",
            sources=frozenset({S.NO_SHOW, S.CANCELLED}),
            target=same_state,
            policy=can_forgive_placement,
            effect=_forgive,
            offered=_counts,
        ),
    }
)
