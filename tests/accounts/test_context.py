"""What every page knows about the person looking at it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.context import waiting
from accounts.models import Person, WaitingItem
from tests.factories import DelegationFactory, PersonFactory


def asked_by(person: Person | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = person
    return request


def wait_for(person: Person, *, deputies_may_act: bool = False) -> WaitingItem:
    return WaitingItem.objects.create(
        owner=person,
        kind="manager_decision",
        subject_type="accounts.person",
        subject_id="00000000-0000-0000-0000-000000000001",
        deputies_may_act=deputies_may_act,
    )


@pytest.mark.django_db
def test_waiting_count_counts_open_items_of_the_person() -> None:
    person = PersonFactory.create()
    wait_for(person)
    wait_for(PersonFactory.create())
    assert waiting(asked_by(person))["waiting_count"]() == 1


@pytest.mark.django_db
def test_waiting_count_leaves_out_what_is_done() -> None:
    person = PersonFactory.create()
    item = wait_for(person)
    item.closed_at = timezone.now()
    item.save()
    assert waiting(asked_by(person))["waiting_count"]() == 0


@pytest.mark.django_db
def test_waiting_count_includes_what_a_deputy_may_do() -> None:
    manager, deputy = PersonFactory.create(), PersonFactory.create()
    DelegationFactory.create(manager=manager, deputy=deputy)
    wait_for(manager, deputies_may_act=True)
    assert waiting(asked_by(deputy))["waiting_count"]() == 1


@pytest.mark.django_db
def test_waiting_count_asks_the_database_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    count = waiting(asked_by(PersonFactory.create()))["waiting_count"]
    with django_assert_num_queries(1):
        assert count() == count() == 0


@pytest.mark.django_db
def test_waiting_count_is_not_asked_by_pages_that_do_not_show_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = PersonFactory.create()
    with django_assert_num_queries(0):
        waiting(asked_by(person))


def test_waiting_count_of_a_visitor_is_nought_without_the_database() -> None:
    assert waiting(asked_by(AnonymousUser()))["waiting_count"]() == 0
