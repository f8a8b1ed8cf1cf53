"""The person who imports HR files, and a department to import into."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Person
from departments.models import Department
from tests.factories import DepartmentFactory, PersonFactory
from tests.signing import sign_in


@pytest.fixture
def admin() -> Person:
    return PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True)


@pytest.fixture
def importer(admin: Person) -> Client:
    return sign_in(Client(), admin)


@pytest.fixture
def library() -> Department:
    return DepartmentFactory.create(code="LIB", name="Library Services")
