"""Test allauth's URLs that this site restricts."""

import pytest
from django.test import Client

from accounts.models import Person
from tests.factories import PersonFactory


@pytest.mark.django_db
def test_own_address_is_shown_and_not_changed_here(client: Client) -> None:
    person = PersonFactory.create()
    client.force_login(person)
    assert client.get("/accounts/email/").status_code == 200
    answer = client.post("/accounts/email/", {"action_add": "", "email": "another@example.com"})
    assert answer.status_code == 405
    person.refresh_from_db()
    assert person.email.endswith("@example.ac.uk")


@pytest.mark.django_db
def test_nobody_opens_an_account_for_themselves(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "new@example.com", "password1": "a-long-passphrase", "password2": "a-long-passphrase"},
    )
    assert not Person.objects.filter(email="new@example.com").exists()
