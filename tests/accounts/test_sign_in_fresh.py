"""Test that dangerous acts require a recent sign-in, and continue after it."""

from __future__ import annotations

import re

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Person
from accounts.sign_in.recent_sign_in import fresh_sign_in_required
from messaging.models import Message
from tests.factories import PASSWORD, PersonFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db
GUARDED = "/accounts/2fa/totp/activate/"


def without_password() -> Person:
    person = PersonFactory.create()
    person.set_unusable_password()
    person.save()
    return person


def newest_code(person: Person) -> str:
    mail = Message.objects.get(recipient=person)
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.text, re.M)
    assert found
    return found[0]


def test_recent_sign_in_needs_no_confirmation(client: Client) -> None:
    person = PersonFactory.create()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get(GUARDED).status_code == 200


@pytest.mark.parametrize(("minutes", "answer"), [(14, 200), (16, 302)])
def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour(client: Client, minutes: int, answer: int) -> None:
    sign_in(client, PersonFactory.create(), minutes_ago=minutes)
    assert client.get(GUARDED).status_code == answer


def test_password_leads_back_to_where_one_was_asked(client: Client) -> None:
    sign_in(client, PersonFactory.create(), minutes_ago=60)
    asked = client.get(GUARDED)
    assert asked["Location"] == f"/accounts/reauthenticate/?next={GUARDED.replace('/', '%2F')}"
    wrong = client.post("/accounts/reauthenticate/", {"password": "no", "next": GUARDED})
    assert wrong.status_code == 200
    assert client.get(GUARDED).status_code == 302
    right = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": GUARDED})
    assert right["Location"] == GUARDED
    assert client.get(GUARDED).status_code == 200


def test_without_a_password_a_code_by_mail_does_the_same(client: Client) -> None:
    person = without_password()
    sign_in(client, person, minutes_ago=60)
    page = client.get(GUARDED, follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/still-you/")
    assert "Send me a code" in page.content.decode()
    assert not Message.objects.exists()  # a page that is only looked at sends nothing
    sent = client.post("/accounts/still-you/", {"send": "yes", "next": GUARDED}, follow=True)
    assert "Code from the mail" in sent.content.decode()
    assert client.post("/accounts/still-you/", {"code": "nonsense"}).status_code == 200
    assert client.get(GUARDED).status_code == 302
    done = client.post("/accounts/still-you/", {"code": newest_code(person), "next": GUARDED})
    assert done["Location"] == GUARDED
    assert client.get(GUARDED).status_code == 200


def test_a_code_wears_out_after_three_wrong_ones_and_works_once(client: Client) -> None:
    person = without_password()
    sign_in(client, person, minutes_ago=60)
    client.post("/accounts/still-you/", {"send": "yes"})
    code = newest_code(person)
    for _ in range(3):
        client.post("/accounts/still-you/", {"code": "BBBB-BBBB"})
    client.post("/accounts/still-you/", {"code": code})
    assert client.get(GUARDED).status_code == 302


def test_person_with_password_cannot_confirm_by_mail(client: Client) -> None:
    sign_in(client, PersonFactory.create(), minutes_ago=60)
    answer = client.post("/accounts/still-you/", {"send": "yes"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Message.objects.exists()


def test_abandoned_post_is_not_replayed_after_reauthentication(client: Client) -> None:
    sign_in(client, PersonFactory.create(), minutes_ago=60)
    held = "/profile/held/"
    for methods, done in (("post",), True), (("post", "get"), False):
        sign_in(client, PersonFactory.create(), minutes_ago=60)
        for method in methods:
            assert getattr(client, method)(held).status_code == 302
        answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": held})
        assert answer.has_header("Content-Disposition") is done


def test_the_guard_for_other_views_raises_for_a_stale_session(rf: RequestFactory, client: Client) -> None:
    @fresh_sign_in_required
    def dangerous(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    request = rf.post("/")
    request.user = PersonFactory.create()
    request.session = client.session
    with pytest.raises(ReauthenticationRequired):
        dangerous(request)
