"""Filters of the offers page: each alone, all together, and invalid input."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone

from departments.enums import DepartmentKind
from departments.models import Site
from shadowing.offers.filters import Directory, OfferFilter, choices_of, month_of, month_options
from tests.cast import Cast
from tests.factories import DepartmentFactory, OfferFactory, WindowFactory, at
from tests.shadowing.offering import open_offer, titles

DESK = "A morning at the service desk"


def test_department_includes_its_branch(cast: Cast) -> None:
    team = DepartmentFactory.create(code="NET", kind=DepartmentKind.TEAM, parent=cast.it)
    below = DepartmentFactory.create(code="NETX", kind=DepartmentKind.TEAM, parent=team)
    open_offer(cast, title="Cables", department=team)
    open_offer(cast, title="Switches", department=below)
    open_offer(cast, title="Roses", department=cast.estates)
    assert titles("department=ITS") == [DESK, "Cables", "Switches"]
    assert titles("department=NET") == ["Cables", "Switches"]
    assert titles("department=NETX") == ["Switches"]
    assert len(titles("department=DIV")) == 4


@pytest.mark.parametrize(
    ("field", "value", "query"),
    [
        ("kind", "hands_on", "kind=hands_on"),
        ("format", "remote", "format=remote"),
        ("half_days", 1, "length=half-day"),
        ("half_days", 2, "length=day"),
        ("half_days", 3, "length=longer"),
        ("half_days", 6, "length=longer"),
    ],
)
def test_filter_returns_exactly_the_matching_offers(
    cast: Cast, field: str, value: object, query: str
) -> None:
    cast.offer.half_days = 4 if value in (1, 2) else 1
    cast.offer.save()
    open_offer(cast, title="Fits", **{field: value})
    assert titles(query) == ["Fits"]


def test_site_is_filtered_by_its_number(cast: Cast) -> None:
    site = Site.objects.create(name="North Campus")
    open_offer(cast, title="North", site=site)
    assert titles(f"site={site.pk}") == ["North"]


def test_filters_combine(cast: Cast) -> None:
    open_offer(cast, title="Both", kind="hands_on", format="remote")
    open_offer(cast, title="One", kind="hands_on")
    assert titles("kind=hands_on&format=remote&department=ITS&length=half-day") == ["Both"]


@pytest.mark.parametrize(
    "query",
    [
        "department=NOPE",
        "department=its%00",
        "kind=x",
        "format=",
        "length=999",
        "site=abc",
        "site=99999999999999999999999",
        "site=-1",
        "when=yesterday",
        "when=2026-13",
        "when=2026-00",
        "when=1999-01",
        "when=٢٠٢٦-٠١",
        "when=%00",
        "kind=observation%27%20OR%201=1",
        "unknown=1",
        "department[]=ITS",
    ],
)
def test_unknown_value_is_ignored(cast: Cast, query: str) -> None:
    assert titles(query) == [DESK]
    assert OfferFilter.of(QueryDict(query), Directory()).as_query() == ""


@pytest.mark.parametrize("words", ["a\x00b", "a\nb", "  a   b ", "a\u200bb"])
def test_words_become_one_line_of_what_can_be_printed(cast: Cast, words: str) -> None:
    query = QueryDict(mutable=True)
    query["q"] = words
    assert OfferFilter.of(query, Directory()).q == "a b"


def test_words_are_cut_to_a_bound(cast: Cast) -> None:
    query = QueryDict(mutable=True)
    query["q"] = "x" * 10_000
    assert len(OfferFilter.of(query, Directory()).q) == 200


@time_machine.travel("2026-12-10T12:00:00Z", tick=False)
def test_month_holds_its_first_and_last_day_only(cast: Cast) -> None:
    for title, days in (("Last of December", 21), ("First of January", 22), ("Last of January", 52)):
        open_offer(cast, title=title, session={"starts_at": at(days, 9), "ends_at": at(days, 12)})
    cast.session.delete()
    assert titles("when=this-month") == ["Last of December"]
    assert titles("when=2026-12") == ["Last of December"]
    assert titles("when=next-month") == ["First of January", "Last of January"]
    assert titles("when=2027-02") == []


@time_machine.travel("2026-12-10T12:00:00Z", tick=False)
def test_month_needs_a_session_within_it(cast: Cast) -> None:
    offer = open_offer(cast, title="Gap", session={"starts_at": at(10, 9), "ends_at": at(10, 12)})
    offer.sessions.create(starts_at=at(70, 9), ends_at=at(70, 12))
    assert "Gap" in titles("when=2026-12")
    assert "Gap" not in titles("when=2027-01")
    assert "Gap" in titles("when=2027-02")


def test_window_is_found_in_each_of_its_months_and_by_arrangement(cast: Cast) -> None:
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host, title="Window")
    WindowFactory.create(offer=offer)
    month = timezone.localdate() + dt.timedelta(days=50)
    assert "Window" in titles(f"when={month:%Y-%m}")
    assert titles("when=by-arrangement") == ["Window"]


def test_months_are_named_with_the_year_only_where_it_changes() -> None:
    with time_machine.travel("2026-11-05T12:00:00Z"):
        options = dict(month_options())
    assert options["2026-11"] == "This month (November)"
    assert options["2026-12"] == "December"
    assert options["2027-01"] == "January 2027"
    assert options["by-arrangement"] == "By arrangement"
    assert len(options) == 7


def test_month_of_next_month_passes_the_year() -> None:
    with time_machine.travel("2026-12-31T12:00:00Z"):
        assert month_of("next-month") == dt.date(2027, 1, 1)
        assert month_of("this-month") == dt.date(2026, 12, 1)


def test_choices_leave_out_closed_departments_and_mark_the_chosen(cast: Cast) -> None:
    cast.estates.is_open = False
    cast.estates.save()
    wanted = OfferFilter(department="ITS")
    choices = {name: str(options) for name, _, options in choices_of(wanted, Directory())}
    assert '<option value="ITS" selected>\u2003IT Services</option>' in choices["department"]
    assert "Estates" not in choices["department"]
    assert "selected" not in choices["kind"]


def test_choices_escape_names(cast: Cast) -> None:
    cast.it.name = "<script>alert(1)</script>"
    cast.it.save()
    choices = "".join(str(options) for _, _, options in choices_of(OfferFilter(), Directory()))
    assert "<script>" not in choices
    assert "&lt;script&gt;" in choices


def test_query_holds_what_is_asked_for_and_nothing_empty() -> None:
    wanted = OfferFilter(q="exam board", kind="hands_on")
    assert wanted.as_query() == "q=exam+board&kind=hands_on"
    assert wanted.as_query(after="20") == "q=exam+board&kind=hands_on&after=20"
    assert (bool(wanted), wanted.narrowed) == (True, True)
    assert (bool(OfferFilter(q="x")), OfferFilter(q="x").narrowed, bool(OfferFilter())) == (
        True,
        False,
        False,
    )


def test_directory_reads_departments_and_sites_in_one_query(
    cast: Cast, django_assert_num_queries: object
) -> None:
    Site.objects.create(name="North Campus")
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        directory = Directory()
        assert [node.code for _, node in directory.outline] == ["DIV", "EST", "ITS", "LIB"]
    assert list(directory.sites.values()) == ["North Campus"]
