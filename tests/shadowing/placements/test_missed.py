"""A visit that did not take place or was called off late: what it costs, who is told, the kind way back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import AdjustmentNeeds, FollowUp, Placement, Reflection, Session
from shadowing.rules.rules import half_days_used
from tests.cast import Cast
from tests.factories import SessionFactory, at
from tests.shadowing.clock import forget_mails, mails
from tests.shadowing.requesting import page_of
from tests.shadowing.visits import after, during, fresh, one_date, several_dates

pytestmark = pytest.mark.usefixtures("clock")
S = PlacementStatus


def missed(
    cast: Cast, clock: time_machine.Traveller, reason: str = "shadow_absent", who: str = "host"
) -> Placement:
    """Return a visit recorded as not having taken place."""
    placement = one_date(cast)
    during(clock, placement)
    return perform(placement, "did_not_happen", actor=cast.people()[who], reason=reason, words="Oh dear.")


def used(cast: Cast) -> int:
    """Half-days of the shadow that count this year."""
    return half_days_used(cast.shadow, timezone.localdate())


def test_missed_visit_is_over_and_asks_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    AdjustmentNeeds.objects.create(placement=placement, sealed="x")
    after(clock, placement)
    run_due()
    assert FollowUp.objects.exists()
    done = perform(placement, "did_not_happen", actor=cast.host, reason="illness")
    assert (done.status, done.took_place, done.share_on) == (S.NO_SHOW, False, None)
    assert not done.visits.filter(stands=True).exists()
    assert not WaitingItem.objects.open().about(done).exists()
    assert not FollowUp.objects.exists()
    assert not AdjustmentNeeds.objects.exists()
    assert done.request.status == RequestStatus.CLOSED
    assert Session.objects.get(pk=done.request.session_id).taken == 0


@pytest.mark.parametrize(
    ("reason", "rule", "counted"),
    [
        ("shadow_absent", True, 1),
        ("shadow_absent", False, 0),
        ("host_absent", True, 0),
        ("illness", True, 0),
        ("workload", True, 0),
        ("other", True, 0),
    ],
)
def test_only_a_visit_missed_without_excuse_counts(
    cast: Cast, clock: time_machine.Traveller, reason: str, rule: bool, counted: int
) -> None:
    cast.scheme.missed_counts = rule
    cast.scheme.save()
    missed(cast, clock, reason)
    assert used(cast) == counted


def test_reason_is_asked_and_another_needs_words(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    refused: list[tuple[dict[str, Any], str]] = [
        ({}, "Choose a reason"),
        ({"reason": "bored"}, "Choose a reason"),
        ({"reason": "other", "words": " "}, "please say which"),
    ]
    for given, sentence in refused:
        with pytest.raises(TransitionError, match=sentence):
            perform(placement, "did_not_happen", actor=cast.host, **given)
    assert fresh(placement).status == S.AGREED


def test_missed_visit_is_mailed_to_shadow_with_link(cast: Cast, clock: time_machine.Traveller) -> None:
    SessionFactory.create(offer=cast.offer, starts_at=at(60))
    missed(cast, clock)
    (told,) = mails("visit_missed_to_shadow")
    assert told.recipient == cast.shadow
    assert "nobody thinks the less of you" in told.text
    assert f"/offers/{cast.offer.pk}/request/" in told.text
    assert not mails("visit_missed_to_host")  # who said it knows it


def test_missed_visit_by_shadow_is_mailed_to_host(cast: Cast, clock: time_machine.Traveller) -> None:
    missed(cast, clock, "illness", who="shadow")
    (told,) = mails("visit_missed_to_host")
    assert told.recipient == cast.host
    assert "Illness or a family matter" in told.text


def test_page_leads_the_shadow_back(cast: Cast, clock: time_machine.Traveller) -> None:
    SessionFactory.create(offer=cast.offer, starts_at=at(60))
    placement = missed(cast, clock)
    page = page_of(cast.shadow, placement)
    assert "Try again?" in page
    assert f"/offers/{cast.offer.pk}/request/" in page
    assert "Oh dear." in page
    assert "Try again?" not in page_of(cast.host, placement)


def test_page_leads_elsewhere_where_this_cannot_be_asked_for(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    Session.objects.all().delete()
    placement = missed(cast, clock)
    page = page_of(cast.shadow, placement)
    assert "Find another visit" in page
    assert f"/offers/{cast.offer.pk}/request/" not in page


def test_asking_again_works(cast: Cast, clock: time_machine.Traveller) -> None:
    missed(cast, clock, "illness")
    again = SessionFactory.create(offer=cast.offer, starts_at=at(40))
    assert cast.agreed(session=again).placement.status == S.AGREED


# --- who may, and until when --------------------------------------------------------------------------------


def test_not_after_somebody_has_written_about_it(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    after(clock, placement)
    run_due()
    sent = {"placement": placement, "side": "host", "author": cast.host}
    reflection = Reflection.objects.create(**sent)
    perform(placement, "happened", actor=cast.host)
    Reflection.objects.filter(pk=reflection.pk).update(sent_at=timezone.now())
    with pytest.raises(TransitionError, match="has written about this visit"):
        perform(placement, "did_not_happen", actor=cast.host, reason="illness")


def test_one_side_cannot_undo_attendance_of_the_other(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    perform(placement, "happened", actor=cast.host)
    with pytest.raises(TransitionError, match="The other side has said"):
        perform(placement, "did_not_happen", actor=cast.shadow, reason="host_absent")
    done = perform(placement, "did_not_happen", actor=cast.host, reason="shadow_absent")
    assert (done.status, done.took_place) == (S.NO_SHOW, False)


def test_coordinator_corrects_attendance(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    perform(placement, "happened", actor=cast.host)
    done = perform(placement, "did_not_happen", actor=cast.coordinator, reason="host_absent")
    assert done.status == S.NO_SHOW


@pytest.mark.parametrize("who", ["manager", "deputy", "stranger"])
def test_others_do_not_say_it(cast: Cast, clock: time_machine.Traveller, who: str) -> None:
    placement = one_date(cast)
    during(clock, placement)
    with pytest.raises(PermissionDenied):
        perform(placement, "did_not_happen", actor=cast.people()[who], reason="illness")


# --- forgiven -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coordinator", "dept_coordinator"])
def test_forgiven_visit_is_mailed_to_shadow(cast: Cast, clock: time_machine.Traveller, who: str) -> None:
    placement = missed(cast, clock)
    assert used(cast) == 1
    done = perform(placement, "forgive", actor=cast.people()[who], words="The trains stood still.")
    assert (done.status, used(cast)) == (S.NO_SHOW, 0)
    (told,) = mails("missed_visit_forgiven_to_shadow")
    assert told.recipient == cast.shadow
    assert "The trains stood still." in told.text
    with pytest.raises(TransitionError, match="does not count"):
        perform(placement, "forgive", actor=cast.coordinator)


@pytest.mark.parametrize("who", ["shadow", "host", "manager", "stranger"])
def test_nobody_else_forgives(cast: Cast, clock: time_machine.Traveller, who: str) -> None:
    placement = missed(cast, clock)
    with pytest.raises(PermissionDenied):
        perform(placement, "forgive", actor=cast.people()[who])


def test_coordinator_does_not_forgive_themselves(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = missed(cast, clock)
    cast.scheme.coordinators.add(cast.shadow)
    with pytest.raises(PermissionDenied):
        perform(placement, "forgive", actor=cast.shadow)


# --- called off late ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "who", "reason", "rule", "counted"),
    [
        (3, "shadow", "workload", True, 1),
        (3, "shadow", "workload", False, 0),
        (3, "shadow", "illness", True, 0),
        (3, "host", "workload", True, 0),
        (20, "shadow", "workload", True, 0),
    ],
)
def test_late_cancellation_counts_for_the_shadow_unless_ill(
    cast: Cast, days: int, who: str, reason: str, rule: bool, counted: int
) -> None:
    cast.scheme.missed_counts = rule
    cast.scheme.save()
    placement = one_date(cast, days)
    perform(placement, "cancel", actor=cast.people()[who], reason=reason)
    assert (used(cast), fresh(placement).counts) == (counted, bool(counted))
    said = "count against those of this year" in mails("placement_cancelled_to_shadow")[0].text
    assert said is bool(counted)


def test_page_says_beforehand_what_it_costs(cast: Cast) -> None:
    placement = one_date(cast, 3)
    assert "it counts against your half-days" in page_of(cast.shadow, placement)
    assert "it counts against your half-days" not in page_of(cast.host, placement)


def test_visit_that_has_begun_is_not_cancelled(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    during(clock, placement)
    with pytest.raises(TransitionError, match="has begun already"):
        perform(placement, "cancel", actor=cast.shadow, reason="illness")


def test_of_several_dates_those_to_come_are_called_off(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21, 28)
    after(clock, placement, 0)
    run_due()
    forget_mails()
    done = perform(placement, "cancel", actor=cast.host, reason="workload", words="Too much.")
    assert (done.status, done.half_days, done.cancelled_by) == (S.TO_REFLECT, 1, None)
    assert [visit.stands for visit in done.visits.all()] == [True, False, False]
    assert used(cast) == 1
    assert Session.objects.get(pk=done.request.session_id).taken == 1  # the place was used
    told = {message.template for message in Message.objects.exclude(template="digest_to_person")}
    assert told == {
        *("rest_called_off_to_shadow", "rest_called_off_to_host", "rest_called_off_to_manager"),
        "visit_called_off_to_attendee",
    }
    gone = Message.objects.filter(template="visit_called_off_to_attendee", recipient=cast.shadow)
    assert {message.calendar_method for message in gone} == {"CANCEL"}
    assert gone.count() == 2


def test_of_several_dates_the_one_going_on_stays(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21)
    during(clock, placement, 0)
    done = perform(placement, "cancel", actor=cast.shadow, reason="workload")
    assert done.status == S.TAKING_PLACE
    go_on = placement.visits.order_by("starts_at")[0].ends_at + dt.timedelta(minutes=1)
    clock.move_to(go_on, tick=False)
    run_due()
    assert fresh(placement).status == S.TO_REFLECT
