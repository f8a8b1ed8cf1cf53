"""Test that production refuses demo people, and that time limits apply to serving only."""

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings

from accounts.models import Person
from config import startup
from config.apps import create_cache_table


@pytest.mark.django_db
def test_production_refuses_demo_people(settings: Settings) -> None:
    settings.DEMO = False
    Person.objects.create(email="shadow@example.ac.uk", first_name="Ada", is_demo=True)
    with pytest.raises(SystemExit, match="demo people"):
        startup.refuse_demo_people()


@pytest.mark.django_db
def test_demo_keeps_demo_people() -> None:
    Person.objects.create(email="shadow@example.ac.uk", first_name="Ada", is_demo=True)
    startup.refuse_demo_people()


@pytest.mark.django_db
def test_limits_are_counted_in_the_database() -> None:
    create_cache_table("default")
    cache.set("tries", 3)
    assert cache.get("tries") == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries WHERE cache_key LIKE '%tries%'")
        assert cursor.fetchone() == (1,)
