"""The coordinator's pages of appraisal years: counts, exemptions and exports."""

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
from appraisals.models import Appraisal, Cycle, CycleExport
from appraisals.workflow import cycle_export
from tests.appraisals.filled import filled
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, CycleFactory, ObjectiveFactory
from tests.shadowing.cycling import LIST, errors, pages, text, url
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
    Appraisal.objects.filter(cycle=cycle).update(exempt_reason=ExemptReason.LEFT)
    assert dict(coordinator.get(url(cycle)).context["facts"])["Exempt"] == "2: 2 have left"


def test_page_costs_the_same_however_many_there_are(
    cast: Cast, coordinator: Client, cycle: Cycle, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        AppraisalFactory.create(person=member(cast.library), cycle=cycle)
    coordinator.get("/accessibility/")  # counts what is overdue on the desk, for the navigation of a minute
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
    cycle_export.go_on()
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
    cycle_export.go_on()
    address = f"{LIST}exports/{CycleExport.objects.get().pk}.csv"
    codes = {name: signed_in(person).get(address).status_code for name, person in cast.people().items()}
    assert {name for name, code in codes.items() if code == 200} == {"coordinator"}
    assert {code for name, code in codes.items() if name != "coordinator"} == {404}


def test_expired_export_is_not_found(cast: Cast, coordinator: Client, cycle: Cycle) -> None:
    AppraisalFactory.create(person=cast.shadow, cycle=cycle)
    coordinator.post(url(cycle, "export/"))
    cycle_export.go_on()
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
    cycle_export.go_on()
    (row,) = csv.DictReader(io.StringIO(fetched(coordinator)))
    assert (row["objectives"], row["objectives_agreed"]) == ("2", "1")
