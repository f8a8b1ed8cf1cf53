"""Co-hosts who join or leave a visit after it is agreed, and a change of its host.

Each change is a transition and is told to all participants. A joiner gets the calendar invitation; they may
read only what is written after the visitor has agreed to that. Somebody removed gets the cancellation.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import waiting
from accounts.models import Person
from accounts.workflow import Transition, TransitionContext, TransitionError, nobody, same_state
from shadowing.enums import Consent, Part, PlacementStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Participation, Placement
from shadowing.placements.workflow.joining_consent import ASKED_ABOUT, ask_visitor_about, stop_asking_about
from shadowing.placements.workflow.move_requests import pass_on_answers_of
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.rules.audited_steps import audited
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.participation_policies import (
    can_answer_joiner,
    can_change_hosts,
    decides_on_hosts,
    hosts_and_reads,
)
from shadowing.rules.receiving import lock_people
from shadowing.rules.rules import clash
from shadowing.rules.visit_dates import dates_of_visit

S = PlacementStatus
BEFORE_THE_END = frozenset({S.AGREED, S.TAKING_PLACE})
NOT_YOURSELF = "You can’t add yourself to a visit. Ask its host to add you."
TAKES_PART_ALREADY = "{name} takes part in this visit already."
GONE = "{name} no longer works here. Choose somebody else."
NOTHING_AHEAD = "No date of this visit is to come, so nobody can join it any more."
TAKES_PART_NO_LONGER = "This person no longer takes part in the visit. See below who does."
THE_HOST = "{name} is the host. Choose another host first, then take them off."


def _join(context: TransitionContext[Placement]) -> None:
    """Add a co-host; tell the visitor and ask whether the co-host may read what is written."""
    placement, person = context.record, context.inputs["person"]
    _refuse_to_join(context, person)
    row = placement.participations.create(
        person=person, part=Part.CO_HOST, joined_at=context.at, joined_by=context.actor, consent=Consent.ASKED
    )
    ask_visitor_about(row)
    context.reason = f"{person.full_name} joins as co-host."
    if not placement.host.is_active:
        _make_host(context, row)
        return
    _notify(context, joiner=person)


def _refuse_to_join(context: TransitionContext[Placement], person: Person) -> None:
    placement, ahead = context.record, dates_of_visit(context.record).to_come
    _require(context, decides_on_hosts, hosts_and_reads)
    if person in (context.actor, context.on_behalf_of):
        raise TransitionError(NOT_YOURSELF)
    if placement.participations.active().filter(person=person).exists():
        raise TransitionError(TAKES_PART_ALREADY.format(name=person.full_name))
    if not ahead:
        raise TransitionError(NOTHING_AHEAD)
    _require_free(placement, person)


def _require_free(placement: Placement, person: Person) -> None:
    """Lock ``person``; raise TransitionError if they have left or another visit clashes."""
    lock_people([person])
    if not Person.objects.active().filter(pk=person.pk).exists():
        raise TransitionError(GONE.format(name=person.full_name))
    times = [(visit.starts_at, visit.ends_at) for visit in dates_of_visit(placement).movable]
    sentence = clash(person, times, besides=placement.request, moving=placement)
    if sentence:
        raise TransitionError(sentence)


def _require(context: TransitionContext[Placement], *policies: Callable[[Person, Placement], bool]) -> None:
    """Raise PermissionDenied unless one of the policies allows the acting person."""
    actor = context.actor
    if actor is None or not any(policy(actor, context.record) for policy in policies):
        raise PermissionDenied


def _hosting_part(context: TransitionContext[Placement]) -> Participation:
    """Return the active host's or co-host's participation named by ``part``. Raises TransitionError."""
    rows = context.record.participations.active().hosting().select_related("person")
    row = rows.filter(pk=context.inputs["part"]).first()
    if row is None:
        raise TransitionError(TAKES_PART_NO_LONGER)
    return row


def _leave(context: TransitionContext[Placement]) -> None:
    """Remove a co-host, send them the calendar cancellation, and tell all participants."""
    placement, row = context.record, _hosting_part(context)
    if context.actor != row.person:
        _require(context, decides_on_hosts)
    if row.part == Part.HOST:
        raise TransitionError(THE_HOST.format(name=row.person.full_name))
    row.left_at, row.removed_by = max(context.at, row.joined_at), context.actor
    row.save(update_fields=["left_at", "removed_by"])
    stop_asking_about(row)
    pass_on_answers_of(row.person, placement)
    context.reason = f"{row.person.full_name} is no longer co-host."
    _notify(context, leaver=row.person)
    emails.queue_leaver_mail(row.person, placement, by=context.actor)


def _notify(
    context: TransitionContext[Placement], *, joiner: Person | None = None, leaver: Person | None = None
) -> None:
    """Mail all participants the visit as it is now, the joiner as an invitation."""
    placement = context.record
    placement.sequence += 1
    extra: dict[str, Any] = {"joiner": joiner, "leaver": leaver, "by": context.actor, "strip": None}
    sides = {"shadow": [placement.shadow], "host": hosts_of_visit(placement)}
    for side, people in sides.items():
        emails.queue_placement_mail(
            f"hosts_changed_to_{side}", people, placement, with_calendar="REQUEST", **extra
        )


def _name_host(context: TransitionContext[Placement]) -> None:
    """Make a co-host the host; the former host becomes a co-host."""
    row = _hosting_part(context)
    _require(context, decides_on_hosts)
    if row.part == Part.HOST:
        raise TransitionError(TAKES_PART_ALREADY.format(name=row.person.full_name))
    _require_free(context.record, row.person)
    _make_host(context, row)


def _make_host(context: TransitionContext[Placement], row: Participation) -> None:
    placement, before = context.record, context.record.host
    set_host(placement, row, context)
    placement.sequence += 1
    sync_appraisals(placement)
    context.reason = f"{row.person.full_name} receives the visit instead of {before.full_name}."
    notify_of_host(placement, before, joined=row.consent == Consent.ASKED)


def set_host(placement: Placement, row: Participation, context: TransitionContext[Placement]) -> None:
    """Make the person of ``row`` the host; the former host becomes a co-host, or leaves if inactive."""
    hosts = placement.participations.active().filter(part=Part.HOST)
    if placement.host.is_active:
        hosts.update(part=Part.CO_HOST)
    else:
        for former in hosts:
            former.left_at = max(context.at, former.joined_at)
            former.save(update_fields=["left_at"])
            stop_asking_about(former)
    row.part = Part.HOST
    row.save(update_fields=["part"])
    placement.host = row.person
    placement.save(update_fields=["host"])
    placement.visits.filter(stands=True, ends_at__gt=timezone.now()).update(host=row.person)
    waiting.close_items(placement, WaitingKind.FIND_HOST)


def notify_of_host(placement: Placement, before: Person, *, joined: bool) -> None:
    """Tell both sides about the new host, and update calendars."""
    sides = {"shadow": [placement.shadow], "host": hosts_of_visit(placement)}
    for side, people in sides.items():
        template = f"visit_handed_over_to_{side}"
        extra: dict[str, Any] = {"before": before, "joined": joined, "strip": None}
        emails.queue_placement_mail(template, people, placement, with_calendar="REQUEST", **extra)


def _answer(consent: Consent) -> Any:
    def answer(context: TransitionContext[Placement]) -> None:
        row = _hosting_part(context)
        if not row.joined_after_agreement or row.consent == consent:
            return
        row.consent, row.consent_at = consent, context.at
        row.save(update_fields=["consent", "consent_at"])
        stop_asking_about(row)
        may = "may read what is written from now on" if consent == Consent.AGREED else "reads nothing of it"
        context.reason = f"{row.person.full_name} {may}."

    return answer


def _has_unanswered(placement: Placement) -> bool:
    return any(row.consent == Consent.ASKED and row.left_at is None for row in placement.participations.all())


def _has_joiners(placement: Placement) -> bool:
    return any(row.joined_after_agreement and row.left_at is None for row in placement.participations.all())


JOINING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "join": Transition(
            label="Add a co-host",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_change_hosts,
            effect=audited("Added a co-host to a visit.")(_join),
        ),
        "leave": Transition(
            label="Take off the visit",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_change_hosts,
            effect=audited("Took a co-host off a visit.")(_leave),
        ),
        "name_host": Transition(
            label="Make host",
            sources=BEFORE_THE_END,
            target=same_state,
            policy=can_change_hosts,
            effect=audited("Chose another host for a visit.")(_name_host),
        ),
        "let_read": Transition(
            label="Yes, they may read it",
            sources=BEFORE_THE_END | {S.TO_REFLECT, S.COMPLETE},
            target=same_state,
            policy=can_answer_joiner,
            effect=_answer(Consent.AGREED),
            offered=_has_joiners,
        ),
        "keep_from": Transition(
            label="No, keep it from them",
            sources=BEFORE_THE_END | {S.TO_REFLECT, S.COMPLETE},
            target=same_state,
            policy=can_answer_joiner,
            effect=_answer(Consent.REFUSED),
            offered=_has_joiners,
        ),
        "no_answer": Transition(
            label="Take no answer as a no",
            sources=ASKED_ABOUT,
            target=same_state,
            policy=nobody,
            by_schedule=True,
            effect=_answer(Consent.REFUSED),
            offered=_has_unanswered,
        ),
    }
)
