"""Who came to a session with several visitors: the host says it of all of them at once."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.workflow import perform
from shadowing.enums import PlacementStatus
from shadowing.models import Placement, Session, Visit
from tests.cast import Cast, member
from tests.factories import RequestFactory, SessionFactory, at, take_on
from tests.shadowing.requesting import get, page_of, post, signed_in, text
from tests.shadowing.visits import during, fresh

pytestmark = pytest.mark.usefixtures("clock")
S = PlacementStatus


@pytest.fixture
def session(cast: Cast) -> Session:
    """A session for four, ten to one in nine days."""
    return SessionFactory.create(offer=cast.offer, starts_at=at(9), places=8)


def visitors(cast: Cast, session: Session, number: int = 3) -> list[Placement]:
    """So many agreed visits to ``session``."""
    return [_visitor(cast, session) for _ in range(number)]


def _visitor(cast: Cast, session: Session) -> Placement:
    person = member(cast.estates, line_manager=cast.manager)
    request = perform(RequestFactory.create(shadow=person, session=session), "submit", actor=person)
    request = perform(perform(request, "approve", actor=cast.manager), "agree", actor=cast.host)
    return Placement.objects.get(request=request)


def url_of(session: Session) -> str:
    """The page of attendance."""
    return reverse("shadowing:session-attendance", args=[session.pk])


def row(placement: Placement) -> str:
    """The field for one visitor."""
    return f"visit_{placement.visits.get().pk}"


def test_one_submit_notes_everybody(cast: Cast, session: Session, clock: time_machine.Traveller) -> None:
    first, second, third = visitors(cast, session)
    during(clock, first)
    given = {row(first): "came", row(second): "shadow_absent", row(third): "illness"}
    response = post(cast.host, url_of(session), **given)
    assert response.status_code == 303
    assert [fresh(p).status for p in (first, second, third)] == [S.TO_REFLECT, S.NO_SHOW, S.NO_SHOW]
    assert [fresh(p).counts for p in (first, second, third)] == [True, True, False]
    page = text(get(cast.host, url_of(session)))
    assert "Was not there" in page
    assert "Note it" not in page  # there is nothing left to say


def test_who_is_left_out_stays_open(cast: Cast, session: Session, clock: time_machine.Traveller) -> None:
    first, second = visitors(cast, session, 2)
    during(clock, first)
    post(cast.host, url_of(session), **{row(first): "came"})
    assert fresh(second).status == S.AGREED
    page = text(get(cast.host, url_of(session)))
    assert row(second) in page
    assert row(first) not in page


def test_attendance_without_any_choice_is_refused(
    cast: Cast, session: Session, clock: time_machine.Traveller
) -> None:
    (first,) = visitors(cast, session, 1)
    during(clock, first)
    response = post(cast.host, url_of(session))
    assert response.status_code == 422
    assert "Say of at least one person" in text(response)


def test_attendance_recorded_meanwhile_is_kept(
    cast: Cast, session: Session, clock: time_machine.Traveller
) -> None:
    """The page is old: one visitor's attendance was recorded meanwhile; the others' is still stored."""
    first, second = visitors(cast, session, 2)
    during(clock, first)
    perform(first, "did_not_happen", actor=first.shadow, reason="illness")
    client = signed_in(cast.host)
    client.post(url_of(session), {row(first): "came", row(second): "came"})
    assert [fresh(p).status for p in (first, second)] == [S.NO_SHOW, S.TO_REFLECT]


def test_before_it_begins_it_shows_who_comes(cast: Cast, session: Session) -> None:
    (first,) = visitors(cast, session, 1)
    page = text(get(cast.host, url_of(session)))
    assert first.shadow.full_name in page
    assert "Once it has begun" in page
    assert post(cast.host, url_of(session), **{row(first): "came"}).status_code == 422
    assert fresh(first).status == S.AGREED


@pytest.mark.parametrize(
    "who", ["shadow", "manager", "deputy", "host_manager", "coordinator", "dept_coordinator", "stranger"]
)
def test_page_is_for_hosts_only(cast: Cast, session: Session, who: str) -> None:
    visitors(cast, session, 1)
    assert get(cast.people()[who], url_of(session)).status_code == 404


def test_co_host_sees_it_and_not_their_own_visit(
    cast: Cast, session: Session, clock: time_machine.Traveller
) -> None:
    first, second = visitors(cast, session, 2)
    take_on(cast.offer, first.shadow)
    during(clock, first)
    page = text(get(first.shadow, url_of(session)))
    assert row(second) in page
    assert row(first) not in page


def test_visit_leads_there_where_several_came(
    cast: Cast, session: Session, clock: time_machine.Traveller
) -> None:
    (first,) = visitors(cast, session, 1)
    during(clock, first)
    assert url_of(session) not in page_of(cast.host, first)
    clock.move_to(first.visits.get().starts_at.replace(day=9), tick=False)
    second = _visitor(cast, session)
    during(clock, first)
    assert url_of(session) in page_of(cast.host, second)
    assert url_of(session) not in page_of(second.shadow, second)


def test_page_costs_the_same_for_many(cast: Cast, session: Session, clock: time_machine.Traveller) -> None:
    def queries() -> int:
        client = signed_in(cast.host)
        client.get("/accessibility/")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url_of(session)).status_code == 200
        return len(counted)

    coming = visitors(cast, session, 6)
    Visit.objects.exclude(placement=coming[0]).update(took_place=True)
    during(clock, coming[0])
    few = queries()
    Visit.objects.update(took_place=None)
    assert queries() == few <= 9
