"""Addresses of the desk that are nonsense, or of items that do not exist."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.coordination.test_coordinate import URL, items_on
from tests.shadowing.links import signed_in
from tests.shadowing.stuck import overdue


@pytest.mark.parametrize(
    "query",
    [
        *("show=x", "kind=help", "department=NO", "after=x", "show=%00", f"after={'9' * 400}", "kind="),
        *("sort=x", "q=%00", "sort=person&after=9999999999999999999999_2026-01-01_x", "sort=due&after=x_y"),
        *("sort=due&after=99999-01-01_x", "after=0001-01-01T00:00:00%2b14:00_x", "tick=x"),
    ],
)
def test_nonsense_in_the_address_shows_the_usual(cast: Cast, query: str) -> None:
    item = overdue(cast.submitted())
    assert items_on(signed_in(cast.coordinator), f"{URL}?{query}") == [item]


def test_addresses_of_nothing_are_not_found(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    for name in ("desk-remind", "desk-send-again", "desk-ask-other"):
        url = reverse(f"coordination:{name}", args=[uuid.uuid4()])
        assert client.post(url).status_code in (404, 405)
        assert client.get(url).status_code == 404
