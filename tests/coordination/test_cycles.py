"""The coordinator's pages of appraisal years: permissions, forms and opening."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle, CycleExport, Opening
from appraisals.workflow import opening
from tests.appraisals.filled import filled
from tests.cast import Cast
from tests.factories import AppraisalFactory, CycleFactory, PersonFactory, SchemeFactory
from tests.shadowing.cycling import LIST, errors, given, pages, text, url
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture
def cycle(db: None) -> Cycle:
    return CycleFactory.create()


@pytest.fixture
def coordinator(cast: Cast) -> Client:
    return signed_in(cast.coordinator)


# --- who -------------------------------------------------------------------------------------------------


def test_only_coordinators_of_the_whole_organisation_have_the_pages(cast: Cast, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    for name, person in cast.people().items():
        client = signed_in(person)
        codes = {client.get(page).status_code for page in pages(cycle, appraisal)}
        assert codes == ({200} if name == "coordinator" else {404}), name


def test_coordinator_of_a_branch_has_none_of_them(cast: Cast, cycle: Cycle) -> None:
    SchemeFactory.create(name="Library only", branch=cast.library).coordinators.add(cast.stranger)
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    client = signed_in(cast.stranger)
    assert {client.get(page).status_code for page in pages(cycle, appraisal)} == {404}
    assert LIST not in text(client.get("/coordinate/"))


def test_nobody_else_changes_anything(cast: Cast, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    posts = ("edit/", "open/", f"people/{appraisal.pk}/", "export/")
    for name in ("shadow", "manager", "dept_coordinator", "stranger"):
        client = signed_in(cast.people()[name])
        codes = {
            client.post(url(cycle, page), given(reason="other", words="x")).status_code for page in posts
        }
        assert codes == {404}, name
    assert not Opening.objects.exists()
    assert not CycleExport.objects.exists()
    assert Appraisal.objects.get().status == AppraisalStatus.OPEN


def test_administrator_of_appraisals_runs_cycles_too(cast: Cast, cycle: Cycle) -> None:
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    assert signed_in(admin).get(url(cycle)).status_code == 200


def test_desk_links_to_the_cycles(coordinator: Client) -> None:
    assert f'href="{LIST}"' in text(coordinator.get("/coordinate/"))


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [("0001-01-01", "0001-02-01", {"starts_on", "ends_on"}), ("2027-01-01", "2101-02-01", {"ends_on"})],
)
def test_year_far_away_is_a_slip(coordinator: Client, first: str, last: str, wrong: set[str]) -> None:
    """Such a year broke the list of cycles: the months before a first year have no days."""
    answer = coordinator.post(f"{LIST}new/", given(starts_on=first, ends_on=last))
    assert set(errors(answer)) == wrong
    assert coordinator.get(LIST).status_code == 200


@pytest.mark.parametrize("wrong", ["2019-01-01", "yesterday", "2025-13-01", "1", "٢٠٢٥-٠١-٠١"])
def test_cycle_that_is_not_there_is_not_found(coordinator: Client, cycle: Cycle, wrong: str) -> None:
    assert coordinator.get(f"{LIST}{wrong}/").status_code == 404


def test_what_changes_something_is_not_opened_like_a_page(coordinator: Client, cycle: Cycle) -> None:
    assert coordinator.get(url(cycle, "export/")).status_code == 405
    assert coordinator.post(url(cycle)).status_code == 405


# --- laying down -----------------------------------------------------------------------------------------


def test_first_page_offers_the_first_step(coordinator: Client) -> None:
    shown = text(coordinator.get(LIST))
    assert "No cycle yet" in shown
    assert f"{LIST}new/" in shown


def test_cycle_is_laid_down(coordinator: Client) -> None:
    answer = coordinator.post(f"{LIST}new/", given())
    made = Cycle.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, url(made))
    assert (made.name, made.talk_day) == ("2040/41", dt.date(2041, 5, 31))
    assert "2040/41" in text(coordinator.get(LIST))


def test_cycles_are_listed_newest_first(coordinator: Client) -> None:
    years = [dt.date(year, 8, 1) for year in (2030, 2032, 2031)]
    for year in years:
        ends = year.replace(year=year.year + 1, month=7, day=31)
        CycleFactory.create(name=f"{year}", starts_on=year, ends_on=ends)
    rows = coordinator.get(LIST).context["rows"]
    assert [row.cycle.starts_on for row in rows] == sorted(years, reverse=True)


def test_cycle_is_changed(coordinator: Client, cycle: Cycle) -> None:
    sent = given(starts_on=cycle.starts_on.isoformat(), ends_on=cycle.ends_on.isoformat())
    sent["talk_from"] = cycle.starts_on.isoformat()
    assert coordinator.post(url(cycle, "edit/"), sent).status_code == 303
    cycle.refresh_from_db()
    assert (cycle.name, cycle.talk_day) == ("2040/41", cycle.starts_on)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"ends_on": "2040-07-31"}, "ends_on", "A cycle ends after it starts"),
        ({"ends_on": "2040-08-01"}, "ends_on", "A cycle ends after it starts"),
        ({"ends_on": "2043-07-31"}, "ends_on", "longer than two years"),
        ({"starts_on": "2040-31-31"}, "starts_on", "not a day of the calendar"),
        ({"starts_on": ""}, "starts_on", "required"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 61}, "name", "shorten"),
        ({"name": "a\x00b"}, "name", "invisible"),
        ({"talk_from": "2040-07-31"}, "talk_from", "Choose a day of the cycle"),
        ({"talk_from": "2041-08-01"}, "talk_from", "Choose a day of the cycle"),
    ],
)
def test_days_that_make_no_cycle_are_refused_beside_the_field(
    coordinator: Client, changed: dict[str, str], field: str, sentence: str
) -> None:
    found = errors(coordinator.post(f"{LIST}new/", given(**changed)))
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert not Cycle.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(0, 10), (-10, 0), (264, 300), (-200, 500)])
def test_overlapping_cycle_is_refused_by_name(
    coordinator: Client, cycle: Cycle, first: int, last: int
) -> None:
    days = {"starts_on": (TODAY() + first * DAY).isoformat(), "ends_on": (TODAY() + last * DAY).isoformat()}
    found = errors(coordinator.post(f"{LIST}new/", given(**days)))
    assert "This year covers" in found["starts_on"][0]


def test_cycles_follow_each_other_without_a_gap(coordinator: Client, cycle: Cycle) -> None:
    first = cycle.ends_on + DAY
    days = {"starts_on": first.isoformat(), "ends_on": (first + 300 * DAY).isoformat()}
    assert coordinator.post(f"{LIST}new/", given(**days)).status_code == 303


def test_name_of_another_cycle_is_refused(coordinator: Client, cycle: Cycle) -> None:
    assert "has this name" in errors(coordinator.post(f"{LIST}new/", given(name=cycle.name)))["name"][0]


def test_cycle_is_not_moved_away_from_its_visits(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    filled(AppraisalFactory.create(person=cast.shadow, cycle=cycle), cast)
    last = TODAY() - 50 * DAY
    sent = given(starts_on=cycle.starts_on.isoformat(), ends_on=last.isoformat())
    assert "would fall outside" in errors(coordinator.post(url(cycle, "edit/"), sent))["ends_on"][0]


# --- opening ---------------------------------------------------------------------------------------------


def test_cycle_is_opened_for_everybody_and_its_progress_shown(coordinator: Client, cycle: Cycle) -> None:
    answer = coordinator.post(url(cycle, "open/"), {"exempt_probation": "on", "absent": ""})
    assert (answer.status_code, answer["Location"]) == (303, url(cycle))
    shown = text(coordinator.get(url(cycle)))
    assert f"0 of {Person.objects.count()} people. Started by Cora Coordinator" in shown
    assert f'hx-get="{url(cycle, "progress/")}"' in shown
    assert coordinator.get(url(cycle, "progress/")).get("HX-Refresh") is None
    opening.go_on()
    assert coordinator.get(url(cycle, "progress/"))["HX-Refresh"] == "true"
    shown = text(coordinator.get(url(cycle)))
    assert f"{Person.objects.count()} opened, 0 exempt, 0 there already." in shown
    assert f'hx-get="{url(cycle, "progress/")}"' not in shown


def test_opening_twice_is_refused_with_a_sentence(coordinator: Client, cycle: Cycle) -> None:
    coordinator.post(url(cycle, "open/"), {})
    answer = coordinator.post(url(cycle, "open/"), {})
    assert answer.status_code == 409
    assert "are being opened at the moment" in text(answer)
    assert Opening.objects.count() == 1


def test_what_the_coordinator_chose_goes_with_the_opening(
    cast: Cast, coordinator: Client, cycle: Cycle
) -> None:
    coordinator.post(url(cycle, "open/"), {"absent": "stranger@example.ac.uk\nHost@example.ac.uk"})
    begun = Opening.objects.get()
    assert (begun.exempt_probation, begun.absent) == (False, ["host@example.ac.uk", "stranger@example.ac.uk"])
    assert begun.started_by == cast.coordinator


def test_unknown_email_is_refused_and_nothing_typed_is_lost(coordinator: Client, cycle: Cycle) -> None:
    answer = coordinator.post(url(cycle, "open/"), {"absent": "nobody@example.ac.uk\n=cmd()"})
    assert "“nobody@example.ac.uk”, “=cmd()”" in errors(answer)["absent"][0]
    assert "nobody@example.ac.uk" in text(answer)
    assert not Opening.objects.exists()
