"""Other offers in a refusal mail: only visits that the rules would let this person request."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.enums import DepartmentKind
from departments.models import Department
from shadowing.mail.mail_context import other_offers
from shadowing.models import Offer, Request, Session
from tests.cast import Cast
from tests.factories import DepartmentFactory, OfferFactory, SessionFactory, take_on


def offered(cast: Cast, department: Department, **given: object) -> Offer:
    """An open offer of somebody there, with a session to come."""
    offer = OfferFactory.create(**{"scheme": cast.scheme, "department": department, **given})
    SessionFactory.create(offer=offer)
    return Offer.objects.get(pk=offer.pk)


def team(above: Department, name: str) -> Department:
    return DepartmentFactory.create(
        code=name.upper(), name=name, parent=above, kind=DepartmentKind.TEAM, monogram=name[:2].capitalize()
    )


def asked(cast: Cast, **given: object) -> Request:
    request = Request.objects.filter(shadow=cast.shadow).first() or cast.draft()
    Request.objects.filter(pk=request.pk).update(**given or {"origin": cast.library})
    return Request.objects.select_related("offer__scheme").get(pk=request.pk)


def test_visits_elsewhere_are_suggested(cast: Cast) -> None:
    elsewhere = offered(cast, cast.estates)
    assert other_offers(asked(cast)) == [elsewhere]


def test_own_department_is_not_suggested_neither_its_teams(cast: Cast) -> None:
    one, other = team(cast.library, "Loans"), team(cast.library, "Maps")
    for department in (cast.library, one, other, team(one, "Reserves")):
        offered(cast, department)
    assert other_offers(asked(cast)) == []
    assert other_offers(asked(cast, origin=one)) == [], "nor to somebody in one of its teams"


def test_other_departments_of_ones_division_are_suggested(cast: Cast) -> None:
    division = cast.library.parent
    assert division is not None
    elsewhere = {offered(cast, cast.estates), offered(cast, team(cast.it, "Desk"))}
    offered(cast, division)
    assert set(other_offers(asked(cast, origin=division))) == elsewhere


def test_scheme_that_allows_the_own_department_suggests_it(cast: Cast) -> None:
    near = offered(cast, cast.library)
    cast.scheme.own_department_allowed = True
    cast.scheme.save()
    assert other_offers(asked(cast)) == [near]


@pytest.mark.parametrize("part", ["host", "co-host"])
def test_own_hosted_offers_are_not_suggested(cast: Cast, part: str) -> None:
    given = {"host": cast.shadow} if part == "host" else {}
    offer = offered(cast, cast.estates, **given)
    if part == "co-host":
        take_on(offer, cast.stranger, cast.shadow)
    assert other_offers(asked(cast)) == []


def test_closed_offers_are_not_suggested(cast: Cast) -> None:
    offered(cast, cast.estates, deadline=timezone.localdate() - dt.timedelta(days=1))
    gone = offered(cast, cast.estates)
    Session.objects.filter(offer=gone).update(
        starts_at=timezone.now() - dt.timedelta(days=2), ends_at=timezone.now() - dt.timedelta(days=1)
    )
    assert other_offers(asked(cast)) == []


def test_suggestions_cost_the_same_however_many_teams_there_are(cast: Cast) -> None:
    offered(cast, cast.estates)
    counts = []
    for origin in (cast.library, team(team(cast.library, "Loans"), "Reserves")):
        request = asked(cast, origin=origin)
        with CaptureQueriesContext(connection) as queries:
            other_offers(request)
        counts.append(len(queries))
    assert counts == [3, 3]
