"""The figures of the year on the desk: counted by the schedule, correct, and cheap to show."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.workflow import perform
from appraisals.models import Cycle
from coordination.workflow.figures import FiguresScope, count, refresh_figures, year_of
from shadowing.models import Figures, Placement
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at
from tests.shadowing.links import page, signed_in
from tests.shadowing.reflecting import visited

URL = "/coordinate/"


def numbers(cast: Cast, *, branch: object = None) -> dict[str, object]:
    """What is counted for the scheme, or for one branch."""
    scope = FiguresScope((), (branch.pk,)) if branch else FiguresScope((cast.scheme.pk,), ())  # type: ignore[attr-defined]  # a department
    return count(scope, year_of(timezone.localdate()))


def a_year(cast: Cast) -> None:
    """Make one completed visit, one declined and one waiting request, and one draft."""
    cast.scheme.live_requests = 10
    cast.scheme.save()
    visited(cast)
    offers = [OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host) for _ in range(3)]
    sessions = [SessionFactory.create(offer=offer, starts_at=at(40 + n)) for n, offer in enumerate(offers)]
    cast.declined(session=sessions[0])
    cast.submitted(session=sessions[1])
    cast.draft(session=sessions[2])


def test_numbers_are_those_of_the_year(cast: Cast) -> None:
    a_year(cast)
    found = numbers(cast)
    assert {name: found[name] for name in ("sent", "waiting", "agreed", "declined", "lapsed")} == {
        "sent": 3,
        "waiting": 1,
        "agreed": 1,
        "declined": 1,
        "lapsed": 0,
    }
    assert (found["took_place"], found["to_come"], found["missed"]) == (1, 0, 0)
    assert (found["shadows"], found["hosts"], found["departments"], found["pairs"]) == (1, 1, 2, 1)
    assert found["crossings"] == [[cast.library.pk, cast.it.pk, 1]]
    assert found["days"] == 0


def test_branch_counts_what_touches_it_and_nothing_else(cast: Cast) -> None:
    a_year(cast)
    assert numbers(cast, branch=cast.library)["sent"] == numbers(cast, branch=cast.it)["sent"] == 3
    assert numbers(cast, branch=cast.estates)["sent"] == 0


def test_what_lies_outside_the_cycle_is_left_out(cast: Cast) -> None:
    a_year(cast)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    cycle = Cycle.objects.create(name="Next", starts_on=tomorrow, ends_on=tomorrow + dt.timedelta(days=300))
    assert count(FiguresScope((cast.scheme.pk,), ()), year_of(cycle.starts_on))["sent"] == 0


def test_schedule_counts_for_everybody_who_coordinates_and_again_after_ten_minutes(cast: Cast) -> None:
    assert "We are counting" in page(signed_in(cast.coordinator), URL)[1]
    assert refresh_figures() == 2
    assert refresh_figures() == 0
    cast.submitted()
    Figures.objects.update(counted_at=timezone.now() - dt.timedelta(minutes=11))
    assert refresh_figures() == 2
    for who in (cast.coordinator, cast.dept_coordinator):
        assert "1 request was sent; 1 waits for an answer now." in page(signed_in(who), URL)[1]
    cast.scheme.coordinators.clear()
    refresh_figures()
    assert Figures.objects.count() == 1


def test_desk_with_numbers_and_offers_costs_the_same_and_no_more_than_twelve(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    refresh_figures()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    a_year(cast)
    few = queries()
    for number in range(5):
        OfferFactory.create(
            scheme=cast.scheme,
            department=cast.it,
            host=cast.host,
            status="awaiting_check",
            title=f"O{number}",
        )
        shadow = member(cast.estates, line_manager=cast.manager)
        request = RequestFactory.create(shadow=shadow, origin=cast.estates, session=cast.session)
        perform(request, "submit", actor=shadow)
    Figures.objects.update(counted_at=timezone.now() - dt.timedelta(minutes=11))
    refresh_figures()
    assert queries() <= few + 1 <= 12  # an offer's department is drawn
    assert Placement.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "stranger"])
def test_offers_to_check_are_read_opened_and_sent_back_from_the_desk(cast: Cast, who: str) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status="draft", opened_at=None
    )
    SessionFactory.create(offer=offer)
    perform(offer, "publish", actor=cast.host)
    client = signed_in(getattr(cast, who))
    code, text = page(client, "/coordinate/offers/")
    if who == "stranger":
        assert code == 404
        return
    assert offer.get_absolute_url() in text
    assert "Offers to check" in page(client, URL)[1]
    assert 'name="next" value="/coordinate/offers/"' in page(client, offer.get_absolute_url())[1]
    sent = client.post(
        f"{offer.get_absolute_url()}act/send_back_offer/",
        {"words": "Say what visitors see.", "next": "/coordinate/offers/"},
    )
    assert sent["Location"] == "/coordinate/offers/"
    assert "No offer waits to be checked" in page(client, "/coordinate/offers/")[1]
    perform(offer, "publish", actor=cast.host)
    assert "after it had been sent back" in page(client, "/coordinate/offers/")[1]
    client.post(f"{offer.get_absolute_url()}act/approve_offer/", {})
    offer.refresh_from_db()
    assert offer.status == "open"
