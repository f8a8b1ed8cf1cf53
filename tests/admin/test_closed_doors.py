"""What the administration does not show cannot be asked of its address bar either."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Delegation
from tests.cast import Cast
from tests.factories import PersonFactory


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/admin/messaging/message/?text__regex=code",
        "/admin/messaging/message/?link_nonce__startswith=A",
        "/admin/accounts/historyentry/?reason__icontains=e",
        "/admin/shadowing/request/?want_to_see__icontains=the",
    ],
)
def test_hidden_column_is_no_filter(admin: Client, address: str) -> None:
    answer = admin.get(address)
    assert answer.status_code in (302, 400)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/messaging/message/?status__exact=sent",
        "/admin/shadowing/request/?status__exact=agreed",
        "/admin/departments/department/?kind__exact=team",
    ],
)
def test_offered_filter_works(admin: Client, address: str) -> None:
    assert admin.get(address).status_code == 200


def test_drafts_are_their_authors_alone(admin: Client, cast: Cast) -> None:
    draft = cast.draft()
    assert admin.get(f"/admin/shadowing/request/{draft.pk}/change/").status_code == 302


@pytest.mark.parametrize("page", ["mfa/authenticator", "account/emailaddress", "socialaccount/socialtoken"])
def test_secrets_of_signing_in_have_no_page(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/{page}/").status_code == 404


def test_words_of_a_no_are_not_shown_in_the_outbox(admin: Client, cast: Cast) -> None:
    from_manager = cast.declined("We are in the middle of year-end closing.")
    message = from_manager.shadow.messages.get(template="request_declined_to_shadow")
    page = admin.get(f"/admin/messaging/message/{message.pk}/change/").content.decode()
    assert "closing" not in page


def test_delegation_is_added_and_a_wrong_one_refused_in_words(admin: Client, cast: Cast) -> None:
    cast.manager.delegations.all().delete()
    today = timezone.localdate()
    given = {"manager": cast.manager.pk, "deputy": cast.deputy.pk, "starts_on": today, "ends_on": ""}
    assert admin.post("/admin/accounts/delegation/add/", given).status_code == 302
    assert Delegation.objects.get().deputy == cast.deputy
    again = admin.post("/admin/accounts/delegation/add/", {**given, "deputy": cast.stranger.pk})
    assert "Dev Deputy stands in" in again.content.decode()
    oneself = admin.post("/admin/accounts/delegation/add/", {**given, "deputy": cast.manager.pk})
    assert "A deputy has to be somebody else." in oneself.content.decode()


def test_old_address_opens_nothing_once_the_person_has_a_new_one(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.stranger, email=cast.stranger.email, verified=True, primary=True)
    old = cast.stranger.email
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(email="renamed@example.ac.uk")
    assert not EmailAddress.objects.filter(email=old).exists()


def test_address_of_a_newcomer_is_nobody_elses(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.stranger, email="new@example.ac.uk", verified=True, primary=True)
    PersonFactory.create(email="new@example.ac.uk")
    assert not EmailAddress.objects.exists()


def test_personal_pages_are_not_kept_by_a_shared_browser(client: Client, cast: Cast) -> None:
    client.force_login(cast.shadow)
    assert client.get("/").headers["Cache-Control"] == "private, no-store"


def test_nul_in_an_address_is_refused(admin: Client) -> None:
    assert admin.get("/admin/shadowing/request/?status__exact=%00").status_code == 400


def test_page_seen_before_the_request_changed_decides_nothing(client: Client, cast: Cast) -> None:
    request = cast.submitted()
    client.force_login(cast.manager)
    answer = client.post(f"/requests/{request.pk}/decide/", {"seen": "1", "answer": "approve"})
    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.status == "with_manager"
