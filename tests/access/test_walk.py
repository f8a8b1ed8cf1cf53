"""Test every URL, method and role against the access matrix."""

from __future__ import annotations

import pytest

from tests.access.table import METHODS, lines, names_of_addresses, sections
from tests.access.walk import Walk
from tests.access.world import World

ADD = "Add a GET and a POST line for it to tests/access/table.txt (or admin.txt); its head says how."


def test_every_address_has_its_lines() -> None:
    named = {(line.name, line.method) for line in lines()}
    wanted = {(name, method) for name in names_of_addresses() for method in METHODS}
    missing = sorted(f"{method} {name}" for name, method in wanted - named)
    assert not missing, f"No line says who gets in at {', '.join(missing)}. {ADD}"


def test_every_line_names_an_address() -> None:
    there = names_of_addresses()
    gone = [line.where for line in lines() if line.name not in there]
    assert not gone, f"The site has no such address, take the lines out: {gone}"


def test_access_table_has_no_duplicate_line() -> None:
    found = [(line.name, line.action, line.record, line.method) for line in lines()]
    assert sorted(found) == sorted(set(found))


@pytest.mark.django_db
def test_columns_are_people_of_the_world(world: World) -> None:
    columns = {role for line in lines() for role in line.cells}
    assert columns == set(world.roles)


@pytest.mark.django_db
@pytest.mark.parametrize("section", sections())
def test_every_request_matches_the_access_matrix(walk: Walk, section: str) -> None:
    troubles, tried = list[str](), set[str]()
    for line in lines():
        if line.section == section:
            troubles += walk.troubles(line)
            if line.method == "GET" and line.name not in tried:
                tried.add(line.name)
                troubles += walk.troubles_of_others(line)
    assert not troubles, "\n" + "\n".join(troubles)
