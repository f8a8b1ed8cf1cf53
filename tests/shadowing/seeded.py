"""The demo organisation, made once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.models import Person


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The organisation, made once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def db(demo: None) -> Iterator[None]:
    """What one test does, the next does not see.

    It stands in for pytest-django's fixture of that name, by which tests that want the tables are known:
    without it, a run of these tests alone would find none.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def person(name: str) -> Person:
    """One of the demo's named people."""
    found: Person = Person.objects.get(email=f"{name}@example.ac.uk")
    return found
