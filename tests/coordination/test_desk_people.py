"""The search for people on the desk: scope, content of a row, and cost."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, member
from tests.shadowing.links import page, signed_in

URL = "/coordinate/people/"


def test_coordinators_find_people_of_their_branch_and_nobody_else_does(cast: Cast) -> None:
    assert "Sam Shadow" in page(signed_in(cast.dept_coordinator), f"{URL}?q=shadow")[1]
    assert "Nobody found" in page(signed_in(cast.dept_coordinator), f"{URL}?q=stranger")[1]
    assert "Stan Stranger" in page(signed_in(cast.coordinator), f"{URL}?q=stran")[1]
    assert {page(signed_in(who), URL)[0] for who in (cast.manager, cast.host, cast.stranger)} == {404}


def test_row_shows_approver_deputy_and_state_of_year(cast: Cast) -> None:
    cast.agreed()
    cast.draft(session=cast.window(), objectives=["Nobody reads this yet."])
    _, text = page(signed_in(cast.coordinator), f"{URL}?q=sam")
    for words in ("Library Services", "Mary Manager, line manager", "Dev Deputy", "1 of 6", "1 agreed"):
        assert words in text
    assert "A morning at the service desk</a>: agreed" in text
    assert "draft" not in text
    cast.library.head = cast.host_manager
    cast.library.save()
    cast.manager.is_active = False
    cast.manager.save()
    assert "Helga Hostmanager, who heads the branch" in page(signed_in(cast.coordinator), f"{URL}?q=sam")[1]


def test_pages_follow_each_other_by_name_and_cost_the_same(cast: Cast) -> None:
    client, url, seen, cost = signed_in(cast.coordinator), f"{URL}?q=zed", [], []
    for number in range(45):
        member(cast.library, first_name=f"Ann{number:02}", last_name="Zed", line_manager=cast.manager)
    while url:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        seen += [row.name for row in response.context["found"].rows]
        cost.append(len(captured))
        url = response.context["found"].next_url
    assert seen == [f"Ann{number:02} Zed" for number in range(45)]
    assert max(cost) <= 15
    assert client.get(f"{URL}?q=zed&after=forged").context["found"].rows[0].name == "Ann00 Zed"
