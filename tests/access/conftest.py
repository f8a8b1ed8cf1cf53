"""Fixture: one world for all tests of a file; what each test writes is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoDbBlocker

from config import urls
from tests.access.walk import Walk
from tests.access.world import World, build
from tests.cast import new_cast


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Build the world once for a file; remove it after its last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(new_cast())
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def walk(world: World) -> Iterator[Walk]:
    """Everybody of the world, signed in.

    Refusals by the thousand are what is asked for here: they are not logged, and their pages not drawn.
    """
    logging.disable(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", partial(_plain, status), raising=False)
        yield Walk(world)
    logging.disable(logging.NOTSET)


def _plain(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=status)
