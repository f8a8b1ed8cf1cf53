"""The database gives nobody's time twice: as a visitor, as a host, or as one of each."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts.constraints import constraint_sentence
from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from schedule.due import run_due
from shadowing.enums import WaitingKind
from shadowing.models import Placement, Visit
from tests.cast import Cast, member
from tests.factories import OfferFactory, SessionFactory, at, take_on
from tests.shadowing.clock import mails
from tests.shadowing.visits import fresh, go_to, one_date, several_dates

pytestmark = pytest.mark.usefixtures("clock")

RULE = "visit_nobody_hosts_in_two_places"
MIGRATION = import_module("shadowing.migrations.0022_nobody_hosts_in_two_places")
FILLING = import_module("shadowing.migrations.0021_fill_host_of_each_visit")


def booked(cast: Cast, visitor: Person, host: Person, days: int = 20, hour: int = 10) -> Placement:
    """A visit of three hours, to an offer of its own."""
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=host)
    session = SessionFactory.create(offer=offer, starts_at=at(days, hour), ends_at=at(days, hour + 3))
    request = perform(cast.draft(shadow=visitor, session=session), "submit", actor=visitor)
    request = perform(request, "approve", actor=cast.manager)
    return Placement.objects.get(pk=perform(request, "agree", actor=host).placement.pk)


def move_to(placement: Placement, other: Placement) -> None:
    """Past every rule of the product: at the hour of ``other``."""
    times = other.visits.values("starts_at", "ends_at").get()
    placement.visits.update(**times)


@pytest.fixture
def visitors(cast: Cast) -> list[Person]:
    return [member(cast.library, line_manager=cast.manager) for _ in range(2)]


def test_host_of_two_sessions_at_one_time_is_refused(cast: Cast, visitors: list[Person]) -> None:
    first = booked(cast, visitors[0], cast.host)
    second = booked(cast, visitors[1], cast.host, days=21)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        move_to(second, first)
    assert constraint_sentence(refused.value) == (
        "Somebody in this visit is in another agreed visit at that time."
    )


def test_host_who_visits_somebody_at_that_time_is_refused(cast: Cast, visitors: list[Person]) -> None:
    host = member(cast.library, line_manager=cast.manager)
    first = booked(cast, host, cast.stranger)
    second = booked(cast, visitors[0], host, days=21)
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        move_to(second, first)


def test_several_visitors_share_the_session_of_one_host(cast: Cast, visitors: list[Person]) -> None:
    session = SessionFactory.create(offer=cast.offer, starts_at=at(20, 10), ends_at=at(20, 13), places=2)
    for visitor in visitors:
        request = perform(cast.draft(shadow=visitor, session=session), "submit", actor=visitor)
        perform(perform(request, "approve", actor=cast.manager), "agree", actor=cast.host)
    assert Visit.objects.filter(session=session, host=cast.host, stands=True).count() == 2


def test_cancelled_date_blocks_no_other_visit(cast: Cast, visitors: list[Person]) -> None:
    first = booked(cast, visitors[0], cast.host)
    perform(first, "cancel", actor=cast.host, reason="workload")
    assert booked(cast, visitors[1], cast.host).visits.filter(stands=True).exists()


def test_release_before_writes_dates_the_rule_knows(cast: Cast, visitors: list[Person]) -> None:
    """It knows neither column: the database fills in both."""
    placement = booked(cast, visitors[0], cast.host)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shadowing_visit (placement_id, shadow_id, starts_at, ends_at, stands) "
            "VALUES (%s, %s, %s, %s, TRUE)",
            [placement.pk, placement.shadow_id, at(30, 10), at(30, 12)],
        )
    visit = placement.visits.get(starts_at=at(30, 10))
    assert (visit.host_id, visit.session_id) == (cast.host.pk, placement.request.session_id)


def test_dates_that_are_over_keep_the_host_who_was_there(cast: Cast, clock: object) -> None:
    placement, co_host = several_dates(cast, 14, 16), member(cast.it)
    take_on(placement.request.offer, co_host)
    first, _ = placement.visits.all()
    go_to(clock, first.ends_at + dt.timedelta(hours=1))  # type: ignore[arg-type]  # the fixture's traveller
    run_due()
    Person.objects.filter(pk=cast.host.pk).update(is_active=False)
    run_due()
    assert fresh(placement).host == co_host
    assert [visit.host for visit in placement.visits.all()] == [cast.host, co_host]


# --- what overlaps since before the rule -------------------------------------------------------------------


@pytest.fixture
def overlapping(cast: Cast, visitors: list[Person]) -> tuple[Placement, Placement]:
    """Two visits of one host at one time, made before the rule and marked when it came."""
    first = booked(cast, visitors[0], cast.host)
    second = booked(cast, visitors[1], cast.host, days=21)
    (rule,) = (each for each in Visit._meta.constraints if each.name == RULE)
    connection.check_constraints()
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_constraint(Visit, rule)
        move_to(second, first)
        MIGRATION.mark(apps, editor)
        connection.check_constraints()
        editor.add_constraint(Visit, rule)
    return first, second


def test_later_of_two_is_marked_and_the_rule_holds_for_the_rest(
    cast: Cast, overlapping: tuple[Placement, Placement]
) -> None:
    first, second = overlapping
    assert not first.visits.get().overlap_known
    assert second.visits.get().overlap_known
    third = booked(cast, member(cast.library, line_manager=cast.manager), cast.host, days=24)
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        move_to(third, first)


def test_coordinators_are_asked_about_what_overlaps_until_it_does_not(
    overlapping: tuple[Placement, Placement],
) -> None:
    first, second = overlapping
    run_due()
    open_items = WaitingItem.objects.open().filter(kind=WaitingKind.FIND_HOST)
    assert [item.subject_id for item in open_items] == [second.pk]
    (mail,) = mails("host_left_to_coordinator")
    assert "at the same time as another visit" in mail.text
    assert not mails("host_left_to_shadow")
    perform(first, "cancel", actor=first.host, reason="workload")
    run_due()
    assert not open_items.all().exists()
    assert not second.visits.get().overlap_known


def test_date_that_is_moved_is_under_the_rule_again(overlapping: tuple[Placement, Placement]) -> None:
    _, second = overlapping
    second.visits.update(starts_at=at(26, 10), ends_at=at(26, 12))
    assert not second.visits.get().overlap_known


@pytest.mark.django_db(transaction=True)
def test_dates_without_host_and_session_are_filled_in(cast: Cast) -> None:
    placement = one_date(cast)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shadowing_visit DISABLE TRIGGER USER")
        cursor.execute("UPDATE shadowing_visit SET host_id = NULL, session_id = NULL")
        cursor.execute("ALTER TABLE shadowing_visit ENABLE TRIGGER USER")
    FILLING.fill(apps, connection.schema_editor())
    visit = placement.visits.get()
    assert (visit.host_id, visit.session_id) == (cast.host.pk, placement.request.session_id)
