"""Opening a cycle: who gets an appraisal, from whom, who is exempt, and that it can be repeated safely."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal, Cycle, Opening
from appraisals.workflow import opening
from departments.models import Department
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, CycleFactory, PersonFactory, SchemeFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture
def cycle(db: None) -> Cycle:
    return CycleFactory.create()


def opened(cast: Cast, cycle: Cycle, **given: Any) -> Opening:
    """Everything opened, as the schedule does it."""
    begun = opening.start(cycle, by=cast.coordinator, **given)
    opening.go_on()
    begun.refresh_from_db()
    return begun


def of(person: Person) -> Appraisal:
    return Appraisal.objects.get(person=person)


def above() -> Department:
    """The division above all departments of the cast."""
    division: Department = Department.objects.get(code="DIV")
    return division


def head(branch: Department, person: Person) -> None:
    """Let ``person`` head ``branch``."""
    branch.head = person
    branch.save()


def test_opening_gives_everybody_one_appraisal(cast: Cast, cycle: Cycle) -> None:
    done = opened(cast, cycle)
    everybody = set(Person.objects.values_list("pk", flat=True))
    assert set(Appraisal.objects.values_list("person", flat=True)) == everybody
    assert (done.opened, done.done, done.total) == (len(everybody),) * 3
    assert done.finished_at is not None
    assert of(cast.shadow).department == cast.library
    assert of(cast.shadow).status == AppraisalStatus.OPEN


def test_opening_is_in_history_of_each_appraisal(cast: Cast, cycle: Cycle) -> None:
    opened(cast, cycle)
    entry = HistoryEntry.objects.about(of(cast.shadow)).get()
    assert (entry.action, entry.actor, entry.to_state) == ("open", cast.coordinator, AppraisalStatus.OPEN)


def test_opening_asks_nobody_for_anything(cast: Cast, cycle: Cycle) -> None:
    opened(cast, cycle)
    assert not WaitingItem.objects.exists()


# --- who appraises ---------------------------------------------------------------------------------------


def test_line_manager_appraises(cast: Cast, cycle: Cycle) -> None:
    opened(cast, cycle)
    assert of(cast.shadow).appraiser == cast.manager


def test_nearest_head_appraises_people_without_line_manager(cast: Cast, cycle: Cycle) -> None:
    head(above(), cast.stranger)
    assert opened(cast, cycle).without_appraiser == 1  # the stranger heads their own branch
    assert of(cast.manager).appraiser == cast.stranger
    assert of(cast.stranger).appraiser is None


def test_head_of_the_own_department_comes_before_those_above(cast: Cast, cycle: Cycle) -> None:
    head(cast.library, cast.dept_coordinator)
    head(above(), cast.stranger)
    opened(cast, cycle)
    assert of(cast.manager).appraiser == cast.dept_coordinator
    assert of(cast.dept_coordinator).appraiser == cast.stranger


def test_manager_and_head_who_have_left_appraise_nobody(cast: Cast, cycle: Cycle) -> None:
    head(cast.library, PersonFactory.create(is_active=False))
    Person.objects.filter(pk=cast.manager.pk).update(is_active=False)
    done = opened(cast, cycle)
    assert of(cast.shadow).appraiser is None
    assert done.without_appraiser == Appraisal.objects.filter(appraiser=None).count() > 0


def test_person_without_a_department_gets_an_appraisal(cast: Cast, cycle: Cycle) -> None:
    alone = PersonFactory.create()
    opened(cast, cycle)
    assert (of(alone).department, of(alone).appraiser) == (None, None)


# --- who gets none, and who is exempt --------------------------------------------------------------------


def test_who_has_left_is_not_opened(cast: Cast, cycle: Cycle) -> None:
    gone = member(cast.library, is_active=False)
    opened(cast, cycle)
    assert not Appraisal.objects.filter(person=gone).exists()


def test_who_starts_after_the_cycle_is_not_opened(cast: Cast, cycle: Cycle) -> None:
    later = member(cast.library, start_date=cycle.ends_on + DAY)
    last_day = member(cast.library, start_date=cycle.ends_on)
    opened(cast, cycle)
    assert not Appraisal.objects.filter(person=later).exists()
    assert of(last_day).status == AppraisalStatus.OPEN


@pytest.mark.parametrize(("days", "exempt"), [(-1, False), (0, True), (90, True)])
def test_probation_that_runs_at_opening_exempts(cast: Cast, cycle: Cycle, days: int, exempt: bool) -> None:
    new = member(cast.library, probation_end=TODAY() + days * DAY)
    done = opened(cast, cycle)
    assert (of(new).status == AppraisalStatus.EXEMPT) is exempt
    assert of(new).exempt_reason == (ExemptReason.PROBATION if exempt else "")
    assert done.exempted == exempt
    assert done.opened == Person.objects.count() - exempt


def test_probation_counts_from_the_first_day_of_a_cycle_to_come(cast: Cast) -> None:
    to_come = CycleFactory.create(name="Next", starts_on=TODAY() + 30 * DAY, ends_on=TODAY() + 390 * DAY)
    over_by_then = member(cast.library, probation_end=TODAY() + 29 * DAY)
    still = member(cast.library, probation_end=TODAY() + 30 * DAY)
    opened(cast, to_come)
    assert (of(over_by_then).status, of(still).status) == (AppraisalStatus.OPEN, AppraisalStatus.EXEMPT)


def test_probation_exempts_nobody_where_the_coordinator_wants_them_in(cast: Cast, cycle: Cycle) -> None:
    new = member(cast.library, probation_end=TODAY() + DAY)
    opened(cast, cycle, exempt_probation=False)
    assert of(new).status == AppraisalStatus.OPEN


def test_long_absence_exempts_named_people(cast: Cast, cycle: Cycle) -> None:
    opened(cast, cycle, absent=["  STRANGER@example.ac.uk "])
    away = of(cast.stranger)
    assert (away.status, away.exempt_reason) == (AppraisalStatus.EXEMPT, ExemptReason.LONG_ABSENCE)
    steps = list(HistoryEntry.objects.about(away).values_list("action", "from_state", "to_state"))
    assert steps == [("open", "", "open"), ("exempt", "open", "exempt")]


def test_listed_emails_are_read_however_they_are_divided(cast: Cast) -> None:
    found = opening.known_emails("Host@example.ac.uk;\n stranger@example.ac.uk, host@example.ac.uk")
    assert found == ["host@example.ac.uk", "stranger@example.ac.uk"]


def test_email_that_is_nobodys_is_named(cast: Cast) -> None:
    Person.objects.filter(pk=cast.host.pk).update(is_active=False)
    with pytest.raises(opening.UnknownEmailError) as refused:
        opening.known_emails("typo@example.ac.uk stranger@example.ac.uk host@example.ac.uk")
    assert "“typo@example.ac.uk”, “host@example.ac.uk”" in refused.value.sentence
    assert "stranger" not in refused.value.sentence


def test_many_unknown_emails_are_counted(cast: Cast) -> None:
    with pytest.raises(opening.UnknownEmailError, match="and 3 more"):
        opening.known_emails(" ".join(f"nobody{number}@example.ac.uk" for number in range(8)))


# --- nothing twice ---------------------------------------------------------------------------------------


def test_who_has_one_already_keeps_it(cast: Cast, cycle: Cycle) -> None:
    own = AppraisalFactory.create(person=cast.shadow, cycle=cycle, appraiser=cast.stranger)
    done = opened(cast, cycle)
    assert (of(cast.shadow).pk, of(cast.shadow).appraiser) == (own.pk, cast.stranger)
    assert (done.there_already, done.opened) == (1, Person.objects.count() - 1)


def test_another_opening_later_takes_in_who_has_come(cast: Cast, cycle: Cycle) -> None:
    opened(cast, cycle)
    new = member(cast.library)
    done = opened(cast, cycle)
    assert (done.opened, done.there_already) == (1, Person.objects.count() - 1)
    assert of(new).cycle == cycle


def test_opening_that_runs_is_not_begun_again(cast: Cast, cycle: Cycle) -> None:
    opening.start(cycle, by=cast.coordinator)
    with pytest.raises(TransitionError, match="are being opened at the moment"):
        opening.start(cycle, by=cast.coordinator)
    assert Opening.objects.count() == 1


def test_cycle_that_is_over_is_not_opened(cast: Cast) -> None:
    over = CycleFactory.create(name="Old", starts_on=TODAY() - 400 * DAY, ends_on=TODAY() - DAY)
    with pytest.raises(TransitionError, match="Old ended on"):
        opening.start(over, by=cast.coordinator)


@pytest.mark.parametrize("who", ["shadow", "manager", "dept_coordinator", "stranger"])
def test_only_coordinators_of_the_whole_organisation_open(cast: Cast, cycle: Cycle, who: str) -> None:
    with pytest.raises(PermissionDenied):
        opening.start(cycle, by=cast.people()[who])
    assert not Opening.objects.exists()


def test_coordinator_of_a_branch_does_not_open(cast: Cast, cycle: Cycle) -> None:
    SchemeFactory.create(name="Library only", branch=cast.library).coordinators.add(cast.stranger)
    with pytest.raises(PermissionDenied):
        opening.start(cycle, by=cast.stranger)


def test_coordinator_who_has_left_does_not_open(cast: Cast, cycle: Cycle) -> None:
    cast.coordinator.is_active = False
    with pytest.raises(PermissionDenied):
        opening.start(cycle, by=cast.coordinator)


def test_opening_goes_on_chunk_by_chunk(cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "CHUNK", 3)
    begun = opening.start(cycle, by=cast.coordinator)
    assert opening.go_on(seconds=0) == 3
    begun.refresh_from_db()
    assert (begun.done, begun.finished_at, Appraisal.objects.count()) == (3, None, 3)
    assert opening.sentence(begun) == f"3 of {begun.total} people so far."
    assert opening.go_on() == begun.total - 3
    assert opening.go_on() == 0
    begun.refresh_from_db()
    assert opening.sentence(begun).startswith(f"{begun.total} opened, 0 exempt, 0 there already.")


def test_who_comes_meanwhile_is_taken_in(cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "CHUNK", 3)
    begun = opening.start(cycle, by=cast.coordinator)
    opening.go_on(seconds=0)
    new = member(cast.library)
    opening.go_on()
    begun.refresh_from_db()
    assert of(new).cycle == cycle
    assert begun.done == begun.total == Person.objects.count()


def test_queries_do_not_grow_with_the_people_of_a_chunk(
    cast: Cast, cycle: Cycle, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        member(cast.library)
    opening.start(cycle, by=cast.coordinator)
    with django_assert_max_num_queries(25):
        opening.go_on()
