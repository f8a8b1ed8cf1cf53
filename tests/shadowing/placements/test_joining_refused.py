"""Not everybody changes who hosts a visit, nor to what cannot be: a refusal says why, nothing changes."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import Consent, Part
from shadowing.models import Participation, Placement
from shadowing.rules.participants import hosts_of_visit
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.joining import join
from tests.shadowing.visits import during, fresh, several_dates

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def placement(cast: Cast) -> Placement:
    return several_dates(cast, 20)


@pytest.fixture
def joiner(cast: Cast) -> Person:
    return member(cast.it, first_name="Jo", last_name="Joiner")


def part(placement: Placement, person: Person) -> Participation:
    return Participation.objects.active().get(placement=placement, person=person)


def left(person: Person) -> None:
    person.is_active = False
    person.save()


def test_host_is_not_taken_off_and_colleague_is_host_only_once(cast: Cast, placement: Placement) -> None:
    row = part(placement, cast.host)
    with pytest.raises(TransitionError, match="Hana Host is the host. Choose another host first"):
        perform(placement, "leave", actor=cast.coordinator, part=row.pk)
    with pytest.raises(TransitionError, match="Hana Host takes part in this visit already"):
        perform(placement, "name_host", actor=cast.coordinator, part=row.pk)
    assert hosts_of_visit(fresh(placement)) == [cast.host]


@pytest.mark.parametrize("action", ["leave", "name_host", "let_read", "keep_from"])
def test_nobody_who_has_left_the_visit_is_spoken_of_again(
    cast: Cast, placement: Placement, joiner: Person, action: str
) -> None:
    row = join(placement, joiner, cast.host)
    perform(placement, "leave", actor=cast.host, part=row.pk)
    actor = cast.shadow if action in {"let_read", "keep_from"} else cast.host
    with pytest.raises(TransitionError, match="This person no longer takes part"):
        perform(placement, action, actor=actor, part=row.pk)


def test_visitor_is_not_taken_off_as_a_host(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="This person no longer takes part"):
        perform(placement, "leave", actor=cast.host, part=part(placement, cast.shadow).pk)


def test_colleague_who_no_longer_works_here_does_not_join_or_receive(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    row = join(placement, joiner, cast.host)
    left(joiner)
    left(cast.stranger)
    with pytest.raises(TransitionError, match="Jo Joiner no longer works here"):
        perform(placement, "name_host", actor=cast.host, part=row.pk)
    with pytest.raises(TransitionError, match="Stan Stranger no longer works here"):
        perform(placement, "join", actor=cast.host, person=cast.stranger)
    assert fresh(placement).host == cast.host


def test_nobody_joins_once_the_last_date_has_begun(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    during(clock, placement)
    with pytest.raises(TransitionError, match="No date of this visit is to come"):
        perform(placement, "join", actor=cast.host, person=joiner)
    assert not Message.objects.filter(recipient=joiner).exists()


def test_co_host_takes_themselves_off_and_nobody_else(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    other = member(cast.it, first_name="Oz", last_name="Other")
    take_on(placement.request.offer, joiner, other)
    for action in ("leave", "name_host"):
        with pytest.raises(PermissionDenied):
            perform(placement, action, actor=joiner, part=part(placement, other).pk)
    with pytest.raises(PermissionDenied):
        perform(placement, "name_host", actor=joiner, part=part(placement, joiner).pk)
    perform(placement, "leave", actor=joiner, part=part(placement, joiner).pk)
    assert set(hosts_of_visit(fresh(placement))) == {cast.host, other}


def test_answer_about_somebody_bound_at_the_agreement_changes_nothing(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    take_on(placement.request.offer, joiner)
    perform(placement, "keep_from", actor=cast.shadow, part=part(placement, joiner).pk)
    row = part(placement, joiner)
    assert (row.part, row.consent, row.consent_at) == (Part.CO_HOST, Consent.NOT_NEEDED, None)


def test_yes_given_twice_opens_nothing_earlier_or_later(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    perform(placement, "let_read", actor=cast.shadow, part=row.pk)
    first = part(placement, joiner).consent_at
    clock.shift(dt.timedelta(hours=1))
    perform(placement, "let_read", actor=cast.shadow, part=row.pk)
    assert part(placement, joiner).consent_at == first
