"""The progress strip: where a request is, since when, and what the deadlines will do next."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person, WaitingItem
from accounts.waiting import advance
from accounts.workflow import perform
from shadowing.enums import HostManagerPart, PlacementStatus, RequestStatus
from shadowing.models import ClosureDay, Request
from shadowing.rules.progress import STATUS_SENTENCES, crossing_of, open_items, request_progress
from tests.cast import Cast

# Tuesday 3 March 2026, ten o'clock in England.
TUESDAY = dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)


def stations(request: Request) -> list[tuple[str, str]]:
    return [(step.label, step.state) for step in request_progress(request, None).steps]


@time_machine.travel(TUESDAY, tick=False)
def test_strip_of_a_sent_request_names_person_and_days(cast: Cast) -> None:
    request = cast.submitted()
    strip = request_progress(request, WaitingItem.objects.open().get())
    assert strip.sentence == "With Mary Manager for the line manager’s decision since Tue 3 March."
    assert strip.next_sentence == (
        "A reminder goes on Fri 6 March; on Tue 17 March the coordinator is asked to help; "
        "without an answer it lapses on Tue 31 March."
    )


@time_machine.travel(TUESDAY, tick=False)
def test_strip_shows_the_next_step_after_a_reminder(cast: Cast) -> None:
    cast.submitted()
    item = WaitingItem.objects.open().get()
    advance(item)
    request = Request.objects.get()
    assert request_progress(request, item).next_sentence.startswith("A reminder goes on Wed 11 March")


@time_machine.travel(dt.datetime(2026, 4, 1, 10, tzinfo=dt.UTC), tick=False)
def test_deadline_skips_easter(cast: Cast) -> None:
    """Good Friday (3 April) and Easter Monday (6 April 2026) are no working days in England."""
    cast.submitted()
    item = WaitingItem.objects.open().get()
    assert item.next_on == dt.date(2026, 4, 8)


@time_machine.travel(dt.datetime(2025, 12, 22, 10, tzinfo=dt.UTC), tick=False)
def test_deadline_skips_christmas_and_closure_days(cast: Cast) -> None:
    """23, 24 and 30 December count; 25 and 26 are bank holidays, 29 is a closure day of our own."""
    ClosureDay.objects.create(day=dt.date(2025, 12, 29), name="Closed between the years")
    cast.submitted()
    assert WaitingItem.objects.open().get().next_on == dt.date(2025, 12, 30)


@time_machine.travel(TUESDAY, tick=False)
def test_deadline_skips_a_part_time_managers_days_off(cast: Cast) -> None:
    cast.manager.working_days = [1, 2]
    cast.manager.save()
    cast.submitted()
    assert WaitingItem.objects.open().get().next_on == dt.date(2026, 3, 16)


def test_steps_done_are_ticked_and_the_present_one_is_named(cast: Cast) -> None:
    assert stations(cast.submitted()) == [
        ("Asked for", "done"),
        ("Line manager", "now"),
        ("Host", "next"),
        ("Agreed", "next"),
    ]


def test_agreed_request_has_every_step_done(cast: Cast) -> None:
    assert {state for _, state in stations(cast.agreed())} == {"done"}


def test_hosts_manager_is_a_step_only_where_they_must_agree(cast: Cast) -> None:
    request = cast.submitted()
    assert "Host’s manager" not in dict(stations(request))
    request.offer.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    assert "Host’s manager" in dict(stations(request))


def test_ended_request_says_how_it_ended(cast: Cast) -> None:
    request = perform(cast.submitted(), "withdraw", actor=cast.shadow)
    assert stations(request) == [("Asked for", "done"), ("Withdrawn", "now")]
    assert request_progress(request, None).next_sentence == ""


def test_closed_request_shows_the_outcome_of_its_visit(cast: Cast) -> None:
    request = cast.agreed()
    assert crossing_of(request) == request.placement.crossing == "agreed"
    request.status = RequestStatus.CLOSED
    for status, words, drawn in (
        (PlacementStatus.COMPLETE, "took place", "kept"),
        (PlacementStatus.CANCELLED, "was cancelled", "ended"),
        (PlacementStatus.NO_SHOW, "did not take place", "ended"),
    ):
        request.placement.status = status
        assert f"The visit {words}." in request_progress(request, None).sentence
        assert crossing_of(request) == drawn


@pytest.mark.parametrize("state", list(RequestStatus))
def test_every_status_has_a_sentence(cast: Cast, state: RequestStatus) -> None:
    request = cast.submitted()
    request.status = state
    strip = request_progress(request, None)
    assert strip.sentence.endswith(".")
    assert strip.steps
    assert state in STATUS_SENTENCES


def test_open_items_of_a_list_cost_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.submitted()
    requests = list(Request.objects.all())
    with django_assert_num_queries(1):
        items = open_items(requests)
        assert items[requests[0].pk].owner.full_name == "Mary Manager"


def test_strip_names_the_deputy_who_may_decide_at_the_moment(cast: Cast) -> None:
    request = cast.submitted()
    item = open_items([request])[request.pk]
    assert request_progress(request, item).sentence.endswith(" Dev Deputy may decide for them at the moment.")


@pytest.mark.parametrize("ended", ["over", "left", "the shadow"])
def test_strip_names_no_deputy_who_may_not_decide(cast: Cast, ended: str) -> None:
    request = cast.submitted()
    if ended == "over":
        cast.manager.delegations.update(starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 1, 2))
    elif ended == "left":
        Person.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    else:
        cast.manager.delegations.update(deputy=cast.shadow)
    assert "may decide" not in request_progress(request, open_items([request])[request.pk]).sentence
