"""Who is taken off a visit, who hosts it now, and what its page costs."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from shadowing.models import Placement
from shadowing.placements.encryption import needs_for
from shadowing.rules.participants import hosts_of_visit
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.clock import mails
from tests.shadowing.joining import CANARY, join, visit_full_of_words
from tests.shadowing.requesting import get, page_of
from tests.shadowing.visits import fresh

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def placement(cast: Cast) -> Placement:
    return visit_full_of_words(cast)


@pytest.fixture
def joiner(cast: Cast) -> Person:
    return member(cast.it, first_name="Jo", last_name="Joiner")


def test_who_is_taken_off_sees_nothing_any_more(cast: Cast, placement: Placement) -> None:
    colleague = member(cast.it)
    take_on(placement.request.offer, colleague)
    row = placement.participations.get(person=colleague)
    assert needs_for(colleague, fresh(placement)) is not None
    perform(placement, "leave", actor=cast.host, part=row.pk)
    assert get(colleague, placement.get_absolute_url()).status_code == 404
    assert needs_for(colleague, fresh(placement)) is None
    (told,) = mails("hosting_ended_to_host", colleague)
    assert "Hana Host has taken you off" in told.text
    assert CANARY not in told.text + told.html
    row.refresh_from_db()
    assert row.removed_by == cast.host


def test_co_host_takes_off_themselves_and_nobody_else(cast: Cast, placement: Placement) -> None:
    one, two = member(cast.it), member(cast.it)
    take_on(placement.request.offer, one, two)
    rows = {row.person: row.pk for row in placement.participations.all()}
    with pytest.raises(PermissionDenied):
        perform(placement, "leave", actor=one, part=rows[two])
    with pytest.raises(TransitionError, match="is the host"):
        perform(placement, "leave", actor=cast.host, part=rows[cast.host])
    perform(placement, "leave", actor=one, part=rows[one])
    assert hosts_of_visit(placement) == [cast.host, two]


def test_another_host_is_named_and_the_one_before_hosts_beside_them(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    row = join(placement, joiner, cast.host)
    perform(placement, "name_host", actor=cast.coordinator, part=row.pk)
    assert fresh(placement).host == joiner
    assert hosts_of_visit(placement) == [joiner, cast.host]
    (told,) = mails("visit_handed_over_to_shadow", cast.shadow)
    assert "Jo Joiner receives you in IT Services instead of Hana Host." in told.text
    assert needs_for(joiner, fresh(placement)) is None
    assert needs_for(cast.host, fresh(placement)) is not None


def test_host_who_had_left_and_returns_is_on_no_visit_taken_over(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    Person.objects.filter(pk=cast.host.pk).update(is_active=False)
    join(placement, joiner, cast.coordinator)
    Person.objects.filter(pk=cast.host.pk).update(is_active=True)
    cast.host.refresh_from_db()
    assert hosts_of_visit(fresh(placement)) == [joiner]
    assert get(cast.host, placement.get_absolute_url()).status_code == 404
    assert needs_for(cast.host, fresh(placement)) is None


@pytest.mark.parametrize("who", ["shadow", "host", "coordinator"])
def test_page_costs_the_same_with_many_who_joined(cast: Cast, placement: Placement, who: str) -> None:
    join(placement, member(cast.it), cast.host)
    page_of(cast.people()[who], placement)
    with CaptureQueriesContext(connection) as few:
        page_of(cast.people()[who], placement)
    for _ in range(4):
        join(placement, member(cast.it), cast.host)
    with CaptureQueriesContext(connection) as many:
        page_of(cast.people()[who], placement)
    assert len(many) == len(few)
