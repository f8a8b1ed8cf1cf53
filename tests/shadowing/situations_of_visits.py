"""Situations of agreed visits in which mails are owed, and which mails each of them owes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from django.utils import timezone

from accounts.workflow import perform
from coordination.workflow.placing import PlacingInput, place
from schedule.due import run_due
from shadowing.models import Placement
from shadowing.placements.workflow.hosting import follow_hosts
from tests.cast import Cast
from tests.factories import take_on
from tests.shadowing.visits import hours, one_date, several_dates

Situation = Callable[[Cast], object]
AGREED = (
    "placement_agreed_to_host placement_agreed_to_host_manager placement_agreed_to_manager "
    "placement_agreed_to_shadow request_approved_to_host request_approved_to_shadow "
    "request_submitted_to_manager request_submitted_to_shadow "
)


@contextmanager
def half_an_hour_into(placement: Placement, number: int = 0) -> Iterator[None]:
    """One of the dates has begun."""
    begins = list(placement.visits.all())[number].starts_at
    with time_machine.travel(begins + dt.timedelta(minutes=30), tick=False):
        yield


def is_near(cast: Cast) -> None:
    cast.offer.know_before, cast.offer.will_not_attend = "Flat shoes.", "Staff talks."
    cast.offer.save()
    placement = one_date(cast, want_to_see="The board.")
    perform(placement, "rearrange", actor=cast.host, place="", contact="Hana", agenda="Tea", bring="A pen")
    perform(placement, "propose_move", actor=cast.shadow, visits=[hours(20)], reason="workload")
    with time_machine.travel(placement.visits.get().starts_at - dt.timedelta(days=1), tick=False):
        run_due()


def was_missed(cast: Cast) -> None:
    placement = one_date(cast)
    with half_an_hour_into(placement):
        perform(placement, "did_not_happen", actor=cast.shadow, reason="shadow_absent", words="I was lost.")
        perform(placement, "forgive", actor=cast.coordinator, words="No harm done.")


def one_of_two_was_missed(cast: Cast) -> None:
    placement = several_dates(cast, 14, 21)
    with half_an_hour_into(placement):
        perform(placement, "did_not_happen", actor=cast.host, reason="illness")


def the_rest_is_called_off(cast: Cast) -> None:
    placement = several_dates(cast, 14, 21)
    with half_an_hour_into(placement):
        perform(placement, "cancel", actor=cast.shadow, reason="workload", words="Exam boards.")


def is_moved(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    perform(placement, "propose_move", actor=cast.host, visits=[hours(20)], reason="illness", words="A cold.")
    perform(placement, "accept_move", actor=cast.shadow)


def is_moved_outside_the_window(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    perform(placement, "propose_move", actor=cast.shadow, visits=[hours(70)], reason="workload")
    perform(placement, "accept_move", actor=cast.host)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        run_due()
    perform(placement, "disallow_move", actor=cast.deputy, words="Enrolment.")


def other_dates_are_taken_back(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    perform(placement, "propose_move", actor=cast.shadow, visits=[hours(70)], reason="workload")
    perform(placement, "accept_move", actor=cast.host)
    perform(placement, "take_back_move", actor=cast.shadow)
    perform(placement, "propose_move", actor=cast.host, visits=[hours(20)], reason="workload")
    perform(placement, "take_back_move", actor=cast.host)


def host_leaves(cast: Cast) -> None:
    one_date(cast)
    cast.host.is_active = False
    cast.host.save()
    run_due()
    take_on(cast.offer, cast.stranger)
    follow_hosts([cast.host.pk])


def somebody_joins_and_is_taken_off(cast: Cast) -> None:
    placement = one_date(cast)
    perform(placement, "join", actor=cast.coordinator, person=cast.stranger)
    row = placement.participations.get(person=cast.stranger)
    perform(placement, "leave", actor=cast.host, part=row.pk)


def coordinator_acts_for_others(cast: Cast) -> None:
    """For the line manager on the request, for the host in the visit."""
    phoned: dict[str, Any] = {"actor": cast.coordinator, "learned": "phone"}
    request = cast.submitted()
    perform(request, "approve", on_behalf_of=cast.manager, words="Enjoy it.", **phoned)
    placement = perform(request, "agree", actor=cast.host).placement
    perform(placement, "cancel", on_behalf_of=cast.host, reason="illness", **phoned)


def coordinator_places_somebody(cast: Cast) -> None:
    """Who visits learns of it; manager and host read who entered it."""
    wanted = PlacingInput(
        form_id=uuid.uuid4(), person=cast.shadow, session=cast.session, objective="See the desk."
    )
    perform(place(wanted, by=cast.coordinator), "approve", actor=cast.manager)


VISIT_SITUATIONS: dict[Situation, str] = {
    coordinator_places_somebody: (
        "placed_by_hand_to_shadow request_approved_to_host request_approved_to_shadow "
        "request_submitted_to_manager"
    ),
    coordinator_acts_for_others: AGREED
    + (
        "acted_on_behalf_to_person placement_cancelled_to_host placement_cancelled_to_manager "
        "placement_cancelled_to_shadow"
    ),
    somebody_joins_and_is_taken_off: AGREED
    + "hosts_changed_to_host hosts_changed_to_shadow hosting_ended_to_host",
    host_leaves: AGREED
    + ("host_left_to_coordinator host_left_to_shadow visit_handed_over_to_host visit_handed_over_to_shadow"),
    is_near: AGREED
    + (
        "day_before_to_host day_before_to_shadow move_suggested_to_host "
        "placement_changed_to_host placement_changed_to_shadow"
    ),
    was_missed: AGREED + "missed_visit_forgiven_to_shadow visit_missed_to_host visit_missed_to_shadow",
    one_of_two_was_missed: AGREED + "visit_missed_to_shadow visit_set_to_attendee",
    the_rest_is_called_off: AGREED
    + (
        "rest_called_off_to_host rest_called_off_to_manager rest_called_off_to_shadow "
        "visit_called_off_to_attendee visit_set_to_attendee"
    ),
    is_moved: AGREED
    + "move_suggested_to_shadow visit_moved_to_host visit_moved_to_manager visit_moved_to_shadow",
    is_moved_outside_the_window: AGREED
    + "move_refused_to_host move_refused_to_shadow move_suggested_to_host move_to_allow_to_manager",
    other_dates_are_taken_back: AGREED
    + (
        "move_suggested_to_host move_suggested_to_shadow move_taken_back_to_host move_taken_back_to_manager "
        "move_taken_back_to_shadow move_to_allow_to_manager"
    ),
}
