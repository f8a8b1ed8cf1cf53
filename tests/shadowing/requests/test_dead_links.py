"""Links that are forged, used, too old or overtaken: each says why, and decides nothing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Delegation, Person
from accounts.workflow import perform
from shadowing.enums import RequestStatus
from shadowing.models import DecisionLink, Request
from tests.cast import Cast, member
from tests.shadowing.links import by_link_alone, link_for, page, signed_in, status_of

S = RequestStatus
YES = {"answer": "approve"}


@pytest.mark.parametrize("token", ["0" * 64, "x", "TOKENTOKENTOKEN", "ü" * 10, "%00", "a" * 5000])
def test_forged_link_is_not_found(cast: Cast, token: str) -> None:
    cast.submitted()
    for client in (Client(), signed_in(cast.manager)):
        status, text = page(client, f"/decide/{token}/")
        assert status == 404
        assert "no link of ours" in text


def test_expired_link_is_gone(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    with time_machine.travel(timezone.now() + dt.timedelta(days=46)):
        client = signed_in(cast.manager)
        status, text = page(client, url)
        assert (status, "too old" in text) == (410, True)
        assert client.post(url, YES).status_code == 410
    assert status_of(request) == S.WITH_MANAGER


def test_used_link_is_gone_and_leads_to_the_request(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    client = signed_in(cast.manager)
    client.post(url, YES)
    status, text = page(client, url)
    assert (status, "used already" in text) == (410, True)
    assert request.get_absolute_url() in text
    assert client.post(url, {"answer": "decline", "reason": "cover"}).status_code == 410
    assert status_of(request) == S.WITH_HOST


def test_dead_link_shows_the_request_to_nobody_without_a_session(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    perform(request, "withdraw", actor=cast.shadow, reason="workload")
    status, text = page(Client(), url)
    assert (status, "changed or been answered" in text) == (410, True)
    assert str(request.pk) not in text
    assert "Sam" not in text


def test_link_dies_when_the_request_changes(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    Request.objects.filter(pk=request.pk).update(version=request.version + 1)
    assert page(signed_in(cast.manager), url)[0] == 410


def test_link_dies_when_it_was_answered_in_the_site(cast: Cast) -> None:
    request = cast.submitted()
    url = link_for(cast.manager)
    perform(request, "decline", actor=cast.manager, reason="cover")
    status, text = page(signed_in(cast.manager), url)
    assert (status, "changed or been answered" in text) == (410, True)


def test_link_of_a_replaced_manager_is_gone(cast: Cast) -> None:
    by_link_alone(cast)
    request = cast.submitted()
    url = link_for(cast.manager)
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=member(cast.library))
    for client in (Client(), signed_in(cast.manager)):
        assert "Somebody else is the line manager now" in page(client, url)[1]
        assert client.post(url, YES).status_code == 410
    assert status_of(request) == S.WITH_MANAGER


def test_link_of_a_manager_who_left_is_gone(cast: Cast) -> None:
    by_link_alone(cast)
    request = cast.submitted()
    url = link_for(cast.manager)
    Person.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert Client().get(url).status_code == 410
    assert Client().post(url, YES).status_code == 410
    assert status_of(request) == S.WITH_MANAGER


def test_link_of_a_deputy_whose_time_is_over_is_gone(cast: Cast) -> None:
    by_link_alone(cast)
    request = cast.submitted()
    url = link_for(cast.manager)
    DecisionLink.objects.update(person=cast.deputy)
    assert Client().get(url).status_code == 200
    Delegation.objects.all().delete()
    for client in (Client(), signed_in(cast.deputy)):
        status, text = page(client, url)
        assert (status, "no longer act" in text) == (410, True)
        assert client.post(url, YES).status_code == 410
    assert status_of(request) == S.WITH_MANAGER
