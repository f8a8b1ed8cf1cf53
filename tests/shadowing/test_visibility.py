"""Test who sees which request and placement, state by state."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.workflow import perform
from shadowing.models import Placement, Request
from tests.cast import Cast, member
from tests.factories import DelegationFactory, take_on

EARLY = {"shadow", "manager", "deputy", "coordinator", "dept_coordinator"}
WITH_HOST = EARLY | {"host"}


def seers(cast: Cast) -> set[str]:
    """The parts that see the one request there is."""
    return {name for name, person in cast.people().items() if Request.objects.visible_to(person).exists()}


def test_scheme_with_two_coordinators_shows_a_request_once(cast: Cast) -> None:
    request = cast.agreed()
    cast.scheme.coordinators.add(cast.stranger)
    for person in (cast.shadow, cast.coordinator, cast.stranger):
        assert Request.objects.visible_to(person).count() == 1
        assert Placement.objects.visible_to(person).get() == request.placement


def test_draft_is_seen_by_the_shadow_alone(cast: Cast) -> None:
    cast.draft()
    assert seers(cast) == {"shadow"}


def test_host_sees_nothing_before_the_manager_has_agreed(cast: Cast) -> None:
    cast.submitted()
    assert seers(cast) == EARLY


def test_host_sees_it_once_the_manager_has_agreed(cast: Cast) -> None:
    cast.approved()
    assert seers(cast) == WITH_HOST


@pytest.mark.parametrize("action", ["send_back", "decline"])
def test_host_never_learns_of_what_the_manager_turned_away(cast: Cast, action: str) -> None:
    perform(cast.submitted(), action, actor=cast.manager, reason="cover", words="Not in March.")
    assert "host" not in seers(cast)


def test_host_still_sees_what_was_withdrawn_after_reaching_them(cast: Cast) -> None:
    perform(cast.approved(), "withdraw", actor=cast.shadow)
    assert "host" in seers(cast)


def test_co_host_sees_what_the_host_sees(cast: Cast) -> None:
    take_on(cast.offer, cast.stranger)
    request = cast.submitted()
    assert not Request.objects.visible_to(cast.stranger).exists()
    perform(request, "approve", actor=cast.manager)
    assert Request.objects.visible_to(cast.stranger).exists()


def test_deputy_sees_it_only_on_the_days_of_the_delegation(cast: Cast) -> None:
    cast.submitted()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    cast.manager.delegations.update(starts_on=yesterday, ends_on=yesterday)
    assert "deputy" not in seers(cast)


def test_new_line_manager_sees_what_their_report_asked_for_before(cast: Cast) -> None:
    cast.agreed()
    cast.shadow.line_manager = cast.stranger
    cast.shadow.save()
    assert Request.objects.visible_to(cast.stranger).exists()
    assert Placement.objects.visible_to(cast.stranger).exists()
    DelegationFactory.create(manager=cast.stranger, deputy=cast.host_manager)
    assert Request.objects.visible_to(cast.host_manager).exists()


def test_line_manager_sees_no_draft(cast: Cast) -> None:
    cast.draft()
    assert not Request.objects.visible_to(cast.manager).exists()


def test_deputy_of_another_manager_sees_nothing(cast: Cast) -> None:
    cast.submitted()
    DelegationFactory.create(manager=cast.host_manager, deputy=cast.stranger)
    assert "stranger" not in seers(cast)


def test_coordinator_of_the_hosts_branch_sees_it_too(cast: Cast) -> None:
    cast.submitted()
    cast.it.coordinators.create(person=cast.stranger)
    assert "stranger" in seers(cast)


def test_coordinator_of_the_branch_above_sees_it(cast: Cast) -> None:
    cast.submitted()
    assert cast.library.parent is not None
    cast.library.parent.coordinators.create(person=cast.stranger)
    assert "stranger" in seers(cast)


def test_coordinator_of_a_third_branch_sees_nothing(cast: Cast) -> None:
    cast.submitted()
    cast.estates.coordinators.create(person=cast.stranger)
    assert "stranger" not in seers(cast)


def test_placement_is_seen_by_both_sides_and_coordinators(cast: Cast) -> None:
    cast.agreed()
    see = {name for name, person in cast.people().items() if Placement.objects.visible_to(person).exists()}
    assert see == WITH_HOST


def test_shadow_without_a_part_in_it_sees_nothing(cast: Cast) -> None:
    cast.agreed()
    newcomer = member(cast.library, line_manager=cast.manager)
    assert not Request.objects.visible_to(newcomer).exists()
    assert not Placement.objects.visible_to(newcomer).exists()
