"""The decision page of the site: who sees it, what it shows, and that an answer has to be given."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import How
from accounts.workflow import TransitionError, perform
from shadowing.enums import DecisionRole, HostManagerPart, RequestStatus
from shadowing.models import Decision, Placement, Request, Visit
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at
from tests.shadowing.links import signed_in, status_of

S = RequestStatus


def decide_url(request: Request) -> str:
    return reverse("shadowing:request-decide", args=[request.pk])


def away(cast: Cast, number: int) -> None:
    """``number`` colleagues of the shadow's team on a visit on the day of the session."""
    for place in range(number):
        person = member(cast.library, first_name=f"Away{number}of{place}", line_manager=cast.manager)
        session = SessionFactory.create(
            offer=OfferFactory.create(scheme=cast.scheme, department=cast.estates)
        )
        request = RequestFactory.create(shadow=person, session=session)
        placement = Placement.objects.create(
            request=request,
            shadow=person,
            host=session.offer.host,
            origin=cast.library,
            destination=cast.estates,
            half_days=1,
        )
        Visit.objects.create(
            placement=placement, shadow=person, starts_at=session.starts_at, ends_at=session.ends_at
        )


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("manager", 200),
        ("deputy", 200),
        ("shadow", 403),
        ("coordinator", 403),
        ("dept_coordinator", 403),
        ("host", 404),
        ("host_manager", 404),
        ("stranger", 404),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_for_those_who_decide(cast: Cast, who: str, code: int, method: str) -> None:
    request = cast.submitted()
    response = getattr(signed_in(cast.people()[who]), method)(decide_url(request), {})
    assert response.status_code == (422 if (code, method) == (200, "post") else code)
    assert status_of(request) == S.WITH_MANAGER


def test_page_shows_who_else_is_away_and_what_is_left(cast: Cast) -> None:
    away(cast, 2)
    text = signed_in(cast.manager).get(decide_url(cast.submitted())).content.decode()
    assert "Away2of0 Example" in text
    assert "Away2of1 Example" in text
    assert "0 of 6 half-days agreed already, 6 left; this visit takes 1" in text


def test_page_takes_the_same_queries_however_many_are_away(cast: Cast) -> None:
    request, client, counts = cast.submitted(), signed_in(cast.manager), []
    for number in (1, 12):
        away(cast, number)
        with CaptureQueriesContext(connection) as queries:
            client.get(decide_url(request))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_nothing_is_chosen_beforehand_and_the_window_is_the_one_asked_for(cast: Cast) -> None:
    request = cast.submitted()
    text = signed_in(cast.manager).get(decide_url(request)).content.decode()
    assert "checked" not in text
    assert f'value="{request.window_starts:%Y-%m-%d}"' in text
    assert text.index('value="approve"') < text.index('value="send_back"') < text.index('value="decline"')


def test_deputy_reads_for_whom_they_decide(cast: Cast) -> None:
    text = signed_in(cast.deputy).get(decide_url(cast.submitted())).content.decode()
    assert "You act for Mary Manager, who was asked to decide." in text
    assert "You are the line manager" not in text


def test_wider_window_is_kept_and_spares_a_second_question(cast: Cast) -> None:
    first = timezone.localdate() + dt.timedelta(days=20)
    request = cast.submitted(
        session=cast.window(), window_starts=first, window_ends=first + dt.timedelta(days=2)
    )
    wider = {"window_starts": f"{first:%Y-%m-%d}", "window_ends": f"{first + dt.timedelta(days=30):%Y-%m-%d}"}
    signed_in(cast.manager).post(decide_url(request), {"answer": "approve", **wider})
    request.refresh_from_db()
    assert (request.agreed_starts, request.agreed_ends) == (first, first + dt.timedelta(days=30))
    assert (
        perform(request, "agree", actor=cast.host, visits=[(at(40), at(40, 13))]).status == S.DATES_PROPOSED
    )


def test_what_belongs_to_another_answer_is_left_aside(cast: Cast) -> None:
    request = cast.submitted()
    given = {"answer": "approve", "reason": "nonsense", "words": "Enjoy it"}
    assert signed_in(cast.manager).post(decide_url(request), given).status_code == 303
    decision = Decision.objects.get(request=request, role=DecisionRole.LINE_MANAGER)
    assert (decision.reason, decision.words, decision.how) == ("", "Enjoy it", How.PAGE)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"answer": "send_back", "words": ""}, "Write what should be changed"),
        ({"answer": "decline", "words": "Short of people"}, "Choose a reason"),
        ({"answer": "agree_hosting"}, "Nothing is decided until you do"),
        ({"answer": "withdraw"}, "Nothing is decided until you do"),
        ({"answer": "approve", "window_ends": "2020-01-01"}, "comes before the first"),
    ],
)
def test_answer_that_lacks_something_is_asked_again(cast: Cast, given: dict[str, str], sentence: str) -> None:
    request = cast.submitted()
    response = signed_in(cast.manager).post(decide_url(request), given)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert given.get("words", "") in text
    assert status_of(request) == S.WITH_MANAGER


def test_late_decision_links_to_request(cast: Cast) -> None:
    request = cast.approved()
    client = signed_in(cast.manager)
    for response in (
        client.get(decide_url(request)),
        client.post(decide_url(request), {"answer": "approve"}),
    ):
        assert response.status_code == 409
        assert "with the host now" in response.content.decode()
        assert request.get_absolute_url() in response.content.decode()


def test_refused_decision_shows_rule_and_keeps_input(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request = cast.submitted()
    monkeypatch.setattr(
        "shadowing.requests.forms.decisions.ApproveForm.clean", lambda form: form.cleaned_data
    )
    given = {
        "answer": "approve",
        "window_starts": "2020-02-01",
        "window_ends": "2020-01-01",
        "words": "Enjoy it",
    }
    response = signed_in(cast.manager).post(decide_url(request), given)
    text = response.content.decode()
    assert response.status_code == 409
    assert "The last day of the window comes before its first." in text
    assert "Enjoy it" in text
    assert status_of(request) == S.WITH_MANAGER


def test_window_that_has_passed_is_refused_and_today_is_still_in_time(cast: Cast) -> None:
    request = cast.submitted(session=cast.window())
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    with pytest.raises(TransitionError, match="The whole window lies in the past"):
        perform(request, "approve", actor=cast.manager, window_starts=yesterday, window_ends=yesterday)
    assert status_of(request) == S.WITH_MANAGER
    perform(request, "approve", actor=cast.manager, window_starts=yesterday, window_ends=today)
    request.refresh_from_db()
    assert (request.status, request.agreed_starts, request.agreed_ends) == (S.WITH_HOST, yesterday, today)


def test_hosts_manager_is_asked_only_their_own_question(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = cast.agreed()
    client = signed_in(cast.host_manager)
    text = client.get(decide_url(request)).content.decode()
    assert "May Hana Host host Sam Shadow?" in text
    assert "half-days agreed already" not in text
    assert 'value="approve"' not in text
    assert signed_in(cast.manager).get(decide_url(request)).status_code == 403
    response = client.post(decide_url(request), {"answer": "refuse_hosting", "reason": "other"})
    assert "please say which in a few words" in response.content.decode()
    assert client.post(decide_url(request), {"answer": "agree_hosting"}).status_code == 303
    assert status_of(request) == S.AGREED


def test_page_needs_a_session(cast: Cast) -> None:
    url = decide_url(cast.submitted())
    assert Client().get(url)["Location"] == f"{reverse('account_login')}?next={url}"
