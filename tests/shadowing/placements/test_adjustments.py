"""What a visitor needs: sealed at rest, for the host alone until the visit ends, then gone."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import pytest
import time_machine
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.models import AdjustmentNeeds, Placement, Visit
from shadowing.placements.encryption import can_read_needs, needs_for, wipe, wipe_forgotten
from shadowing.placements.workflow.adjustments import keep_needs
from tests.cast import Cast, member
from tests.factories import PersonFactory, at, take_on
from tests.shadowing.requesting import get, page_of, post, text

CANARY = "Hearing-loop-4711 & a seat near the door"
PART = "loop-4711"
READERS = {"shadow", "host", "co_host"}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit in thirty days, of two hosts."""
    take_on(cast.offer, member(cast.it, email="co@example.ac.uk", first_name="Kim", last_name="Co"))
    placement: Placement = cast.agreed().placement
    return placement


@pytest.fixture
def written(cast: Cast, placement: Placement) -> Placement:
    """The same, and the visitor has written something."""
    assert post(cast.shadow, needs_url(placement), needs=f" {CANARY} \n").status_code == 303
    return placement


def needs_url(placement: Placement) -> str:
    """Where the visitor's form is sent."""
    return reverse("shadowing:placement-needs", args=[placement.pk])


def everybody(cast: Cast) -> dict[str, Person]:
    """The cast, the co-host and an administrator."""
    admin = Person.objects.filter(is_superuser=True).first()
    return {
        **cast.people(),
        "co_host": Person.objects.get(email="co@example.ac.uk"),
        "admin": admin or PersonFactory.create(is_staff=True, is_superuser=True),
    }


def tables_with(words: str) -> list[str]:
    """Every table in which a row holds ``words`` in clear, whatever its columns are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" AS t WHERE t::text ILIKE %s LIMIT 1', [f"%{words}%"])  # noqa: S608  # the name of a table of ours
            found += [table] if cursor.fetchone() else []
    return found


# --- who reads it -------------------------------------------------------------------------------------------


def test_visitor_host_and_co_host_read_it_and_nobody_else(cast: Cast, written: Placement) -> None:
    shown = {}
    for who, person in everybody(cast).items():
        shown[who] = PART in text(get(person, written.get_absolute_url()))
    assert {who for who, seen in shown.items() if seen} == READERS
    assert {who for who, person in everybody(cast).items() if can_read_needs(person, written)} == READERS


def test_page_says_who_reads_it_and_until_when(cast: Cast, placement: Placement) -> None:
    page = page_of(cast.shadow, placement)
    assert "Only Hana Host and Kim Co can read this, until the visit ends." in page
    assert "What would help you to take part?" in page
    for who in ("host", "manager", "deputy", "coordinator", "dept_coordinator"):
        assert "to take part" not in page_of(cast.people()[who], placement), who


@pytest.mark.parametrize("who", ["host", "manager", "deputy", "coordinator", "dept_coordinator"])
def test_only_the_visitor_writes_it(cast: Cast, written: Placement, who: str) -> None:
    assert post(cast.people()[who], needs_url(written), needs="Nothing", forget="1").status_code == 403
    kept = needs_for(cast.shadow, written)
    assert kept is not None
    assert kept.words == CANARY
    with pytest.raises(PermissionDenied):
        keep_needs(written, cast.people()[who], "Mine")


@pytest.mark.parametrize("who", ["stranger", "host_manager"])
def test_others_do_not_find_it(cast: Cast, written: Placement, who: str) -> None:
    assert post(cast.people()[who], needs_url(written), needs="x").status_code == 404


def test_opening_the_address_shows_and_changes_nothing(cast: Cast, written: Placement) -> None:
    response = get(cast.shadow, needs_url(written))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert PART not in text(response)


def test_pages_that_show_it_are_not_kept_by_browsers(cast: Cast, written: Placement) -> None:
    assert "no-store" in get(cast.host, written.get_absolute_url())["Cache-Control"]


# --- where it is not ----------------------------------------------------------------------------------------


def test_it_is_in_no_table_in_clear(cast: Cast, written: Placement) -> None:
    perform(written, "rearrange", actor=cast.host, place="Room 9", agenda="Tea")
    for part in (PART, "seat near the door"):
        assert tables_with(part) == []
    assert tables_with("Hana Host")  # the search itself finds what is there
    assert AdjustmentNeeds.objects.get().sealed.startswith("gAAAA")


def test_it_is_in_no_mail_no_calendar_and_no_log(
    cast: Cast, placement: Placement, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mails = Message.objects.count()
    post(cast.shadow, needs_url(placement), needs=CANARY)
    assert Message.objects.count() == mails
    perform(placement, "rearrange", actor=cast.host, place="Room 9")
    perform(placement, "comment", actor=cast.host, words="See you soon.")
    assert not Message.objects.filter(text__contains=PART).exists()
    assert PART not in text(get(cast.host, f"{placement.get_absolute_url()}visit.ics"))
    assert PART not in caplog.text


def test_history_does_not_even_know_that_it_was_written(cast: Cast, placement: Placement) -> None:
    before = HistoryEntry.objects.count(), Placement.objects.get().version
    post(cast.shadow, needs_url(placement), needs=CANARY)
    post(cast.shadow, needs_url(placement), forget="1")
    assert (HistoryEntry.objects.count(), Placement.objects.get().version) == before


def test_administration_has_no_page_of_it(cast: Cast, written: Placement) -> None:
    client = Client()
    client.force_login(everybody(cast)["admin"])
    assert not admin.site.is_registered(AdjustmentNeeds)
    for url in (
        reverse("admin:shadowing_placement_changelist"),
        reverse("admin:shadowing_placement_change", args=[written.pk]),
        reverse("admin:shadowing_placement_history", args=[written.pk]),
    ):
        page = client.get(url, follow=True).content.decode()
        assert PART not in page
        assert AdjustmentNeeds.objects.get().sealed not in page


def test_too_long_needs_are_refused_and_shown_to_visitor_only(cast: Cast, placement: Placement) -> None:
    response = post(cast.shadow, needs_url(placement), needs="n" * 2001)
    assert response.status_code == 422
    assert "Please shorten this to 2000 characters" in text(response)
    assert not AdjustmentNeeds.objects.exists()


# --- changing and deleting it -------------------------------------------------------------------------------


def test_visitor_changes_and_deletes_it_until_the_visit(cast: Cast, written: Placement) -> None:
    post(cast.shadow, needs_url(written), needs="A quiet room")
    page = page_of(cast.host, written)
    assert "A quiet room" in page
    assert PART not in page
    assert AdjustmentNeeds.objects.count() == 1
    response = post(cast.shadow, needs_url(written), needs="A quiet room", forget="1")
    assert response["Location"].endswith("#needs")
    assert not AdjustmentNeeds.objects.exists()
    assert "A quiet room" not in page_of(cast.host, written)


def test_empty_words_delete_it(cast: Cast, written: Placement) -> None:
    assert post(cast.shadow, needs_url(written), needs="  ").status_code == 303
    assert not AdjustmentNeeds.objects.exists()


# --- its end ------------------------------------------------------------------------------------------------


def test_nobody_reads_or_writes_it_once_the_visit_has_ended(cast: Cast, written: Placement) -> None:
    end = written.visits.get().ends_at
    with time_machine.travel(end + dt.timedelta(seconds=1), tick=False):
        for who in READERS:
            assert PART not in text(get(everybody(cast)[who], written.get_absolute_url())), who
        assert post(cast.shadow, needs_url(written), needs="Late").status_code == 409
        with pytest.raises(TransitionError, match="is over or was called off"):
            keep_needs(written, cast.shadow, "Late")


def test_it_lasts_through_the_last_of_several_dates(cast: Cast, written: Placement) -> None:
    last = Visit.objects.create(
        placement=written, shadow=cast.shadow, starts_at=at(60, 9), ends_at=at(60, 12)
    )
    Visit.objects.create(
        placement=written, shadow=cast.shadow, starts_at=at(70, 9), ends_at=at(70, 12), stands=False
    )
    with time_machine.travel(last.ends_at - dt.timedelta(minutes=1), tick=False):
        assert can_read_needs(cast.host, Placement.objects.get())
        assert wipe_forgotten() == 0
    with time_machine.travel(last.ends_at, tick=False):
        assert not can_read_needs(cast.host, Placement.objects.get())
        assert wipe_forgotten() == 1


def test_it_is_readable_while_the_visit_takes_place(cast: Cast, written: Placement) -> None:
    Placement.objects.update(status="taking_place")
    assert needs_for(cast.host, Placement.objects.get()) is not None


def _cancelled(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="illness")


def _ended(cast: Cast, placement: Placement) -> None:
    placement.visits.update(ends_at=timezone.now(), starts_at=timezone.now() - dt.timedelta(hours=3))


def _forgotten(cast: Cast, placement: Placement) -> None:
    """End the visit without wiping the needs."""
    Placement.objects.update(status="complete", took_place=True)


@pytest.mark.parametrize("end", [_cancelled, _ended, _forgotten])
def test_clock_wipes_what_is_left(
    cast: Cast, written: Placement, end: Callable[[Cast, Placement], None]
) -> None:
    run_due()
    assert AdjustmentNeeds.objects.exists()
    end(cast, written)
    run_due()
    assert not AdjustmentNeeds.objects.exists()


def test_sweep_wipes_by_state_whatever_the_dates(cast: Cast, written: Placement) -> None:
    assert wipe_forgotten() == 0
    for status in ("to_reflect", "complete"):
        Placement.objects.update(status=status)
        assert not can_read_needs(cast.host, Placement.objects.get())
    assert wipe_forgotten() == 1


def test_wipe_is_for_one_visit(written: Placement) -> None:
    assert wipe(written) == 1
    assert wipe(written) == 0
