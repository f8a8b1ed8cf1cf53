"""The pages “whom to ask” and “accessibility”."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from departments.models import Coordinator
from home.views.about import _contacts
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HELP = "home:help"


def page(client: Client, name: str = HELP) -> str:
    return client.get(reverse(name)).content.decode()


def test_help_names_the_line_manager_and_both_coordinators(client: Client, cast: Cast) -> None:
    client.force_login(cast.shadow)
    text = page(client)
    for person in (cast.manager, cast.dept_coordinator, cast.coordinator):
        assert person.email in text


def test_help_leaves_out_who_has_left(client: Client, cast: Cast) -> None:
    cast.manager.is_active = False
    cast.manager.save()
    client.force_login(cast.shadow)
    assert cast.manager.email not in page(client)


def test_help_never_sends_people_to_themselves(client: Client, cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.shadow)
    client.force_login(cast.shadow)
    assert f"mailto:{cast.shadow.email}" not in page(client)


def test_help_names_nobody_to_visitors(client: Client, cast: Cast) -> None:
    text = page(client)
    assert "Sign in to see who helps" in text
    assert cast.coordinator.email not in text


def test_help_of_a_person_without_department_still_answers(client: Client, cast: Cast) -> None:
    cast.stranger.membership.delete()
    cast.stranger.line_manager = None
    cast.stranger.save()
    client.force_login(cast.stranger)
    assert "No coordinator is named" in page(client)


def test_help_asks_a_bounded_number_of_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        _contacts(cast.shadow)


@pytest.mark.parametrize("name", [HELP, "home:accessibility"])
def test_page_about_the_service_is_open_and_changes_nothing(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
    assert client.post(reverse(name)).status_code == 405


def test_footer_leads_to_both_pages(client: Client) -> None:
    text = page(client, "home:accessibility")
    assert f'href="{reverse(HELP)}"' in text
    assert f'href="{reverse("home:accessibility")}"' in text
