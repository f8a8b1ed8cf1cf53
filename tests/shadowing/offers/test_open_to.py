"""The list starts with what this person can ask for, in their order, with the next date that has a place."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from departments.enums import DepartmentKind
from departments.models import Membership, Site
from shadowing.models import Session
from shadowing.offers.filters import Directory
from tests.cast import Cast
from tests.factories import DepartmentFactory, SessionFactory, at
from tests.shadowing.offering import open_offer, signed_in

LIST = "/offers/"


def listed(client: Client, person: Person, query: str = "") -> list[str]:
    """The titles of the list, in order."""
    return re.findall(r'class="row-link" href="[^"]+">([^<]+)<', page(client, person, query))


def page(client: Client, person: Person, query: str = "") -> str:
    return signed_in(client, person).get(f"{LIST}?{query}").content.decode()


def test_own_department_is_shown_only_when_asked_for(client: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(code="LIBT", kind=DepartmentKind.TEAM, parent=cast.library)
    for title, department in (("Shelves", cast.library), ("Stamps", team)):
        open_offer(cast, title=title, department=department)
    assert listed(client, cast.shadow) == [cast.offer.title]
    assert {"Shelves", "Stamps"} < set(listed(client, cast.shadow, "show=all"))
    assert set(listed(client, cast.shadow, "department=LIB")) == {"Shelves", "Stamps"}
    assert "show=all" in page(client, cast.shadow)
    cast.scheme.own_department_allowed = True
    cast.scheme.save()
    assert len(listed(client, cast.shadow)) == 3


def test_own_and_requested_offers_are_left_out(client: Client, cast: Cast) -> None:
    assert listed(client, cast.host) == []
    assert "Look among all visits" in page(client, cast.host)
    assert listed(client, cast.shadow) == [cast.offer.title]
    cast.draft()
    assert listed(client, cast.shadow) == [cast.offer.title]
    cast.offer.requests.all().delete()
    cast.submitted()
    assert listed(client, cast.shadow) == []
    assert listed(client, cast.shadow, "show=all") == [cast.offer.title]


def test_search_by_words_finds_every_offer(client: Client, cast: Cast) -> None:
    assert listed(client, cast.host, "q=desk") == [cast.offer.title]
    assert "show=all" not in page(client, cast.host, "q=desk")
    assert listed(client, cast.host, "q=desk&sort=newest") == []


def test_scheme_that_wants_probation_passed_closes_its_offers(client: Client, cast: Cast) -> None:
    cast.shadow.probation_end = timezone.localdate()
    cast.shadow.save()
    assert listed(client, cast.shadow) == [cast.offer.title]
    cast.scheme.probation_passed = True
    cast.scheme.save()
    assert listed(client, cast.shadow) == []


def test_soonest_is_the_next_date_with_a_place(client: Client, cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(starts_at=at(40, 9), ends_at=at(40, 12))
    full = open_offer(cast, title="Full", session={"starts_at": at(5, 9), "ends_at": at(5, 12), "taken": 1})
    open_offer(cast, title="Early", session={"starts_at": at(6, 9), "ends_at": at(6, 12)})
    assert listed(client, cast.shadow, "sort=soonest") == ["Early", cast.offer.title, "Full"]
    SessionFactory.create(offer=full, starts_at=at(7, 9), ends_at=at(7, 12), places=3)
    assert listed(client, cast.shadow, "sort=soonest") == ["Early", "Full", cast.offer.title]
    assert "3 places left" in page(client, cast.shadow, "q=full")


def test_places_are_those_of_the_next_date_not_of_all(client: Client, cast: Cast) -> None:
    for days in (50, 60):
        SessionFactory.create(offer=cast.offer, starts_at=at(days, 9), ends_at=at(days, 12), places=9)
    html = page(client, cast.shadow)
    assert "1 place left" in html
    assert "and 2 more dates" in html


def test_nearest_is_the_own_site_then_the_shortest_way_in_the_tree(client: Client, cast: Cast) -> None:
    here, there = Site.objects.create(name="Here"), Site.objects.create(name="There")
    Membership.objects.filter(person=cast.shadow).update(site=here)
    near = DepartmentFactory.create(code="NEAR", parent=cast.it.parent)
    far = DepartmentFactory.create(code="FAR", kind=DepartmentKind.TEAM, parent=near)
    for title, site, department in (("C", there, near), ("B", here, far), ("A", here, near)):
        open_offer(cast, title=title, site=site, department=department)
    assert listed(client, cast.shadow, "sort=nearest") == ["A", "B", cast.offer.title, "C"]


@pytest.mark.parametrize("sort", ["soonest", "nearest", "newest", "fit", "nonsense"])
@pytest.mark.parametrize("words", ["", "q=desk"])
def test_every_order_shows_each_offer_once_page_by_page(
    client: Client, cast: Cast, sort: str, words: str
) -> None:
    for number in range(24):
        open_offer(cast, title=f"Desk {number}")
    url, seen = f"sort={sort}&{words}", []
    while url:
        html = page(client, cast.shadow, url)
        seen += re.findall(r'class="row-link" href="([^"]+)"', html)
        following = re.search(r'href="/offers/\?([^"]+)" rel="next"', html)
        url = following[1].replace("&amp;", "&") if following else ""
    assert (len(seen), len(set(seen))) == (25, 25)


def test_each_filter_is_a_chip_that_removes_only_itself(client: Client, cast: Cast) -> None:
    html = page(
        client, cast.shadow, "q=desk&kind=observation&when=by-arrangement&department=ITS&sort=soonest"
    )
    chips = re.findall(r'<li><a href="([^"]+)"><span class="visually-hidden">Remove', html)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "/offers/?q=desk&kind=observation&when=by-arrangement&sort=soonest",
        "/offers/?q=desk&department=ITS&when=by-arrangement&sort=soonest",
        "/offers/?q=desk&department=ITS&kind=observation&sort=soonest",
    ]
    assert '<span id="filters-set"> (3)</span>' in html
    part = client.get(f"{LIST}?kind=observation", headers={"HX-Request": "true"}).content.decode()
    assert '<span id="filters-set" hx-swap-oob="true"> (1)</span>' in part


def test_search_that_finds_nothing_in_its_filters_shows_what_comes_close(client: Client, cast: Cast) -> None:
    open_offer(cast, title="Beekeeping on the roof", kind="hands_on")
    assert listed(client, cast.shadow, "q=beekeping&kind=observation") == ["Beekeeping on the roof"]
    html = page(client, cast.shadow, "q=zzzzqq")
    assert "Nothing fits all of that" in html
    assert "No visits" not in html


def test_department_of_the_person_is_read_in_the_same_query(
    cast: Cast, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        directory = Directory(cast.shadow)
        assert directory.own == {cast.library.pk}
        assert directory.distances()[0] == [cast.library.pk]
    assert Directory(None).own == frozenset()


def test_window_counts_from_a_fortnight_ahead(client: Client, cast: Cast) -> None:
    Session.objects.filter(pk=cast.session.pk).update(
        by_arrangement=True, starts_at=timezone.now() - dt.timedelta(days=3), ends_at=at(90)
    )
    open_offer(cast, title="In a week", session={"starts_at": at(7, 9), "ends_at": at(7, 12)})
    open_offer(cast, title="In a month", session={"starts_at": at(30, 9), "ends_at": at(30, 12)})
    assert listed(client, cast.shadow, "sort=soonest") == ["In a week", cast.offer.title, "In a month"]
