"""The scheme's rules: each refuses with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constraints import constraint_sentence
from accounts.workflow import TransitionError, perform
from departments.enums import DepartmentKind
from shadowing.enums import OfferStatus
from shadowing.models import Request, Scheme
from shadowing.rules.rules import bounds_of_cycle, clash, half_days_used, offer_refusals, refusals
from tests.cast import Cast, member
from tests.factories import (
    CycleFactory,
    DepartmentFactory,
    OfferFactory,
    RequestFactory,
    SchemeFactory,
    SessionFactory,
    at,
    take_on,
)


def sentence(request: Request) -> str:
    return " ".join(refusals(request))


def test_valid_request_is_not_refused(cast: Cast) -> None:
    assert refusals(cast.draft()) == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (OfferStatus.DRAFT, "not open yet"),
        (OfferStatus.AWAITING_CHECK, "not open yet"),
        (OfferStatus.PAUSED, "paused"),
        (OfferStatus.CLOSED, "closed"),
    ],
)
def test_offer_that_is_not_open_is_refused(cast: Cast, status: OfferStatus, words: str) -> None:
    cast.offer.status = status
    assert words in " ".join(offer_refusals(cast.offer))


def test_department_that_takes_no_part_is_refused(cast: Cast) -> None:
    cast.it.is_open = False
    cast.offer.department = cast.it
    assert "does not take part" in " ".join(offer_refusals(cast.offer))


def test_deadline_is_the_last_day_not_the_first_too_late(cast: Cast) -> None:
    cast.offer.deadline = timezone.localdate()
    assert list(offer_refusals(cast.offer)) == []
    cast.offer.deadline = timezone.localdate() - dt.timedelta(days=1)
    assert "last day to apply" in " ".join(offer_refusals(cast.offer))


def test_session_that_has_begun_is_refused(cast: Cast) -> None:
    session = SessionFactory.create(offer=cast.offer, starts_at=at(-1), ends_at=at(1))
    assert "is over" in " ".join(offer_refusals(cast.offer, session))


def test_session_called_off_is_refused(cast: Cast) -> None:
    session = SessionFactory.create(offer=cast.offer, starts_at=at(3), ends_at=at(3, 12), cancelled=True)
    assert "called off" in " ".join(offer_refusals(cast.offer, session))


def test_own_department_is_refused_teams_included(cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it, kind=DepartmentKind.TEAM)
    colleague = member(team, line_manager=cast.manager)
    request = RequestFactory.create(shadow=colleague, session=cast.session)
    assert "your own department" in sentence(request)
    cast.scheme.own_department_allowed = True
    request.offer.scheme = cast.scheme
    assert refusals(request) == []


def test_host_cannot_ask_for_their_own_visit(cast: Cast) -> None:
    request = RequestFactory.create(shadow=cast.host, session=cast.session)
    assert "You host this visit yourself" in sentence(request)


def test_co_host_cannot_request_their_own_visit(cast: Cast) -> None:
    take_on(cast.offer, cast.shadow)
    assert "You host this visit yourself" in sentence(cast.draft())


def test_probation_counts_only_where_the_scheme_says_so(cast: Cast) -> None:
    cast.shadow.probation_end = timezone.localdate()
    cast.shadow.save()
    request = cast.draft()
    assert refusals(request) == []
    request.offer.scheme.probation_passed = True
    assert "probation" in sentence(request)


def test_fourth_request_under_way_is_refused(cast: Cast) -> None:
    for _ in range(3):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        cast.submitted(session=SessionFactory.create(offer=offer))
    assert "3 requests under way" in sentence(cast.draft())


@pytest.mark.parametrize("half_days", [7, 20])
def test_length_beyond_the_schemes_is_refused(cast: Cast, half_days: int) -> None:
    assert "takes 1 to 6 half-days" in sentence(cast.draft(half_days=half_days))


def test_cap_counts_agreed_half_days_of_the_cycle(cast: Cast) -> None:
    cast.scheme.cap_half_days = 4
    cast.scheme.save()
    cast.agreed_for(3)
    assert half_days_used(cast.shadow, timezone.localdate(cast.session.starts_at)) == 3
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    session = SessionFactory.create(offer=offer, starts_at=at(40))
    request = cast.draft(session=session, half_days=2)
    assert "allows 4 half-days a year; 3 are agreed already" in sentence(request)
    request.half_days = 1
    assert refusals(request) == []


def test_cancelled_visits_do_not_count_against_the_cap(cast: Cast) -> None:
    placement = cast.agreed_for(3).placement
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    assert half_days_used(cast.shadow, timezone.localdate(cast.session.starts_at)) == 0


def test_visit_of_another_cycle_does_not_count(cast: Cast) -> None:
    cast.agreed_for(3)
    assert half_days_used(cast.shadow, timezone.localdate() + dt.timedelta(days=800)) == 0


@pytest.mark.django_db
def test_academic_year_starts_in_august_where_no_cycle_is_kept() -> None:
    assert bounds_of_cycle(dt.date(2027, 7, 31)) == (dt.date(2026, 8, 1), dt.date(2027, 7, 31))
    assert bounds_of_cycle(dt.date(2026, 8, 1)) == (dt.date(2026, 8, 1), dt.date(2027, 7, 31))


@pytest.mark.django_db
def test_stored_cycle_takes_precedence_over_the_academic_year() -> None:
    cycle = CycleFactory.create()
    assert bounds_of_cycle(timezone.localdate()) == (cycle.starts_on, cycle.ends_on)


def test_window_outside_the_offers_is_refused(cast: Cast) -> None:
    window = cast.window()
    request = cast.draft(session=window, window_ends=timezone.localdate() + dt.timedelta(days=200))
    assert "outside what this offer is open for" in sentence(request)


def test_window_in_the_past_is_refused(cast: Cast) -> None:
    assert "in the past" in sentence(cast.draft(window_starts=timezone.localdate() - dt.timedelta(days=1)))


def test_session_at_the_time_of_another_visit_is_refused(cast: Cast) -> None:
    cast.agreed()
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.stranger)
    session = SessionFactory.create(offer=offer, starts_at=at(30, 12))
    assert "already has an agreed visit at that time" in sentence(cast.draft(session=session))


def test_adjacent_visits_do_not_clash(cast: Cast) -> None:
    cast.agreed()
    end = cast.session.ends_at
    assert clash(cast.shadow, [(end, end + dt.timedelta(hours=1))]) is None
    assert clash(cast.shadow, [(end - dt.timedelta(minutes=1), end)]) is not None


def test_host_is_not_in_two_places_but_receives_several_in_one_session(cast: Cast) -> None:
    request = cast.agreed()
    times = [(cast.session.starts_at, cast.session.ends_at)]
    assert clash(cast.host, times) is not None
    assert clash(cast.host, times, besides=request) is None


def test_request_without_the_agreement_is_not_sent(cast: Cast) -> None:
    with pytest.raises(TransitionError, match="accept the agreement"):
        cast.submitted(agreement_accepted_at=None)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "You have begun a request for this visit already."),
        ("with_manager", "You have asked for this visit already."),
    ],
)
def test_second_live_request_for_an_offer_is_refused_by_the_database(
    cast: Cast, status: str, sentence: str
) -> None:
    sent = {} if status == "draft" else {"status": status, "submitted_at": timezone.now()}
    cast.draft(**sent)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        cast.draft(**sent)
    assert constraint_sentence(error.value) == sentence


def test_nearest_branch_with_a_scheme_wins(cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it, kind=DepartmentKind.TEAM)
    own = SchemeFactory.create(name="IT's own", branch=cast.it)
    assert Scheme.objects.serving(team) == own
    assert Scheme.objects.serving(cast.library) == cast.scheme
