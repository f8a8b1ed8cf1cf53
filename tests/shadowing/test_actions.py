"""One address takes every action on a request: who may, what comes too late, what is kept of the form."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import Person
from shadowing.enums import RequestStatus
from shadowing.models import Request
from tests.cast import Cast

S = RequestStatus


def act_url(request: Request, action: str) -> str:
    return reverse("shadowing:request-act", args=[request.pk, action])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def status_of(request: Request) -> str:
    return Request.objects.values_list("status", flat=True).get(pk=request.pk)


def test_approve_moves_the_request_and_says_what_happens_next(cast: Cast) -> None:
    request = cast.submitted()
    response = signed_in(cast.manager).post(act_url(request, "approve"), follow=False)
    assert response.status_code == 303
    assert response["Location"] == request.get_absolute_url()
    assert status_of(request) == S.WITH_HOST


def test_form_error_shows_the_form_again_with_what_was_typed(cast: Cast) -> None:
    request = cast.submitted()
    typed = {"words": "We are short of people in May", "reason": ""}
    response = signed_in(cast.manager).post(act_url(request, "decline"), typed)
    assert response.status_code == 422
    assert "We are short of people in May" in response.content.decode()
    assert status_of(request) == S.WITH_MANAGER
