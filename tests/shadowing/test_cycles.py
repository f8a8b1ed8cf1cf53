"""The coordinator's pages of appraisal years: who has them, what they do, and that they show counts only."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import HistoryEntry, Person
from appraisals.enums import AppraisalStatus, ExemptReason, TalkOutcome
from appraisals.exports.cycle import HEADER
from appraisals.models import Appraisal, Cycle, CycleExport, Opening
from appraisals.workflow import exporting, opening
from tests.appraisals.filled import filled
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, CycleFactory, ObjectiveFactory, PersonFactory, SchemeFactory
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db
LIST = "/coordinate/cycles/"
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture
def cycle(db: None) -> Cycle:
    return CycleFactory.create()


@pytest.fixture
def coordinator(cast: Cast) -> Client:
    return signed_in(cast.coordinator)


def url(cycle: Cycle, page: str = "") -> str:
    return f"{LIST}{cycle.starts_on.isoformat()}/{page}"


def pages(cycle: Cycle, appraisal: Appraisal) -> list[str]:
    of_cycle = ("", "edit/", "progress/", "open/", "people/", "people/?q=sam", f"people/{appraisal.pk}/")
    return [
        LIST,
        f"{LIST}new/",
        f"{LIST}columns/",
        f"{LIST}columns.csv",
        *(url(cycle, page) for page in of_cycle),
    ]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def given(**changed: str) -> dict[str, str]:
    return {"name": "2040/41", "starts_on": "2040-08-01", "ends_on": "2041-07-31", "talk_from": "", **changed}


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {name: list(sentences) for name, sentences in answer.context["form"].errors.items()}


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


def test_desk_leads_there(coordinator: Client) -> None:
    assert f'href="{LIST}"' in text(coordinator.get("/coordinate/"))


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
    assert "hx-trigger" not in shown


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


# --- counts only -----------------------------------------------------------------------------------------


def test_page_shows_numbers_and_nobodys_words(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    appraisal = filled(AppraisalFactory.create(person=cast.shadow, cycle=cycle), cast)
    AppraisalFactory.create(person=cast.stranger, cycle=cycle)
    facts = dict(coordinator.get(url(cycle)).context["facts"])
    everybody = Person.objects.count()
    assert facts["Open"] == "2"
    assert (facts["Have talked about shadowing"], facts["Have not talked yet"]) == ("1", "1")
    assert facts["Work here and have no appraisal"] == str(everybody - 2)
    assert facts["Visits that took place"] == facts["People who have been on a visit"] == "1"
    assert (facts["Visits agreed and to come"], facts["Evidence notes released"]) == ("1", "1")
    assert facts["Evidence notes acknowledged"] == "1"
    for page in pages(cycle, appraisal):
        shown = text(coordinator.get(page))
        assert "CANARY" not in shown, page


def test_exempt_are_counted_by_reason(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    for person, reason in ((cast.shadow, ExemptReason.PROBATION), (cast.host, ExemptReason.LONG_ABSENCE)):
        exempt(coordinator, AppraisalFactory.create(person=person, cycle=cycle), reason=reason)
    facts = dict(coordinator.get(url(cycle)).context["facts"])
    assert facts["Exempt"] == "2: 1 on probation, 1 on long absence"


def test_page_costs_the_same_however_many_there_are(
    cast: Cast, coordinator: Client, cycle: Cycle, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        AppraisalFactory.create(person=member(cast.library), cycle=cycle)
    for page, most in ((url(cycle), 14), (LIST, 6), (url(cycle, "people/?q=person"), 7)):
        with django_assert_max_num_queries(most):
            coordinator.get(page)


def test_appraisal_itself_stays_closed_to_coordinators(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    endings = ("", "summary.pdf", "summary.csv", "summary.json")
    assert {coordinator.get(f"/appraisals/{appraisal.pk}/{end}").status_code for end in endings} == {404}


# --- exemptions ------------------------------------------------------------------------------------------


def exempt(client: Client, appraisal: Appraisal, **sent: str) -> HttpResponse:
    answer = client.post(url(appraisal.cycle, f"people/{appraisal.pk}/"), sent)
    assert isinstance(answer, HttpResponse)
    return answer


def test_person_is_found_with_state_and_without_words(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    shown = text(coordinator.get(url(cycle, "people/?q=sam shad")))
    assert "Sam Shadow" in shown
    assert url(cycle, f"people/{appraisal.pk}/") in shown
    assert "No appraisal in this cycle" in text(coordinator.get(url(cycle, "people/?q=stan")))
    assert "Nobody found" in text(coordinator.get(url(cycle, "people/?q=%00zzz")))


def test_person_is_exempted_and_taken_in_again(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    assert exempt(coordinator, appraisal, reason="other", words="On secondment").status_code == 303
    appraisal.refresh_from_db()
    assert (appraisal.status, appraisal.exempt_words) == (AppraisalStatus.EXEMPT, "On secondment")
    assert "Exempt: another reason" in text(coordinator.get(url(cycle, "people/?q=sam")))
    assert "On secondment" not in text(coordinator.get(url(cycle, "people/?q=sam")))
    assert "Take in Sam Shadow again" in text(coordinator.get(url(cycle, f"people/{appraisal.pk}/")))
    assert exempt(coordinator, appraisal).status_code == 303
    appraisal.refresh_from_db()
    assert appraisal.status == AppraisalStatus.OPEN
    acts = HistoryEntry.objects.about(appraisal).values_list("action", "actor")
    assert list(acts) == [("exempt", cast.coordinator.pk), ("include", cast.coordinator.pk)]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "reason"),
        ({"reason": "left"}, "reason"),
        ({"reason": "nonsense"}, "reason"),
        ({"reason": "other"}, "words"),
        ({"reason": "other", "words": "x" * 301}, "words"),
        ({"reason": "other", "words": "a\x00b"}, "words"),
    ],
)
def test_exemption_without_a_true_reason_is_refused(
    cast: Cast, coordinator: Client, cycle: Cycle, sent: dict[str, str], field: str
) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    assert list(errors(exempt(coordinator, appraisal, **sent))) == [field]
    assert Appraisal.objects.get().status == AppraisalStatus.OPEN


def test_nobody_exempts_themselves(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    own = AppraisalFactory.create(person=cast.coordinator, cycle=cycle)
    shown = text(coordinator.get(url(cycle, "people/?q=cora")))
    assert "This is you" in shown
    assert str(own.pk) not in shown
    assert exempt(coordinator, own, reason="probation").status_code == 403


def test_signed_off_appraisal_stays(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    now = timezone.now()
    appraisal = AppraisalFactory.create(
        person=cast.shadow,
        cycle=cycle,
        status=AppraisalStatus.SIGNED_OFF,
        talk_on=TODAY(),
        talk_outcome=TalkOutcome.WILL_SHADOW,
        talk_by=cast.manager,
        person_signed_at=now,
        appraiser_signed_at=now,
        appraiser_signed_by=cast.manager,
    )
    answer = exempt(coordinator, appraisal, reason="probation")
    assert answer.status_code == 409
    assert "signed off on" in text(answer)
    assert str(appraisal.pk) not in text(coordinator.get(url(cycle, "people/?q=sam")))


def test_appraisal_of_another_cycle_is_not_found_there(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    other = CycleFactory.create(name="Old", starts_on=TODAY() - 400 * DAY, ends_on=TODAY() - 101 * DAY)
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=other)
    assert coordinator.get(url(cycle, f"people/{appraisal.pk}/")).status_code == 404


# --- export ----------------------------------------------------------------------------------------------


def fetched(client: Client) -> str:
    answer = client.get(f"{LIST}exports/{CycleExport.objects.get().pk}.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return answer.getvalue().decode("utf-8-sig")


def test_export_is_made_and_fetched(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    filled(AppraisalFactory.create(person=cast.shadow, cycle=cycle), cast)
    assert coordinator.post(url(cycle, "export/")).status_code == 303
    assert "0 of 1 appraisals." in text(coordinator.get(url(cycle)))
    exporting.go_on()
    assert "1 appraisal, " in text(coordinator.get(url(cycle)))
    (row,) = csv.DictReader(io.StringIO(fetched(coordinator)))
    assert (row["name"], row["visits"], row["status"]) == ("Sam Shadow", "1", "open")
    assert "CANARY" not in fetched(coordinator)


def test_export_that_is_being_made_is_not_fetched_yet(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    coordinator.post(url(cycle, "export/"))
    answer = coordinator.get(f"{LIST}exports/{CycleExport.objects.get().pk}.csv")
    assert answer.status_code == 409
    assert "still being made" in text(answer)


def test_export_twice_or_of_nothing_is_refused_with_a_sentence(
    cast: Cast, coordinator: Client, cycle: Cycle
) -> None:
    assert "nothing to export" in text(coordinator.post(url(cycle, "export/")))
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    coordinator.post(url(cycle, "export/"))
    answer = coordinator.post(url(cycle, "export/"))
    assert answer.status_code == 409
    assert "is being made at the moment" in text(answer)


def test_export_is_for_coordinators_alone(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    coordinator.post(url(cycle, "export/"))
    exporting.go_on()
    address = f"{LIST}exports/{CycleExport.objects.get().pk}.csv"
    codes = {name: signed_in(person).get(address).status_code for name, person in cast.people().items()}
    assert {name for name, code in codes.items() if code == 200} == {"coordinator"}
    assert {code for name, code in codes.items() if name != "coordinator"} == {404}


def test_expired_export_is_not_found(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    coordinator.post(url(cycle, "export/"))
    exporting.go_on()
    CycleExport.objects.update(expires_at=timezone.now())
    address = f"{LIST}exports/{CycleExport.objects.get().pk}.csv"
    assert coordinator.get(address).status_code == 404
    assert "(CSV)" not in text(coordinator.get(url(cycle)))


def test_columns_are_explained_as_a_page_and_as_a_sheet(coordinator: Client) -> None:
    rows = list(csv.reader(io.StringIO(coordinator.get(f"{LIST}columns.csv").content.decode("utf-8-sig"))))
    shown = text(coordinator.get(f"{LIST}columns/"))
    assert rows[0] == ["column", "meaning", "form"]
    assert [row[0] for row in rows[1:]] == HEADER
    assert all(f"<code>{row[0]}</code>" in shown for row in rows[1:])


def test_objectives_are_counted(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    ObjectiveFactory.create(appraisal=appraisal, position=1)
    ObjectiveFactory.create(appraisal=appraisal, position=2, agreed_at=timezone.now(), agreed_by=cast.manager)
    ObjectiveFactory.create(appraisal=appraisal, position=3, dropped_at=timezone.now())
    coordinator.post(url(cycle, "export/"))
    exporting.go_on()
    (row,) = csv.DictReader(io.StringIO(fetched(coordinator)))
    assert (row["objectives"], row["objectives_agreed"]) == ("2", "1")
