"""The page behind the link of a mail: who may use it, when it is dead, that opening it changes nothing."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import perform
from shadowing.enums import DecideByEmail, DecisionRole, HostManagerPart, Outcome, RequestStatus
from shadowing.models import Decision, DecisionLink, Request
from tests.cast import Cast, member
from tests.factories import RequestFactory
from tests.shadowing.links import by_link_alone, link_for, page, signed_in, status_of

S = RequestStatus
YES = {"answer": "approve"}


def test_link_leads_through_sign_in_back_to_the_decision(cast: Cast) -> None:
    cast.submitted()
    url = link_for(cast.manager)
    response = Client().get(url)
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert target.path == reverse("account_login")
    assert parse_qs(target.query)["next"] == [url]
    sign_in = Client().get(response["Location"]).content.decode()
    assert "A decision waits for you" in sign_in
    assert "Send me a code" in sign_in
    assert "Sam Shadow" not in sign_in


def test_manager_sees_everything_on_one_screen(cast: Cast) -> None:
    request = cast.submitted(want_to_see="How tickets are sorted")
    status, text = page(signed_in(cast.manager), link_for(cast.manager))
    assert status == 200
    for words in (
        "Sam Shadow",
        request.objectives[0],
        "How tickets are sorted",
        "0 of 6 half-days",
        "Nobody else in the team",
        "Can we cover it?",
        "You are the line manager of Sam Shadow.",
        cast.offer.title,
    ):
        assert words in text
    assert " checked" not in text


@pytest.mark.parametrize("answer", ["approve", "send_back", "decline"])
def test_signed_in_manager_decides_from_the_mail(cast: Cast, answer: str) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    given = {"answer": answer, "reason": "cover", "words": "Gladly, after Easter."}
    response = signed_in(cast.manager).post(url, given)
    assert response.status_code == 303
    assert response["Location"] == request.get_absolute_url()
    decision = Decision.objects.get(request=request, role=DecisionRole.LINE_MANAGER)
    assert (decision.how, decision.answered_by, decision.undo_until) == (How.EMAIL_LINK, cast.manager, None)
    assert DecisionLink.objects.filter(used_at__isnull=False).count() == 1


def test_deputy_decides_from_the_managers_mail_on_behalf(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    assert "You act for Mary Manager" in page(signed_in(cast.deputy), url)[1]
    assert signed_in(cast.deputy).post(url, YES).status_code == 303
    assert HistoryEntry.objects.about(request).latest("at").on_behalf_of == cast.manager


@pytest.mark.parametrize("mode", DecideByEmail.values)
@pytest.mark.parametrize("who", ["shadow", "host", "host_manager", "coordinator", "stranger"])
def test_other_person_sees_refusal_without_details(cast: Cast, mode: str, who: str) -> None:
    cast.scheme.decide_by_email = DecideByEmail.SIGNED_IN
    cast.scheme.save()
    request = cast.submitted()
    url = link_for(cast.manager)
    type(cast.scheme).objects.update(decide_by_email=mode)
    client = signed_in(cast.people()[who])
    status, text = page(client, url)
    assert status == 403
    assert "sent to somebody else" in text
    assert not any(words in text for words in (request.objectives[0], "Mary Manager", cast.offer.title))
    assert client.post(url, YES).status_code == 403
    assert status_of(request) == S.WITH_MANAGER


def test_somebody_else_learns_nothing_of_a_dead_link_either(cast: Cast) -> None:
    cast.submitted()
    url = link_for(cast.manager)
    DecisionLink.objects.update(expires_at=timezone.now() + dt.timedelta(seconds=1))
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        assert page(signed_in(cast.stranger), url)[0] == 403
        assert page(signed_in(cast.manager), url)[0] == 410


def test_request_that_changes_while_the_manager_reads_is_not_decided(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link was alive when the form was checked, and the request another one when it was decided."""
    request = cast.submitted()
    url = link_for(cast.manager)
    monkeypatch.setattr("shadowing.requests.views.decide_by_link.require_alive", lambda link: None)
    Request.objects.filter(pk=request.pk).update(version=request.version + 1)
    response = signed_in(cast.manager).post(url, YES)
    assert response.status_code == 409
    assert "changed while you were deciding" in response.content.decode()
    assert status_of(request) == S.WITH_MANAGER
    assert Decision.objects.get(request=request).outcome == Outcome.PENDING


def test_mode_off_leads_to_the_page_of_the_site(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    type(cast.scheme).objects.update(decide_by_email=DecideByEmail.OFF)
    response = Client().post(url, YES)
    assert response["Location"] == reverse("shadowing:request-decide", args=[request.pk])
    assert urlsplit(Client().get(response["Location"])["Location"]).path == reverse("account_login")
    assert status_of(request) == S.WITH_MANAGER


@pytest.mark.parametrize("mode", [DecideByEmail.SIGNED_IN, DecideByEmail.LINK_ALONE])
def test_scanner_that_opens_a_hundred_links_changes_nothing(cast: Cast, mode: str) -> None:
    cast.scheme.decide_by_email = mode
    cast.scheme.save()
    cast.submitted()
    link = DecisionLink.objects.get(person=cast.manager)
    urls = [link_for(cast.manager)]
    for person in [member(cast.library, line_manager=cast.manager) for _ in range(4)]:
        perform(RequestFactory.create(shadow=person, session=cast.session), "submit", actor=person)
        urls.append(link_for(cast.manager))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for url in urls * 20:
            Client().get(url)
            Client().head(url)
            Client().options(url)
    writes = [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []
    link.refresh_from_db()
    assert link.is_alive()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(cast: Cast, method: str) -> None:
    by_link_alone(cast)
    cast.submitted()
    assert getattr(Client(), method)(link_for(cast.manager)).status_code == 405


@pytest.mark.parametrize(
    "given", [{}, {"answer": ""}, {"answer": "lapse"}, {"words": "x", "reason": "cover"}]
)
def test_client_that_presses_the_button_decides_nothing(cast: Cast, given: dict[str, str]) -> None:
    by_link_alone(cast)
    request = cast.submitted()
    url = link_for(cast.manager)
    for client in (Client(), signed_in(cast.manager)):
        response = client.post(url, given)
        assert response.status_code == 422
        assert "Nothing is decided until you do" in response.content.decode()
    assert status_of(request) == S.WITH_MANAGER
    assert DecisionLink.objects.get(person=cast.manager).is_alive()


def test_address_leaves_no_trace(cast: Cast) -> None:
    by_link_alone(cast)
    cast.submitted()
    url = link_for(cast.manager)
    for response in (Client().get(url), Client().get("/decide/forged/"), signed_in(cast.stranger).get(url)):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]


def test_form_of_somebody_without_a_session_needs_its_token(cast: Cast) -> None:
    by_link_alone(cast)
    request = cast.submitted()
    url = link_for(cast.manager)
    client = Client(enforce_csrf_checks=True)
    assert client.post(url, YES).status_code == 403
    client.get(url)
    token = client.cookies["csrftoken"].value
    assert client.post(url, {**YES, "csrfmiddlewaretoken": token}).status_code == 303
    assert status_of(request) == S.WITH_HOST


def test_hosts_manager_decides_from_the_mail_signed_in_in_every_mode(cast: Cast) -> None:
    by_link_alone(cast)
    type(cast.scheme).objects.update(host_manager_part=HostManagerPart.MUST_AGREE)
    cast.offer.scheme.refresh_from_db()
    request = cast.agreed()
    assert request.status == S.WITH_HOST_MANAGER
    url = link_for(cast.host_manager, "hosting_asked_to_host_manager")
    assert urlsplit(Client().post(url, {"answer": "agree_hosting"})["Location"]).path == reverse(
        "account_login"
    )
    assert page(signed_in(cast.manager), url)[0] == 403
    client = signed_in(cast.host_manager)
    assert "May your team host this visit?" in page(client, url)[1]
    assert client.post(url, {"answer": "agree_hosting"}).status_code == 303
    assert status_of(request) == S.AGREED
    assert client.post(url, {"answer": "refuse_hosting", "reason": "busy"}).status_code == 410
