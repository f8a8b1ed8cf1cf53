"""Test that a compiled subquery finds what the queryset it was built from finds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from accounts.compiled_queries import compiled, members
from accounts.models import Person
from tests.factories import PersonFactory


@compiled(person=int, joined=dt.datetime, others=set)
def one_or_others(*, person: int, joined: dt.datetime, others: set[int]) -> Any:
    """Return some keys."""
    wanted = Q(pk=person) | Q(pk__in=members(others))
    return Person.objects.filter(wanted, date_joined__lt=joined).order_by().values("pk")


def found(**values: Any) -> set[int]:
    return set(Person.objects.filter(pk__in=one_or_others(**values)).values_list("pk", flat=True))


@pytest.mark.django_db
def test_each_use_has_its_own_values() -> None:
    one, two, three = (PersonFactory.create().pk for _ in range(3))
    later, earlier = timezone.now() + dt.timedelta(days=1), timezone.now() - dt.timedelta(days=1)
    assert found(person=one, joined=later, others={two, three}) == {one, two, three}
    assert found(person=two, joined=later, others=set()) == {two}
    assert found(person=two, joined=earlier, others={one}) == set()


@pytest.mark.django_db
def test_sql_is_built_once() -> None:
    built = list[int]()

    @compiled(person=int)
    def counted(*, person: int) -> Any:
        built.append(person)
        return Person.objects.filter(pk=person).values("pk")

    person = PersonFactory.create()
    for _ in range(3):
        assert Person.objects.get(pk__in=counted(person=person.pk)) == person
    assert len(built) == 1


@pytest.mark.django_db
def test_argument_that_is_not_used_is_an_error() -> None:
    @compiled(person=int, today=dt.date)
    def careless(*, person: int, today: dt.date) -> Any:
        return Person.objects.filter(pk=person).values("pk")

    with pytest.raises(ValueError, match="careless does not use today"):
        careless(person=1, today=timezone.localdate())
