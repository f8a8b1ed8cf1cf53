"""Visits in the appraisals of both people: entered when agreed, kept in step, added to new ones."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import batch
from accounts.models import Person
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Appraisal, Objective
from appraisals.workflow import activities
from appraisals.workflow.activities import ActivityData, note_activity
from shadowing.enums import PlacementStatus, Side
from shadowing.models import Placement
from shadowing.reflections.workflow.evidence import note_earlier_outcome, release_earlier_evidence
from shadowing.rules.deadlines import working_calendar
from shadowing.rules.rules import days_of

S = PlacementStatus
STATES = {
    S.AGREED: ActivityState.AGREED,
    S.TAKING_PLACE: ActivityState.AGREED,
    S.TO_REFLECT: ActivityState.TOOK_PLACE,
    S.COMPLETE: ActivityState.TOOK_PLACE,
    S.CANCELLED: ActivityState.CALLED_OFF,
    S.NO_SHOW: ActivityState.MISSED,
}
WRITTEN_ABOUT = (S.TO_REFLECT, S.COMPLETE)
AT_ONCE = 500
ENTER = batch.Job(
    "appraisals_filled", "A visit could not be entered in the appraisals of its people", Placement
)


def sync_appraisals(placement: Placement) -> None:
    """Record the state of ``placement`` in the appraisals of both people, where they have one.

    Call it in the transaction that changed its dates or state. The placement stores the shadow's appraisal,
    so that its page can link to it.
    """
    if called_off_in_good_time(placement):
        _leave_out(placement)
        return
    shadow, host = placement.shadow, placement.host
    serves = placement.request.serves
    activities_data = (
        _activity_data(placement, shadow, host, ActivityPart.VISITED, serves),
        _activity_data(placement, host, shadow, ActivityPart.HOSTED, None),
    )
    # In the order of the people, as wherever several appraisals are locked: a fixed order avoids deadlocks.
    entered = {
        activity_data.part: note_activity(activity_data)
        for activity_data in sorted(activities_data, key=lambda one: one.person.pk)
    }
    noted = entered[ActivityPart.VISITED]
    if noted is not None and placement.appraisal_id != noted.appraisal_id:
        placement.appraisal_id = noted.appraisal_id
        placement.save(update_fields=["appraisal"])


def _leave_out(placement: Placement) -> None:
    activities.remove_activity(placement.pk)
    if placement.appraisal_id is not None:
        placement.appraisal = None
        placement.save(update_fields=["appraisal"])


def called_off_in_good_time(placement: Placement) -> bool:
    """Return whether the visitor cancelled before it was late: then the appraisal does not mention it.

    A cancelled visit does not change any more, so ``changed_at`` is the moment of cancellation.
    """
    if placement.status != S.CANCELLED or placement.cancelled_by_id != placement.shadow_id:
        return False
    scheme = placement.request.offer.scheme
    first = min(visit.starts_at for visit in placement.visits.all())
    called_off = timezone.localdate(placement.changed_at)
    left = working_calendar(scheme).working_days_between(called_off, timezone.localdate(first))
    return left >= scheme.late_cancellation_days


def _activity_data(
    placement: Placement, person: Person, partner: Person, part: ActivityPart, objective: Objective | None
) -> ActivityData:
    visits = list(placement.visits.all())
    standing = [visit for visit in visits if visit.stands] or visits
    first, last = days_of((visit.starts_at, visit.ends_at) for visit in standing)
    return ActivityData(
        person=person,
        source=placement.pk,
        part=part,
        title=placement.request.offer.title,
        partner=partner.plain_name,
        origin=placement.origin,
        destination=placement.destination,
        starts_on=first,
        ends_on=last,
        half_days=placement.half_days,
        state=STATES[PlacementStatus(placement.status)],
        url=placement.get_absolute_url(),
        objective=objective,
    )


def fill_appraisals(*, seconds: float = float("inf")) -> int:
    """Enter earlier visits in newly opened appraisals; return the number of appraisals.

    It costs one query where no appraisal is new, and stops after ``seconds``; the next run continues. Two
    runs at once repeat the same work, which changes nothing. A visit that cannot be entered does not stop the
    others, and the next run tries it again.
    """
    filled, until, again = 0, time.monotonic() + seconds, set[UUID]()
    new = Appraisal.objects.filter(filled_at__isnull=True).select_related("cycle")
    while time.monotonic() < until:
        appraisals = list(new.exclude(pk__in=again).order_by("created_at", "pk")[:AT_ONCE])
        if not appraisals:
            break
        failed = batch.run(ENTER, _visits_of(appraisals), _enter_with_words, atomic=False).failed
        left_out = {person for pk in failed for person in _people_of(pk)}
        done = _note_filled(appraisal.pk for appraisal in appraisals if appraisal.person_id not in left_out)
        again |= {appraisal.pk for appraisal in appraisals} - done
        filled += len(done)
    return filled


@transaction.atomic
def _note_filled(appraisals: Iterable[UUID]) -> set[UUID]:
    """Mark these appraisals as filled; return which.

    Rows locked by others are skipped, so that no lock is waited for while others are held.
    """
    rows = Appraisal.objects.filter(pk__in=list(appraisals), filled_at__isnull=True)
    free = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
    done = set(free.order_by().values_list("pk", flat=True))
    Appraisal.objects.filter(pk__in=done).update(filled_at=timezone.now())
    return done


def _people_of(pk: UUID) -> set[int]:
    return set(*Placement.objects.filter(pk=pk).values_list("shadow", "host"))


def _enter_with_words(pk: UUID) -> int:
    """Enter one visit, its released evidence and its follow-up answer.

    Each runs in its own transaction: an appraisal shared with others is never locked for more in the same
    one, so that two runs do not wait for each other.
    """
    with transaction.atomic():
        placement = _locked(pk)
        sync_appraisals(placement)
    if placement.status in WRITTEN_ABOUT:
        for side in (Side.SHADOW, Side.HOST):
            with transaction.atomic():
                release_earlier_evidence(_locked(pk), side)
        with transaction.atomic():
            note_earlier_outcome(_locked(pk))
    return 1


def _locked(pk: UUID) -> Placement:
    """Return the visit, locked first as every transition does."""
    related = ("shadow", "host", "origin", "destination", "request__offer", "request__serves")
    Placement.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
    return Placement.objects.select_related(*related).get(pk=pk)


def _visits_of(appraisals: list[Appraisal]) -> list[UUID]:
    """Return the visits, made or hosted, of the people of ``appraisals`` in their cycles, each once."""
    found: dict[UUID, None] = {}
    for cycle in {appraisal.cycle for appraisal in appraisals}:
        people = [appraisal.person_id for appraisal in appraisals if appraisal.cycle_id == cycle.pk]
        in_cycle = Placement.objects.filter(
            visits__starts_at__date__range=(cycle.starts_on, cycle.ends_on)
        ).order_by()
        for way in (Q(shadow__in=people), Q(host__in=people)):
            found.update(dict.fromkeys(in_cycle.filter(way).values_list("pk", flat=True)))
    return list(found)
