"""The calendar feed of a department: open dates, an unguessable URL, and no names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.models import Department
from shadowing.models import Offer, Session
from shadowing.offers.feeds import address_of
from tests.cast import Cast
from tests.factories import DepartmentFactory, OfferFactory, SessionFactory, at
from tests.shadowing.calendars import events, read

pytestmark = pytest.mark.django_db


def department_path(department: Department) -> str:
    return address_of(department).partition("testserver")[2]


def test_department_shows_dates_with_a_free_place(client: Client, cast: Cast) -> None:
    (found,) = events(client, department_path(cast.it))
    assert str(found["summary"]) == "A morning at the service desk (IT Services)"
    assert found.decoded("dtstart") == cast.session.starts_at
    assert f"/offers/{cast.offer.pk}/" in found["description"]
    assert str(read(client, department_path(cast.it))["x-wr-calname"]) == "Visits to IT Services"
    text = client.get(department_path(cast.it)).content.decode()
    assert "Hana" not in text


def test_teams_below_count_and_other_departments_do_not(client: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it)
    SessionFactory.create(offer=OfferFactory.create(scheme=cast.scheme, department=team, host=cast.host))
    assert len(events(client, department_path(cast.it))) == 2
    assert events(client, department_path(cast.estates)) == []


def taken(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(taken=1)


def called_off(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(cancelled=True)


def over(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(starts_at=at(-3), ends_at=at(-3, 12))


def paused(session: Session) -> None:
    Offer.objects.filter(pk=session.offer_id).update(status="paused")


def deadline_passed(session: Session) -> None:
    Offer.objects.filter(pk=session.offer_id).update(deadline=timezone.localdate() - dt.timedelta(days=1))


def department_closed(session: Session) -> None:
    Department.objects.filter(pk=session.offer.department_id).update(is_open=False)


def by_arrangement(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(by_arrangement=True)


@pytest.mark.parametrize(
    "happened", [taken, called_off, over, paused, deadline_passed, department_closed, by_arrangement]
)
def test_sessions_that_cannot_be_requested_are_left_out(client: Client, cast: Cast, happened: Any) -> None:
    happened(cast.session)
    assert events(client, department_path(cast.it)) == []


def test_visitors_are_not_named(client: Client, cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(places=2)
    cast.agreed()
    text = client.get(department_path(cast.it)).content.decode()
    assert "Sam" not in text
    assert "1 place free" in text


def test_department_page_shows_the_feed_url_when_signed_in(client: Client, cast: Cast) -> None:
    client.force_login(cast.stranger)
    text = client.get(cast.it.get_absolute_url()).content.decode()
    assert address_of(cast.it) in text
    assert address_of(cast.it).replace("http://", "webcal://") in text
    Department.objects.filter(pk=cast.it.pk).update(is_open=False)
    assert address_of(cast.it) not in client.get(cast.it.get_absolute_url()).content.decode()


def test_department_feed_costs_constant_queries(client: Client, cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert events(client, department_path(cast.it))
        return len(found)

    few = cost()
    for _ in range(4):
        SessionFactory.create(
            offer=OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        )
    assert cost() == few <= 3


def test_signature_of_one_department_opens_no_other(client: Client, cast: Cast) -> None:
    path = department_path(cast.it).replace(f"-{cast.it.pk}-", f"-{cast.estates.pk}-")
    assert client.get(path).status_code == 404


def test_departments_address_depends_on_the_sites_key(client: Client, cast: Cast, settings: Any) -> None:
    path = department_path(cast.it)
    settings.SECRET_KEY = "another"
    assert client.get(path).status_code == 404


def test_deleted_department_has_no_calendar(client: Client, db: None) -> None:
    department = DepartmentFactory.create()
    path = department_path(department)
    department.delete()
    assert client.get(path).status_code == 404
