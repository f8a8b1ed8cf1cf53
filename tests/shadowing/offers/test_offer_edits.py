"""Editing and copying offers: permissions, what cannot change, and query counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from departments.enums import DepartmentKind
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Session
from tests.cast import Cast
from tests.factories import DepartmentFactory, take_on
from tests.forms import known
from tests.shadowing.offering import day, signed_in, typed, window
from tests.shadowing.offers.test_offer_forms import NEW, edit


@pytest.mark.parametrize("who", ["shadow", "manager", "host_manager", "stranger", "dept_coordinator"])
def test_nobody_else_edits_or_copies(client: Client, cast: Cast, who: str) -> None:
    signed_in(client, cast.people()[who])
    assert client.get(f"/offers/{cast.offer.pk}/edit/").status_code == 403
    assert edit(client, cast.offer, title="Taken over").status_code == 403
    assert client.post(f"/offers/{cast.offer.pk}/copy/").status_code == 403
    Offer.objects.update(status="draft", opened_at=None)
    assert client.get(f"/offers/{cast.offer.pk}/edit/").status_code == 404
    assert client.post(f"/offers/{cast.offer.pk}/copy/").status_code == 404


@pytest.mark.parametrize("who", ["host", "coordinator"])
def test_edit_changes_words_and_leaves_the_state(client: Client, cast: Cast, who: str) -> None:
    signed_in(client, cast.people()[who])
    assert edit(client, cast.offer, title="An afternoon at the desk").status_code == 303
    offer = Offer.objects.get(pk=cast.offer.pk)
    assert (offer.title, offer.status, offer.host) == (
        "An afternoon at the desk",
        OfferStatus.OPEN,
        cast.host,
    )
    assert offer.sessions.get() == cast.session


def test_edit_does_not_undo_a_step_made_meanwhile(cast: Cast) -> None:
    """The form was opened while the offer was open; saving writes the form's fields only."""
    stale = Offer.objects.get(pk=cast.offer.pk)
    Offer.objects.filter(pk=stale.pk).update(status="paused")
    stale.title = "New title"
    stale.save(update_fields=["title"])
    assert Offer.objects.get(pk=stale.pk).status == OfferStatus.PAUSED


def test_closed_offer_is_not_edited_but_copied(client: Client, cast: Cast) -> None:
    Offer.objects.update(status="closed")
    signed_in(client, cast.host)
    response = client.get(f"/offers/{cast.offer.pk}/edit/")
    assert (response.status_code, "Make a copy" in response.content.decode()) == (409, True)
    assert edit(client, cast.offer).status_code == 409
    assert client.post(f"/offers/{cast.offer.pk}/copy/").status_code == 303


def test_copy_is_a_draft_with_the_words_and_no_dates(client: Client, cast: Cast) -> None:
    take_on(cast.offer, cast.host_manager)
    signed_in(client, cast.host)
    assert client.get(f"/offers/{cast.offer.pk}/copy/").status_code == 405
    response = client.post(f"/offers/{cast.offer.pk}/copy/")
    copy = Offer.objects.exclude(pk=cast.offer.pk).get()
    assert response["Location"] == f"/offers/{copy.pk}/edit/"
    assert (copy.title, copy.status, copy.opened_at) == (cast.offer.title, OfferStatus.DRAFT, None)
    assert (list(copy.co_hosts.all()), copy.sessions.count()) == ([cast.host_manager], 0)


def test_department_stays_once_people_have_asked(client: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it, kind=DepartmentKind.TEAM)
    cast.submitted()
    signed_in(client, cast.host)
    assert "the department stays" in edit(client, cast.offer, department=team.pk).content.decode()
    assert edit(client, cast.offer).status_code == 303


def test_open_offer_keeps_a_date(client: Client, cast: Cast) -> None:
    signed_in(client, cast.host)
    response = edit(client, cast.offer, **{"session-0-remove": "on"})
    assert "needs a date to come" in response.content.decode()
    Offer.objects.update(status="paused")
    assert edit(client, cast.offer, **{"session-0-remove": "on"}).status_code == 303
    assert not Session.objects.exists()


def test_window_that_has_begun_keeps_its_first_day(client: Client, cast: Cast) -> None:
    session = cast.window(starts_at=timezone.now() - dt.timedelta(days=3))
    first = f"{timezone.localdate(session.starts_at):%Y-%m-%d}"
    signed_in(client, cast.host)
    changed = window(window_first=first, window_last=day(120))
    assert edit(client, session.offer, **changed).status_code == 303
    session.refresh_from_db()
    assert timezone.localdate(session.ends_at) == timezone.localdate() + dt.timedelta(days=120)


def test_posting_costs_a_bounded_number_of_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    signed_in(client, cast.host)
    form = typed(cast, open="1")
    ticked = {**form, "known": known(client.post(NEW, {**form, "known": ""})) or "none"}
    with django_assert_max_num_queries(30):
        client.post(NEW, ticked)
    with django_assert_max_num_queries(29):
        edit(client, cast.offer, title="Another title")
