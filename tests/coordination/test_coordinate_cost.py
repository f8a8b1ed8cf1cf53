"""The cost of the coordinator's desk does not depend on how much waits."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.coordination.test_coordinate import COORDINATORS, URL
from tests.shadowing.links import signed_in
from tests.shadowing.stuck import lost, many_waiting


def queries(client: Client, url: str = URL) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", sorted(COORDINATORS))
@pytest.mark.parametrize("query", ["", "?show=all", "?show=overdue&kind=manager_decision&department=LIB"])
def test_queries_are_the_same_for_ten_and_for_a_thousand(cast: Cast, who: str, query: str) -> None:
    client = signed_in(cast.people()[who])
    for item in many_waiting(cast, 10, days_overdue=2):
        lost(cast.manager, needed_while=item)
    few = queries(client, URL + query)
    many_waiting(cast, 990, days_overdue=2)
    assert queries(client, URL + query) == few <= 13  # one for what went wrong in the background


def test_list_of_lost_mail_costs_the_same_for_three_and_for_thirty(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    for _ in range(3):
        lost(cast.manager)
    few = queries(client, "/coordinate/mail/")
    for _ in range(27):
        lost(cast.manager)
    assert queries(client, "/coordinate/mail/") == few <= 8  # one for what is overdue, in the navigation
