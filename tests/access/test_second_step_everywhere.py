"""Test the whole access matrix for administrators without the second factor.

They must get in nowhere that others do not. In a file of its own, because the fixture's world lasts for a
file and no other cast can exist beside it.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.access.table import GOT_IN, lines
from tests.access.test_second_step import refused
from tests.access.walk import Walk

IN = GOT_IN | {"yes"}


@pytest.mark.django_db
def test_administrator_without_the_step_gets_in_nowhere_others_do_not(walk: Walk, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    wrong, tried = [], 0
    for line in lines():
        stranger = line.cells.get("stranger") or line.cells.get("staff")
        if line.cells["admin"] not in IN or stranger in IN or line.name == "admin:login":
            continue
        tried += 1
        answer = walk.answer("admin", line.method, walk.url(line))
        if not refused(answer):
            wrong.append(f"{line.where}: {answer.status_code}")
    assert tried > 100
    assert not wrong, "\n" + "\n".join(wrong)
