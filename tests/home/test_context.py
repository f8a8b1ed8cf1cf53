"""The template context that every page has about its viewer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person, WaitingItem
from home.context import at_a_glance
from tests.cast import Cast
from tests.factories import DelegationFactory, PersonFactory


def asked_by(person: Person | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = person
    return request


def wait_for(person: Person, number: int = 1) -> WaitingItem:
    return WaitingItem.objects.create(
        owner=person,
        kind="manager_decision",
        subject_type="accounts.person",
        subject_id=f"00000000-0000-0000-0000-{number:012}",
        deputies_may_act=True,
    )


@pytest.mark.django_db
def test_waiting_count_counts_open_items_of_the_person() -> None:
    person = PersonFactory.create()
    wait_for(person)
    wait_for(person, 2)
    wait_for(PersonFactory.create())
    assert at_a_glance(asked_by(person))["waiting_count"]() == 2


@pytest.mark.django_db
def test_waiting_count_leaves_out_what_is_done() -> None:
    person = PersonFactory.create()
    item = wait_for(person)
    item.closed_at = timezone.now()
    item.save()
    assert at_a_glance(asked_by(person))["waiting_count"]() == 0


@pytest.mark.django_db
def test_waiting_count_includes_what_a_deputy_may_do() -> None:
    manager, deputy = PersonFactory.create(), PersonFactory.create()
    DelegationFactory.create(manager=manager, deputy=deputy)
    wait_for(manager)
    assert at_a_glance(asked_by(deputy))["waiting_count"]() == 1


def test_those_who_coordinate_a_branch_or_a_scheme_are_known(cast: Cast) -> None:
    found = {name for name, person in cast.people().items() if at_a_glance(asked_by(person))["coordinates"]()}
    assert found == {"coordinator", "dept_coordinator"}


@pytest.mark.django_db
def test_database_is_asked_once_for_all_of_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = at_a_glance(asked_by(PersonFactory.create()))
    with django_assert_num_queries(1):
        assert known["waiting_count"]() == known["waiting_count"]() == 0
        assert known["coordinates"]() is False


@pytest.mark.django_db
def test_database_is_not_asked_by_pages_that_show_nothing_of_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = PersonFactory.create()
    with django_assert_num_queries(0):
        at_a_glance(asked_by(person))


def test_visitor_is_known_without_the_database() -> None:
    known = at_a_glance(asked_by(AnonymousUser()))
    assert (known["waiting_count"](), known["coordinates"]()) == (0, False)
