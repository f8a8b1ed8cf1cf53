"""The host's and the shadow's answers on the request page: dates, arrangements, reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.workflow import perform
from shadowing.enums import RequestStatus
from shadowing.models import Placement, ProposedVisit, Request, Session
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at, take_on
from tests.shadowing.requesting import act_url, get, post, text

S = RequestStatus


def row(number: int, day: int, start: str = "10:00", end: str = "13:00") -> dict[str, str]:
    """One date in ``day`` days."""
    return {
        f"day_{number}": (timezone.localdate() + dt.timedelta(days=day)).isoformat(),
        f"start_{number}": start,
        f"end_{number}": end,
    }


@pytest.fixture
def arranged(cast: Cast) -> Request:
    """With the host, by arrangement, for days 20 to 30 from today."""
    today = timezone.localdate()
    return cast.approved(
        session=cast.window(),
        window_starts=today + dt.timedelta(days=20),
        window_ends=today + dt.timedelta(days=30),
    )


def status_of(request: Request) -> str:
    """As it is stored."""
    return Request.objects.values_list("status", flat=True).get(pk=request.pk)


def answer(cast: Cast, request: Request, action: str, **given: Any) -> Any:
    """What the host gets for an answer."""
    return post(cast.host, act_url(request, action), **given)


def test_dated_session_is_agreed_with_one_button(cast: Cast) -> None:
    request = cast.approved()
    response = answer(cast, request, "agree", place="Desk 4", contact="Hana, 0123", agenda="10:00 tea")
    assert (response.status_code, response["Location"]) == (303, request.get_absolute_url())
    placement = Placement.objects.get(request=request)
    assert (placement.place, placement.contact, placement.agenda) == ("Desk 4", "Hana, 0123", "10:00 tea")
    assert placement.visits.get().starts_at == cast.session.starts_at


def test_dates_sent_for_a_dated_session_are_not_its_own(cast: Cast) -> None:
    request = cast.approved()
    answer(cast, request, "agree", **row(1, 50))
    assert Placement.objects.get(request=request).visits.get().starts_at == cast.session.starts_at


def test_form_is_prefilled_with_the_host_and_the_site(cast: Cast) -> None:
    page = text(get(cast.host, cast.approved().get_absolute_url()))
    assert "Hana Host, host@example.ac.uk" in page


def test_date_by_arrangement_is_read_in_the_organisations_zone(cast: Cast, arranged: Request) -> None:
    assert answer(cast, arranged, "agree", **row(1, 22)).status_code == 303
    visit = Placement.objects.get(request=arranged).visits.get()
    assert (visit.starts_at, visit.ends_at) == (at(22, 10), at(22, 13))


def test_several_dates_folded_ones_included(cast: Cast, arranged: Request) -> None:
    Request.objects.filter(pk=arranged.pk).update(half_days=3, asked_minutes=810, approved_minutes=810)
    given = {**row(1, 22), **row(3, 24), **row(12, 28)}
    assert answer(cast, arranged, "agree", **given).status_code == 303
    assert Placement.objects.get(request=arranged).visits.count() == 3


def test_dates_can_be_put_to_the_shadow_first(cast: Cast, arranged: Request) -> None:
    page = text(get(cast.host, arranged.get_absolute_url()))
    assert f'formaction="{act_url(arranged, "propose_dates")}"' in page
    answer(cast, arranged, "propose_dates", **row(1, 22), words="Would this do?")
    assert status_of(arranged) == S.DATES_PROPOSED
    page = text(get(cast.shadow, arranged.get_absolute_url()))
    assert "Would this do?" in page
    assert "Confirm these dates" in page


def test_other_dates_for_a_dated_session_go_to_the_manager_and_the_shadow(cast: Cast) -> None:
    request = cast.approved()
    answer(cast, request, "propose_dates", **row(1, 40))
    assert status_of(request) == S.WITH_MANAGER
    assert ProposedVisit.objects.filter(request=request).count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Say on which day, from when to when."),
        (row(1, -2), "This day is in the past."),
        ({**row(1, 22, "13:00", "10:00"), "known": ""}, "ends the next day"),
        (row(1, 22, "10:00", "10:00"), "Enter an end time after the start."),
        ({**row(1, 22), "end_1": ""}, "Say until when."),
        ({**row(1, 22), "start_1": ""}, "Say from when."),
        ({**row(1, 22), "day_1": ""}, "Say on which day."),
        ({**row(1, 22), "day_1": "tomorrow"}, "This is not a day of the calendar."),
        ({**row(1, 22), "start_1": "25:00"}, "This is not a time of day."),
        ({**row(1, 22), "end_1": "\x00"}, "This is not a time of day."),
        ({**row(1, 22), **row(2, 22, "12:00", "14:00")}, "Two of these dates overlap each other."),
        (row(1, 22222), "Is the year right?"),
        (row(1, 0, "00:00", "23:59"), "This time is over already."),
    ],
)
def test_impossible_dates_show_error_at_field_and_keep_words(
    cast: Cast, arranged: Request, given: dict[str, str], sentence: str
) -> None:
    response = answer(cast, arranged, "agree", **given, agenda="Tea, then the desk")
    page = text(response)
    assert response.status_code == 422
    assert sentence in page
    assert "Tea, then the desk" in page
    assert status_of(arranged) == S.WITH_HOST


def test_overlapping_visit_shows_error_and_keeps_words(cast: Cast, arranged: Request) -> None:
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.estates, host=member(cast.estates))
    session = SessionFactory.create(offer=offer, starts_at=at(22, 9))
    elsewhere = RequestFactory.create(shadow=cast.shadow, session=session)
    elsewhere = perform(perform(elsewhere, "submit", actor=cast.shadow), "approve", actor=cast.manager)
    perform(elsewhere, "agree", actor=offer.host)
    response = answer(cast, arranged, "agree", **row(1, 22), agenda="Tea, then the desk")
    page = text(response)
    assert response.status_code == 409
    assert "Sam Shadow already has an agreed visit at that time" in page
    assert "Tea, then the desk" in page
    assert f'value="{row(1, 22)["day_1"]}"' in page


def test_folded_dates_are_open_when_invalid(cast: Cast, arranged: Request) -> None:
    assert 'more" >' in text(get(cast.host, arranged.get_absolute_url()))
    page = text(answer(cast, arranged, "agree", **{**row(1, 22), **row(9, 24), "end_9": ""}))
    assert 'more" open>' in page
    assert "Ninth date, to" in page


def test_longer_visit_shows_more_rows(cast: Cast, arranged: Request) -> None:
    page = text(get(cast.host, arranged.get_absolute_url()))
    shown = page.split("Another date")[0]
    assert shown.count("<legend>") >= 1
    assert "Second date" not in shown
    cast.offer.__class__.objects.filter(pk=arranged.offer_id).update(half_days=4)
    shown = text(get(cast.host, arranged.get_absolute_url())).split("Another date")[0]
    assert "Second date" in shown
    assert "Third date" not in shown


def test_waiting_list_only_when_full(cast: Cast) -> None:
    request = cast.approved()
    assert answer(cast, request, "put_on_waiting_list").status_code == 409
    assert status_of(request) == S.WITH_HOST
    Session.objects.filter(pk=cast.session.pk).update(taken=1)
    assert answer(cast, request, "put_on_waiting_list").status_code == 303
    assert status_of(request) == S.WAITING_LIST


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose a reason, so that your colleague understands."),
        ({"reason": "cover"}, "Select a valid choice"),
        ({"reason": "other", "words": " "}, "please say which in a few words"),
    ],
)
def test_declining_needs_a_reason(cast: Cast, given: dict[str, str], sentence: str) -> None:
    request = cast.approved()
    response = answer(cast, request, "decline_hosting", **given)
    assert response.status_code == 422
    assert sentence in text(response)
    assert status_of(request) == S.WITH_HOST


def test_declining_with_a_reason(cast: Cast) -> None:
    request = cast.approved()
    assert answer(cast, request, "decline_hosting", reason="other", words="We move").status_code == 303
    assert status_of(request) == S.DECLINED


def test_shadow_confirms_or_asks_for_others_in_words(cast: Cast, arranged: Request) -> None:
    request = perform(arranged, "propose_dates", actor=cast.host, visits=[(at(22), at(22, 13))])
    response = post(cast.shadow, act_url(request, "reject_dates"), words="")
    assert response.status_code == 422
    assert "Write which days would suit you" in text(response)
    assert post(cast.shadow, act_url(request, "reject_dates"), words="A Thursday").status_code == 303
    assert status_of(request) == S.WITH_HOST
    perform(
        Request.objects.get(pk=request.pk), "propose_dates", actor=cast.host, visits=[(at(23), at(23, 13))]
    )
    assert post(cast.shadow, act_url(request, "confirm_dates")).status_code == 303
    assert status_of(request) == S.AGREED


@pytest.mark.parametrize("action", ["agree", "propose_dates", "decline_hosting", "put_on_waiting_list"])
@pytest.mark.parametrize("who", ["shadow", "manager", "coordinator"])
def test_only_hosts_answer_as_host(cast: Cast, action: str, who: str) -> None:
    request = cast.approved()
    given = {**row(1, 22), "reason": "space"}
    assert post(cast.people()[who], act_url(request, action), **given).status_code == 403
    assert status_of(request) == S.WITH_HOST


@pytest.mark.parametrize("action", ["withdraw", "confirm_dates", "reject_dates"])
def test_only_the_shadow_acts_as_shadow(cast: Cast, action: str) -> None:
    request = cast.approved()
    assert post(cast.host, act_url(request, action), words="x").status_code == 403
    assert status_of(request) == S.WITH_HOST


def test_co_host_answers_too(cast: Cast) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    request = cast.approved()
    assert post(co_host, act_url(request, "agree")).status_code == 303
    assert status_of(request) == S.AGREED
