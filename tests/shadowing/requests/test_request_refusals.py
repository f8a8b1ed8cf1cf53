"""Why a place cannot be asked for: said instead of showing the form, and to a form sent anyway."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import perform
from departments.models import Department, Membership
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Offer, Request, Scheme, Session
from tests.cast import Cast, member
from tests.factories import CycleFactory, OfferFactory, RequestFactory, SessionFactory, at, take_on
from tests.shadowing.requesting import OBJECTIVE, ask_url, filled, get, post, signed_in, text


def paused(cast: Cast) -> None:
    perform(cast.offer, "pause", actor=cast.host)


def closed(cast: Cast) -> None:
    perform(cast.offer, "close_offer", actor=cast.host)


def after_the_deadline(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Offer.objects.filter(pk=cast.offer.pk).update(deadline=yesterday)


def department_left(cast: Cast) -> None:
    Department.objects.filter(pk=cast.it.pk).update(is_open=False)


def in_own_department(cast: Cast) -> None:
    Membership.objects.filter(person=cast.shadow).update(department=cast.it)


def on_probation(cast: Cast) -> None:
    Scheme.objects.update(probation_passed=True)
    cast.shadow.probation_end = timezone.localdate()
    cast.shadow.save()


def too_long(cast: Cast) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(half_days=7)


def over_the_cap(cast: Cast) -> None:
    CycleFactory.create()
    Scheme.objects.update(cap_half_days=6)
    cast.agreed_for(6)
    cast.offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    cast.session = SessionFactory.create(offer=cast.offer, starts_at=at(50))


def too_many_under_way(cast: Cast) -> None:
    for day in (41, 42, 43):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        session = SessionFactory.create(offer=offer, starts_at=at(day))
        perform(RequestFactory.create(shadow=cast.shadow, session=session), "submit", actor=cast.shadow)


def asked_already(cast: Cast) -> None:
    cast.submitted()


def no_session_to_come(cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(cancelled=True)


RULES: list[tuple[Callable[[Cast], None], str]] = [
    (paused, "This offer is paused at the moment."),
    (closed, "This offer is closed."),
    (after_the_deadline, "The last day to apply was"),
    (department_left, "IT Services does not take part at the moment."),
    (in_own_department, "This visit is in your own department, IT Services."),
    (on_probation, "once your probation has ended"),
    (too_long, "A visit takes 1 to 6 half-days; this one takes 7."),
    (over_the_cap, "The scheme allows 6 half-days a year; 6 are agreed already"),
    (too_many_under_way, "You have 3 requests under way already."),
    (asked_already, "You have asked for this visit already."),
    (no_session_to_come, "There is no session to come at the moment."),
]
rules = pytest.mark.parametrize(("forbid", "sentence"), RULES, ids=[rule.__name__ for rule, _ in RULES])


@rules
def test_page_says_why_instead_of_showing_the_form(
    cast: Cast, forbid: Callable[[Cast], None], sentence: str
) -> None:
    forbid(cast)
    response = get(cast.shadow, ask_url(cast.offer))
    page = text(response)
    assert response.status_code == 200
    assert sentence in page
    assert 'name="objective_1"' not in page


@rules
def test_form_sent_anyway_is_refused_with_everything_typed_kept(
    cast: Cast, forbid: Callable[[Cast], None], sentence: str
) -> None:
    forbid(cast)
    before = (Request.objects.count(), Message.objects.count(), HistoryEntry.objects.count())
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, want_to_see="The board"))
    page = text(response)
    assert response.status_code == 409
    assert sentence in page
    assert OBJECTIVE in page
    assert "The board" in page
    assert (Request.objects.count(), Message.objects.count(), HistoryEntry.objects.count()) == before


@rules
def test_draft_of_it_is_kept_where_a_rule_may_change(
    cast: Cast, forbid: Callable[[Cast], None], sentence: str
) -> None:
    """Words are not lost: only a request that exists, or the lack of a session, refuses a draft."""
    forbid(cast)
    count = Request.objects.count()
    response = post(cast.shadow, ask_url(cast.offer), **{**filled(cast.session), "draft": "1"})
    if forbid in (asked_already, no_session_to_come):
        assert response.status_code in (409, 422)
        assert Request.objects.count() == count
    else:
        assert response.status_code == 303
        assert Request.objects.filter(status=RequestStatus.DRAFT).count() == 1


def test_overlapping_visit_is_refused_and_no_draft_remains(cast: Cast) -> None:
    cast.agreed()
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=member(cast.it))
    session = SessionFactory.create(offer=offer, starts_at=at(30, 12))
    response = post(cast.shadow, ask_url(offer), **filled(session))
    assert response.status_code == 409
    assert "already has an agreed visit at that time" in text(response)
    assert Request.objects.filter(offer=offer).count() == 0


def test_missing_approver_is_reported_and_no_draft_remains(cast: Cast) -> None:
    cast.shadow.line_manager = None
    cast.shadow.save()
    cast.scheme.coordinators.clear()
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session))
    assert response.status_code == 409
    assert "Nobody can decide on this request" in text(response)
    assert not Request.objects.exists()
    assert not WaitingItem.objects.exists()


@pytest.mark.parametrize("who", ["host", "co_host"])
def test_own_offer_is_refused_because_of_who_they_are(cast: Cast, who: str) -> None:
    person = cast.host
    if who == "co_host":
        person = member(cast.estates)
        take_on(cast.offer, person)
    for response in (
        get(person, ask_url(cast.offer)),
        post(person, ask_url(cast.offer), **filled(cast.session)),
        post(person, ask_url(cast.offer), **{**filled(cast.session), "draft": "1"}),
    ):
        assert response.status_code == 403
        assert "You host this visit yourself." in text(response)
    assert not Request.objects.exists()


def test_person_without_department_sees_contact(cast: Cast) -> None:
    Membership.objects.filter(person=cast.shadow).delete()
    for response in (
        get(cast.shadow, ask_url(cast.offer)),
        post(cast.shadow, ask_url(cast.offer), **filled(cast.session)),
    ):
        assert response.status_code == 403
        assert "You are not entered in any department yet" in text(response)


def test_draft_offer_is_not_there_for_others(cast: Cast) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(status="draft", opened_at=None)
    assert get(cast.shadow, ask_url(cast.offer)).status_code == 404
    assert post(cast.shadow, ask_url(cast.offer), **filled(cast.session)).status_code == 404
    assert not Request.objects.exists()


def test_refused_page_leads_to_the_request_there_is(cast: Cast) -> None:
    request = cast.submitted()
    assert f'href="{request.get_absolute_url()}"' in text(get(cast.shadow, ask_url(cast.offer)))


def test_cap_counts_only_the_cycle_of_the_visit(cast: Cast) -> None:
    """Over the cap this year, a session next year can still be asked for."""
    cycle = CycleFactory.create()
    Scheme.objects.update(cap_half_days=6)
    cast.agreed_for(6)
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    SessionFactory.create(offer=offer, starts_at=at(50))
    later = (cycle.ends_on - timezone.localdate()).days + 5
    next_year = SessionFactory.create(offer=offer, starts_at=at(later))
    assert 'name="objective_1"' in text(get(cast.shadow, ask_url(offer)))
    assert post(cast.shadow, ask_url(offer), **filled(next_year)).status_code == 303


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_taken(cast: Cast, method: str) -> None:
    draft = cast.draft()
    for url in (ask_url(cast.offer), draft.get_absolute_url()):
        assert getattr(signed_in(cast.shadow), method)(url).status_code == 405
