"""The tree of departments, and the page of each department."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.enums import DepartmentKind
from departments.models import Coordinator, Department, Site
from shadowing.enums import OfferStatus
from tests.cast import Cast, member
from tests.factories import DepartmentFactory, OfferFactory, PersonFactory, SessionFactory

LIST = "/departments/"


@pytest.fixture
def reader(cast: Cast, client: Client) -> Client:
    """The stranger, signed in."""
    client.force_login(cast.stranger)
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_pages_want_a_signed_in_person(client: Client, cast: Cast) -> None:
    assert client.get(LIST).status_code == 302
    assert client.get(cast.library.get_absolute_url()).status_code == 302


def test_pages_answer_reading_only(reader: Client, cast: Cast) -> None:
    assert reader.post(LIST).status_code == 405
    assert reader.post(cast.library.get_absolute_url()).status_code == 405


def test_tree_shows_departments_with_their_teams_colours_and_offers(reader: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(name="Service Desk", parent=cast.it, kind=DepartmentKind.TEAM)
    SessionFactory.create(offer=OfferFactory.create(department=team, scheme=cast.scheme, host=cast.host))
    text = page(reader, LIST)
    assert text.index("Professional Services") < text.index("IT Services") < text.index("Service Desk")
    assert "dept-7" in text
    assert f"/offers/?department={cast.it.code}" in text
    assert ">2 visits" in text  # the department's own and the team's
    assert '<span class="soft">1 visit</span>' in text  # the team's


def test_tree_counts_only_what_can_be_asked_for(reader: Client, cast: Cast) -> None:
    for status in (OfferStatus.PAUSED, OfferStatus.DRAFT, OfferStatus.CLOSED):
        OfferFactory.create(department=cast.library, scheme=cast.scheme, host=cast.host, status=status)
    text = page(reader, LIST)
    assert "department=LIB" not in text
    assert "No visits now" in text


def test_search_finds_names_and_keeps_what_is_above(reader: Client, cast: Cast) -> None:
    DepartmentFactory.create(name="Open Research", parent=cast.library, kind=DepartmentKind.TEAM)
    text = page(reader, f"{LIST}?q=open+RES")
    assert "One department or team has" in text
    assert "Open Research" in text
    assert "Library Services" in text
    assert "IT Services" not in text


@pytest.mark.parametrize("query", ["zzz", "<script>alert(1)</script>", "%00", "x" * 5000, "🙂 \u202e"])
def test_search_for_anything_is_answered_safely(reader: Client, query: str) -> None:
    text = page(reader, f"{LIST}?q={query}")
    assert "<script>alert" not in text
    assert len(text) < 50_000


def test_search_without_a_match_says_so(reader: Client) -> None:
    text = page(reader, f"{LIST}?q=zzz")
    assert "No department or team has" in text
    assert "Show all departments" in text


def test_empty_tree_says_what_will_be_here(client: Client, db: None) -> None:
    client.force_login(PersonFactory.create())
    assert "No departments yet" in page(client, LIST)


def test_loop_in_old_records_does_not_break_the_page(reader: Client, cast: Cast) -> None:
    first = DepartmentFactory.create(name="First", kind=DepartmentKind.TEAM)
    second = DepartmentFactory.create(name="Second", kind=DepartmentKind.TEAM, parent=first)
    type(first).objects.filter(pk=first.pk).update(parent=second)
    page(reader, LIST)


def test_tree_costs_the_same_queries_with_ten_and_a_thousand_departments(reader: Client, cast: Cast) -> None:
    DepartmentFactory.create_batch(6, parent=cast.it)
    few = queries(reader, LIST)
    DepartmentFactory.create_batch(990, parent=cast.library, kind=DepartmentKind.TEAM)
    assert queries(reader, LIST) == few <= 9


def test_detail_says_who_they_are_what_can_be_seen_and_whom_to_ask(reader: Client, cast: Cast) -> None:
    library = cast.library
    library.summary, library.visitors_see = "We keep books.\nAnd people.", "The strongroom."
    library.contact_email, library.head = "lib@example.ac.uk", cast.manager
    library.site = Site.objects.create(name="Mount Pleasant", address="Brownlow Hill")
    library.save()
    team = DepartmentFactory.create(name="Open Research", parent=library, kind=DepartmentKind.TEAM)
    text = page(reader, library.get_absolute_url())
    for expected in (
        "We keep books.",
        "The strongroom.",
        "mailto:lib@example.ac.uk",
        "Mary Manager",
        "Mount Pleasant",
        "Brownlow Hill",
        "Dee Dept",  # the coordinator
        "Professional Services",
        team.get_absolute_url(),
    ):
        assert expected in text, expected


def test_detail_of_a_team_names_the_coordinator_of_its_department(reader: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.library, kind=DepartmentKind.TEAM)
    assert "Coordinator of Library Services" in page(reader, team.get_absolute_url())
    own = Coordinator.objects.create(department=team, person=cast.stranger)
    text = page(reader, team.get_absolute_url())
    assert "Coordinator of Library Services" not in text
    own.person.is_active = False
    own.person.save()


def test_detail_shows_offers_of_its_teams_and_the_way_to_all_of_them(reader: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it, kind=DepartmentKind.TEAM)
    for number in range(8):
        offer = OfferFactory.create(
            department=team, scheme=cast.scheme, host=cast.host, title=f"Visit {number}"
        )
        SessionFactory.create(offer=offer)
    text = page(reader, cast.it.get_absolute_url())
    assert text.count("row-link") == 6 + 1  # six offers, one team
    assert "See all 9 visits" in text
    assert "/offers/?department=ITS" in text


def test_detail_without_offers_shows_another_way(reader: Client, cast: Cast) -> None:
    assert "No visit can be asked for here" in page(reader, cast.library.get_absolute_url())


@pytest.mark.parametrize("closed", ["department", "above"])
def test_closed_department_says_so_and_shows_no_offers(reader: Client, cast: Cast, closed: str) -> None:
    shut = cast.it if closed == "department" else Department.objects.get(code="DIV")
    shut.is_open = False
    shut.save()
    text = page(reader, cast.it.get_absolute_url())
    assert f"{shut.name} does not take part at the moment" in text
    assert cast.offer.title not in text


def test_closed_department_is_marked_in_the_tree(reader: Client, cast: Cast) -> None:
    cast.library.is_open = False
    cast.library.save()
    assert "Does not take part" in page(reader, LIST)


@pytest.mark.parametrize("code", ["NOPE", "lib", "%00", "..", "<script>", "x" * 3000])
def test_unknown_code_is_404(reader: Client, code: str) -> None:
    assert reader.get(f"/departments/{code}/").status_code == 404


def test_edit_link_is_for_those_who_may_edit(client: Client, cast: Cast) -> None:
    edit = reverse("admin:departments_department_change", args=[cast.library.pk])
    for person in (cast.stranger, cast.dept_coordinator, cast.coordinator, cast.manager):
        client.force_login(person)
        assert edit not in page(client, cast.library.get_absolute_url())
    client.force_login(PersonFactory.create(is_staff=True))
    assert edit not in page(client, cast.library.get_absolute_url())
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    assert edit in page(client, cast.library.get_absolute_url())


def test_typed_texts_are_shown_as_text(reader: Client, cast: Cast) -> None:
    cast.library.summary = cast.library.visitors_see = "<script>alert(1)</script>"
    cast.library.save()
    assert "<script>alert" not in page(reader, cast.library.get_absolute_url())
    assert "<script>alert" not in page(reader, LIST)


def test_detail_costs_the_same_queries_whatever_is_below_and_offered(reader: Client, cast: Cast) -> None:
    path = cast.it.get_absolute_url()
    few = queries(reader, path)
    for department in DepartmentFactory.create_batch(40, parent=cast.it, kind=DepartmentKind.TEAM):
        offer = OfferFactory.create(department=department, scheme=cast.scheme, host=cast.host)
        SessionFactory.create(offer=offer)
    for _ in range(5):
        Coordinator.objects.create(department=cast.it, person=member(cast.it))
    assert queries(reader, path) == few <= 14
