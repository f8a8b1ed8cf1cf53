"""Test that the sign-in pages use the site's layout."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_request_login_code", "account_reset_password", "account_reset_password_done"],
)
def test_entrance_page_has_one_heading_language_and_landmarks(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert '<html lang="en-GB">' in page
    assert page.count("<h1") == 1
    assert '<main id="main"' in page
    assert 'aria-label="Main"' not in page


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "mfa_index", "account_email"])
def test_account_page_of_a_person_wears_the_frame(client: Client, name: str) -> None:
    client.force_login(PersonFactory.create())
    page = client.get(reverse(name), follow=True).content.decode()
    assert page.count("<h1") == 1
    assert '<main id="main"' in page


def test_sign_in_lists_the_demo_people_in_the_demo_only(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert "People to try" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    assert "manager@example.ac.uk" in client.get(reverse("account_login")).content.decode()


def test_wrong_password_is_summed_up_at_the_top(client: Client) -> None:
    page = client.post(
        reverse("account_login"), {"login": "x@example.ac.uk", "password": "no"}
    ).content.decode()
    assert 'class="error-summary"' in page


def test_missing_field_is_linked_from_the_summary(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "", "password": ""}).content.decode()
    assert 'href="#id_login"' in page
    assert 'id="id_login_error"' in page


def test_code_page_says_where_the_code_went(client: Client) -> None:
    person = PersonFactory.create()
    page = client.post(
        reverse("account_request_login_code"), {"email": person.email}, follow=True
    ).content.decode()
    assert "Enter the code" in page
    assert person.email in page


def test_sign_up_is_closed_with_a_kind_word(client: Client) -> None:
    assert "comes from your organisation" in client.get("/accounts/signup/").content.decode()


def test_sign_in_itself_says_nothing(client: Client) -> None:
    person = PersonFactory.create()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = client.get(reverse("account_change_password")).content.decode()
    assert "Successfully signed in" not in page
