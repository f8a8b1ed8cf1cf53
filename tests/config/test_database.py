"""Test that a statement may have more values than PostgreSQL's protocol can bind."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Person
from config.database import MOST_VALUES, PREPARED_STATEMENTS
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
TOO_MANY = MOST_VALUES + 1


def test_list_of_keys_may_be_longer_than_the_protocol_allows() -> None:
    person = PersonFactory.create(first_name="100 %")
    found = Person.objects.filter(pk__in=[person.pk, *range(-TOO_MANY, 0)], first_name__contains="%")
    assert found.get() == person


def test_rows_made_at_once_may_have_more_values() -> None:
    columns = len(AuditEntry._meta.local_concrete_fields)
    person = PersonFactory.create()
    rows = [
        AuditEntry(kind=AuditKind.ACTED, how=How.PAGE, what="50 % of %s", actor=person)
        for _ in range(MOST_VALUES // columns + 2)
    ]
    AuditEntry.objects.bulk_create(rows)
    assert AuditEntry.objects.filter(what="50 % of %s").count() == len(rows)


def test_connection_keeps_prepared_statements() -> None:
    connection.ensure_connection()
    assert connection.connection.prepared_max == PREPARED_STATEMENTS
