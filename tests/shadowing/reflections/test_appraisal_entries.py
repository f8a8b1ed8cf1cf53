"""Visits stand in the appraisals of both people, whichever was there first."""

from __future__ import annotations

import datetime as dt
import time
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Appraisal
from appraisals.workflow.activities import ActivityData, note_activity
from shadowing.models import Placement, Visit
from shadowing.reflections.workflow import appraisal_entries
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals, sync_appraisals
from tests.cast import Cast, member
from tests.factories import (
    AppraisalFactory,
    CycleFactory,
    ObjectiveFactory,
    OfferFactory,
    RequestFactory,
    SessionFactory,
    at,
)
from tests.shadowing.test_races import all_at_once

pytestmark = pytest.mark.django_db


def activity(placement: Placement, part: ActivityPart = ActivityPart.VISITED) -> Activity:
    return Activity.objects.get(source=placement.pk, part=part)


def test_agreed_visit_is_in_both_appraisals(cast: Cast) -> None:
    own, hosts = AppraisalFactory.create(person=cast.shadow), AppraisalFactory.create(person=cast.host)
    placement = cast.agreed().placement
    visited, hosted = activity(placement), activity(placement, ActivityPart.HOSTED)
    assert (visited.appraisal, hosted.appraisal) == (own, hosts)
    assert (visited.title, visited.partner) == (cast.offer.title, cast.host.full_name)
    assert (hosted.partner, hosted.origin) == (cast.shadow.full_name, cast.library)
    assert (visited.state, visited.half_days) == (ActivityState.AGREED, 1)
    assert placement.appraisal == own


def test_visit_names_the_objective_its_request_serves(cast: Cast) -> None:
    own = AppraisalFactory.create(person=cast.shadow)
    objective = ObjectiveFactory.create(appraisal=own)
    placement = cast.agreed(serves=objective).placement
    assert activity(placement).objective == objective


def test_visit_without_an_appraisal_is_agreed_all_the_same(cast: Cast) -> None:
    assert cast.agreed().placement.appraisal is None
    assert not Activity.objects.exists()


def test_appraisal_opened_later_finds_the_visits_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    placement = cast.agreed().placement
    own = AppraisalFactory.create(person=cast.shadow)
    AppraisalFactory.create(person=cast.host)
    assert fill_appraisals() == 2
    assert activity(placement).appraisal == own
    assert Activity.objects.count() == 2
    assert not Appraisal.objects.filter(filled_at__isnull=True).exists()
    with django_assert_max_num_queries(1):
        assert fill_appraisals() == 0


def test_appraisal_of_another_cycle_stays_without_the_visit(cast: Cast) -> None:
    cast.agreed()
    past = timezone.localdate() - dt.timedelta(days=400)
    before = CycleFactory.create(name="Before", starts_on=past, ends_on=past + dt.timedelta(days=200))
    AppraisalFactory.create(person=cast.shadow, cycle=before)
    assert fill_appraisals() == 1
    assert not Activity.objects.exists()


def test_cancelled_visit_is_shown_as_called_off(cast: Cast) -> None:
    AppraisalFactory.create(person=cast.shadow)
    placement = cast.agreed().placement
    perform(placement, "cancel", actor=cast.host, reason="workload")
    assert activity(placement).state == ActivityState.CALLED_OFF


def test_moved_visit_is_shown_on_its_new_days(cast: Cast) -> None:
    AppraisalFactory.create(person=cast.shadow)
    placement = cast.agreed().placement
    later = timezone.localtime(cast.session.starts_at) + dt.timedelta(days=7)
    Visit.objects.filter(placement=placement).update(starts_at=later, ends_at=later + dt.timedelta(hours=2))
    sync_appraisals(Placement.objects.get(pk=placement.pk))
    assert activity(placement).starts_on == later.date()


def test_one_bad_visit_keeps_no_other_from_the_appraisals(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its people are tried again by the next run."""
    bad, elsewhere = cast.agreed().placement, OfferFactory.create(scheme=cast.scheme, department=cast.it)
    other = member(cast.library, line_manager=cast.manager)
    session = SessionFactory.create(offer=elsewhere)
    sent = perform(RequestFactory.create(shadow=other, session=session), "submit", actor=other)
    approved = perform(sent, "approve", actor=cast.manager)
    good = perform(approved, "agree", actor=elsewhere.host).placement
    for person in (cast.shadow, other):
        AppraisalFactory.create(person=person)

    def fails(placement: Placement) -> None:
        if placement.pk == bad.pk:
            raise ValueError("spoiled")
        sync_appraisals(placement)

    with monkeypatch.context() as spoiled:
        spoiled.setattr(appraisal_entries, "sync_appraisals", fails)
        assert fill_appraisals() == 1
    assert activity(good).appraisal.person == other
    assert fill_appraisals() == 1
    assert activity(bad).appraisal.person == cast.shadow


def test_year_made_longer_finds_the_visits_of_its_new_days(cast: Cast) -> None:
    today = timezone.localdate()
    year = CycleFactory.create(name="Short", starts_on=today, ends_on=today + dt.timedelta(days=2))
    AppraisalFactory.create(person=cast.shadow, cycle=year)
    assert fill_appraisals() == 1
    placement = cast.agreed().placement
    year.ends_on = today + dt.timedelta(days=200)
    year.save()
    assert fill_appraisals() == 1
    assert activity(placement).appraisal.cycle == year
    year.name = "Longer"
    year.save()
    assert fill_appraisals() == 0


@pytest.mark.django_db(transaction=True)
def test_filling_appraisals_concurrently_does_not_deadlock(
    transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shadow and host have the same visits; each act holds one of the two appraisals for a moment."""
    cast.scheme.cap_half_days = cast.scheme.live_requests = 20
    cast.scheme.save()
    offers = OfferFactory.create_batch(4, scheme=cast.scheme, department=cast.it, host=cast.host)
    sessions = [
        SessionFactory.create(offer=offer, starts_at=at(20 + day)) for day, offer in enumerate(offers)
    ]
    placements = [cast.agreed(session=session).placement for session in sessions]
    years = {AppraisalFactory.create(person=person).cycle for person in (cast.shadow, cast.host)}

    def slow(doing: ActivityData) -> Activity | None:
        noted = note_activity(doing)
        time.sleep(0.2)
        return noted

    def lengthen() -> None:
        (year,) = years
        year.ends_on += dt.timedelta(days=1)
        year.save()

    monkeypatch.setattr(appraisal_entries, "note_activity", slow)
    cancel = [partial(perform, each, "cancel", actor=cast.host, reason="illness") for each in placements]
    all_at_once([fill_appraisals, fill_appraisals, lengthen, *cancel])
    fill_appraisals()
    assert not Appraisal.objects.filter(filled_at__isnull=True).exists()
    assert set(Activity.objects.values_list("state", flat=True)) == {ActivityState.CALLED_OFF}
    assert Activity.objects.count() == 8
