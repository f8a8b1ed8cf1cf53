"""A host leaves before the visit: a co-host receives it, or the coordinators are asked to help, once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from icalendar import Calendar

from accounts.models import HistoryEntry
from shadowing.models import Offer
from shadowing.workflow import TransitionError, perform
from shadowing.workflow.due import run_due
from shadowing.workflow.sessions import Slot, save_offer
from tests.cast import Cast, member
from tests.shadowing.clock import mails
from tests.shadowing.visits import during, fresh, one_date

pytestmark = pytest.mark.usefixtures("clock")


def leave(cast: Cast) -> None:
    """The host does not work here any more."""
    cast.host.is_active = False
    cast.host.save()


def test_co_host_receives_the_visit_and_calendars_follow(cast: Cast) -> None:
    placement, co_host = one_date(cast), member(cast.it, first_name="Colin")
    cast.offer.co_hosts.add(co_host)
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
    slots = [Slot(s.starts_at, s.ends_at, s.places, pk=s.pk) for s in cast.offer.sessions.all()]
    offer = Offer.objects.get(pk=cast.offer.pk)
    save_offer(offer, slots, co_hosts=[co_host], fields=["title"], actor=cast.coordinator)
    assert fresh(placement).host == co_host


def test_visit_that_has_begun_keeps_its_host(cast: Cast, clock: time_machine.Traveller) -> None:
    placement, co_host = one_date(cast), member(cast.it)
    cast.offer.co_hosts.add(co_host)
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
