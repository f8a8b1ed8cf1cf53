"""A host leaves before the visit: a co-host receives it, or the coordinators are asked to help, once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError, perform
from departments.models import Coordinator
from schedule.due import run_due
from shadowing.enums import WaitingKind
from shadowing.models import Placement, Session
from tests.cast import Cast, member
from tests.factories import OfferFactory, SessionFactory, at, take_on
from tests.shadowing.clock import mails
from tests.shadowing.visits import during, fresh, one_date

pytestmark = pytest.mark.usefixtures("clock")


def leave(cast: Cast) -> None:
    """The host does not work here any more."""
    cast.host.is_active = False
    cast.host.save()


def test_co_host_receives_the_visit_and_calendars_follow(cast: Cast) -> None:
    placement, co_host = one_date(cast), member(cast.it, first_name="Colin")
    take_on(cast.offer, co_host)
    leave(cast)
    run_due()
    run_due()
    assert (fresh(placement).host, fresh(placement).sequence) == (co_host, 1)
    (told,) = mails("visit_handed_over_to_shadow")
    assert "Colin" in str(Calendar.from_ical(told.calendar).walk("VEVENT")[0]["SUMMARY"])
    assert {mail.recipient for mail in mails("visit_handed_over_to_host")} == {co_host}
    assert not mails("host_left_to_shadow")
    assert HistoryEntry.objects.about(placement).get().reason.startswith("Hana Host has left;")


def test_without_a_co_host_the_coordinator_is_asked_once(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = one_date(cast)
    leave(cast)
    for minutes in range(4):
        clock.move_to(timezone.now() + dt.timedelta(minutes=minutes), tick=False)
        run_due()
    assert fresh(placement).host == cast.host
    assert {mail.recipient for mail in mails("host_left_to_coordinator")} == {cast.coordinator}
    assert len(mails("host_left_to_shadow", cast.shadow)) == 1


def test_co_host_named_later_receives_the_visit(cast: Cast) -> None:
    placement, co_host = one_date(cast), member(cast.it)
    leave(cast)
    run_due()
    perform(placement, "join", actor=cast.coordinator, person=co_host)
    assert fresh(placement).host == co_host
    (told,) = mails("visit_handed_over_to_shadow")
    assert "whether they may read what you write" in told.text
    assert placement.participations.get(person=cast.host).left_at is not None


def test_visit_that_has_begun_keeps_its_host(cast: Cast, clock: time_machine.Traveller) -> None:
    placement, co_host = one_date(cast), member(cast.it)
    take_on(cast.offer, co_host)
    during(clock, placement)
    leave(cast)
    run_due()
    assert fresh(placement).host == cast.host


def test_only_the_schedule_changes_the_host(cast: Cast) -> None:
    placement = one_date(cast)
    with pytest.raises(PermissionDenied):
        perform(placement, "change_host", actor=cast.coordinator)
    with pytest.raises(TransitionError, match="still there"):
        perform(placement, "change_host", actor=None)


def elsewhere(cast: Cast, person: Person, days: int = 9) -> Placement:
    """``person`` receives somebody else at the hours of ``one_date``."""
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=person)
    session = SessionFactory.create(offer=offer, starts_at=at(days, 11))
    return booked(cast, member(cast.library, line_manager=cast.manager), session)


def booked(cast: Cast, visitor: Person, session: Session) -> Placement:
    """A visit of ``visitor`` is agreed for that session."""
    request = perform(cast.draft(shadow=visitor, session=session), "submit", actor=visitor)
    request = perform(request, "approve", actor=cast.manager)
    return Placement.objects.get(pk=perform(request, "agree", actor=session.offer.host).placement.pk)


def asked_to_find(placement: Placement) -> set[Person]:
    """Whom the search for a host waits for."""
    items = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.FIND_HOST)
    return {item.owner for item in items.select_related("owner")}


def test_co_host_who_is_elsewhere_then_is_passed_over(cast: Cast) -> None:
    placement, busy, free = one_date(cast), member(cast.it), member(cast.it)
    take_on(cast.offer, busy, free)
    elsewhere(cast, busy)
    leave(cast)
    run_due()
    assert fresh(placement).host == free


def test_co_host_who_visits_somebody_then_is_passed_over(cast: Cast) -> None:
    placement, busy = one_date(cast), member(cast.it, line_manager=cast.manager)
    take_on(cast.offer, busy)
    other = OfferFactory.create(scheme=cast.scheme, department=cast.estates, host=cast.stranger)
    session = SessionFactory.create(offer=other, starts_at=at(9, 11))
    booked(cast, busy, session)
    leave(cast)
    run_due()
    assert fresh(placement).host == cast.host


def test_where_no_co_host_is_free_the_coordinators_are_asked_until_one_is(cast: Cast) -> None:
    placement, busy = one_date(cast), member(cast.it)
    take_on(cast.offer, busy)
    other = elsewhere(cast, busy)
    leave(cast)
    run_due()
    run_due()
    assert (fresh(placement).host, asked_to_find(placement)) == (cast.host, {cast.coordinator})
    (mail,) = mails("host_left_to_coordinator")
    assert "nobody who hosts with them is free" in mail.text
    perform(other, "cancel", actor=busy, reason="workload")
    run_due()
    assert (fresh(placement).host, asked_to_find(placement)) == (busy, set())


def test_search_ends_when_the_host_is_back(cast: Cast) -> None:
    placement = one_date(cast)
    leave(cast)
    run_due()
    assert asked_to_find(placement) == {cast.coordinator}
    cast.host.is_active = True
    cast.host.save()
    run_due()
    assert not asked_to_find(placement)


def test_search_ends_with_the_visit(cast: Cast) -> None:
    placement = one_date(cast)
    leave(cast)
    run_due()
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    assert not asked_to_find(placement)


def test_search_passes_to_the_coordinator_who_is_named_meanwhile(cast: Cast) -> None:
    placement, nearer = one_date(cast), member(cast.it)
    leave(cast)
    run_due()
    Coordinator.objects.create(department=cast.it, person=nearer)
    run_due()
    assert asked_to_find(placement) == {nearer}


def test_coordinators_are_reminded_while_nobody_is_found(cast: Cast, clock: time_machine.Traveller) -> None:
    one_date(cast, days=28)
    leave(cast)
    run_due()
    clock.move_to(at(7, 9), tick=False)
    run_due()
    assert len(mails("host_left_to_coordinator")) == 2


def test_visit_agreed_after_the_host_has_left_is_received_by_a_co_host(cast: Cast) -> None:
    request, co_host = cast.approved(), member(cast.it, first_name="Colin")
    take_on(cast.offer, co_host)
    leave(cast)
    run_due()
    placement = perform(request, "agree", actor=co_host).placement
    assert placement.host == co_host
    assert "Colin" in placement.contact


def test_co_host_in_place_of_the_host_is_not_booked_twice(cast: Cast) -> None:
    busy = member(cast.it)
    session = SessionFactory.create(offer=cast.offer, starts_at=at(9, 10))
    request = cast.approved(session=session)
    take_on(cast.offer, busy)
    elsewhere(cast, busy)
    leave(cast)
    run_due()
    with pytest.raises(TransitionError, match="already has an agreed visit"):
        perform(request, "agree", actor=busy)


def test_desk_shows_for_which_visit_a_host_is_looked_for(cast: Cast, client: Client) -> None:
    placement = one_date(cast)
    leave(cast)
    run_due()
    client.force_login(cast.coordinator)
    (item,) = WaitingItem.objects.open().filter(kind=WaitingKind.FIND_HOST)
    address = reverse("coordination:desk-item", args=[item.pk])
    assert address in client.get(reverse("coordination:desk"), {"show": "all"}).content.decode()
    page = client.get(address).content.decode()
    assert "instead of Hana Host?" in page
    assert placement.get_absolute_url() in page
    front = client.get("/").content.decode()
    assert "Find who receives" in front
    assert (
        "Nobody is free to receive this visit." in client.get(placement.get_absolute_url()).content.decode()
    )


def test_colleague_who_is_elsewhere_then_is_not_made_host(cast: Cast) -> None:
    busy = member(cast.it)
    cast.offer.co_hosts.add(busy)
    placement = one_date(cast)
    elsewhere(cast, busy)
    row = placement.participations.active().get(person=busy)
    with pytest.raises(TransitionError, match="already has an agreed visit"):
        perform(placement, "name_host", actor=cast.coordinator, part=row.pk)
    assert fresh(placement).host == cast.host
