"""Appraisals after staff changes: new line manager, new department, leaving and coming back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Delegation, Person, StaffChange, WaitingItem
from accounts.workflow import TransitionError, perform
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal
from appraisals.policies import appraiser_for, leads
from appraisals.workflow import staff_changes
from departments.models import Department
from schedule.due import run_due
from tests.appraisals.staged import (
    fresh,
    history,
    mailed,
    opened,
    prompted,
    released,
    signed_off,
    talk,
    talked,
    waits,
)
from tests.cast import Cast, member
from tests.factories import DelegationFactory, ObjectiveFactory


def manages(cast: Cast, person: Person | None = None) -> Person:
    """Make Nina, or nobody, the new line manager of the shadow."""
    nina = person or member(cast.library, first_name="Nina", last_name="Newcomer")
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=nina)
    cast.shadow.refresh_from_db()
    return nina


def leaves(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()


def sees(person: Person) -> bool:
    return Appraisal.objects.visible_to(person).exists()


# --- another line manager ---------------------------------------------------------------------------------


def test_former_manager_and_their_deputy_lose_access_at_once(cast: Cast) -> None:
    appraisal = talked(cast)
    assert (sees(cast.manager), sees(cast.deputy)) == (True, True)
    nina = manages(cast)
    assert (sees(cast.manager), sees(cast.deputy), sees(nina)) == (False, False, True)
    for person in (cast.manager, cast.deputy):
        with pytest.raises(PermissionDenied):
            perform(appraisal, "sign_as_appraiser", actor=person)
    assert perform(appraisal, "sign_as_appraiser", actor=nina).appraiser_signed_by == nina


def test_what_waits_moves_to_the_new_manager_with_one_mail(cast: Cast) -> None:
    appraisal = prompted(cast)
    ObjectiveFactory.create(appraisal=appraisal)
    released(cast)
    nina = manages(cast)
    run_due()
    now = fresh(appraisal)
    assert now.appraiser == nina
    assert waits(now) == {
        ("talk", cast.shadow),
        ("talk", nina),
        ("agree_objectives", nina),
        ("acknowledge", nina),
    }
    assert mailed("appraisal_handed_over_to_manager") == {nina}
    assert nina not in mailed("conversation_prompted_to_manager")
    entry = history(now)[-1]
    assert (entry.action, entry.actor) == ("hand_over", None)
    assert entry.reason == "From Mary Manager to Nina Newcomer."


def test_history_keeps_who_did_what_before(cast: Cast) -> None:
    appraisal = perform(talked(cast), "sign_as_appraiser", actor=cast.manager)
    nina = manages(cast)
    run_due()
    now = fresh(appraisal)
    assert (now.appraiser, now.appraiser_signed_by) == (nina, cast.manager)
    done = perform(now, "sign_as_person", actor=cast.shadow)
    assert done.status == AppraisalStatus.SIGNED_OFF
    actors = [(entry.action, entry.actor) for entry in history(done)]
    assert actors == [
        ("record_talk", cast.manager),
        ("sign_as_appraiser", cast.manager),
        ("hand_over", None),
        ("sign_as_person", cast.shadow),
    ]


def test_new_manager_for_whom_nothing_waits_gets_no_mail(cast: Cast) -> None:
    opened(cast)
    manages(cast)
    run_due()
    assert mailed("appraisal_handed_over_to_manager") == set()


def test_second_run_changes_nothing(cast: Cast) -> None:
    appraisal = prompted(cast)
    manages(cast)
    assert staff_changes.follow({cast.shadow.pk}) == (1, set())
    assert staff_changes.follow({cast.shadow.pk, cast.manager.pk}) == (0, set())
    assert len(history(appraisal)) == 2
    with pytest.raises(TransitionError, match="still does"):
        perform(appraisal, "hand_over", actor=None, how="system")  # type: ignore[arg-type]  # its value


def test_signed_off_appraisal_stays_with_who_signed_and_the_new_manager_may_read_it(cast: Cast) -> None:
    appraisal = signed_off(cast)
    nina = manages(cast)
    run_due()
    assert fresh(appraisal).appraiser == cast.manager
    assert (sees(nina), sees(cast.manager)) == (True, False)


def test_deputy_of_new_manager_gets_mail(cast: Cast) -> None:
    prompted(cast)
    nina, dora = member(cast.library, first_name="Nina"), member(cast.library, first_name="Dora")
    DelegationFactory.create(manager=nina, deputy=dora)
    manages(cast, nina)
    run_due()
    assert mailed("appraisal_handed_over_to_manager") == {nina, dora}


def test_deputy_whose_days_are_over_sees_and_does_nothing(cast: Cast) -> None:
    appraisal = talked(cast)
    Delegation.objects.all().delete()
    assert not sees(cast.deputy)
    with pytest.raises(PermissionDenied):
        perform(appraisal, "sign_as_appraiser", actor=cast.deputy)


def test_moved_department_changes_nothing_about_the_appraisal(cast: Cast) -> None:
    appraisal = talked(cast)
    cast.shadow.membership.department = cast.estates
    cast.shadow.membership.save()
    run_due()
    now = fresh(appraisal)
    assert (now.department, now.appraiser) == (cast.library, cast.manager)
    assert perform(now, "sign_as_appraiser", actor=cast.manager).appraiser_signed_by == cast.manager


# --- no line manager --------------------------------------------------------------------------------------


def test_head_of_the_branch_appraises_after_the_manager_left(cast: Cast) -> None:
    appraisal = prompted(cast)
    cast.library.head = cast.dept_coordinator
    cast.library.save()
    leaves(cast.manager)
    assert not sees(cast.dept_coordinator)
    run_due()
    now = fresh(appraisal)
    assert now.appraiser == cast.dept_coordinator
    assert waits(now) == {("talk", cast.shadow), ("talk", cast.dept_coordinator)}
    assert (sees(cast.dept_coordinator), sees(cast.manager), sees(cast.deputy)) == (True, False, False)
    assert talk(now, cast.dept_coordinator).talk_by == cast.dept_coordinator


def test_who_is_named_without_being_line_manager_has_no_say_while_there_is_one(cast: Cast) -> None:
    appraisal = opened(cast, appraiser=cast.dept_coordinator)
    assert not sees(cast.dept_coordinator)
    assert not leads(cast.dept_coordinator, appraisal)
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    assert sees(cast.dept_coordinator)
    assert leads(cast.dept_coordinator, fresh(appraisal))


def test_nobody_appraises_themselves_as_head(cast: Cast) -> None:
    division = Department.objects.get(code="DIV")
    division.head = cast.coordinator
    division.save()
    cast.library.head = cast.manager
    cast.library.save()
    assert appraiser_for(cast.manager) == cast.coordinator
    assert appraiser_for(cast.coordinator) is None


def test_without_anybody_above_the_appraisal_names_nobody(cast: Cast) -> None:
    appraisal = prompted(cast)
    leaves(cast.manager)
    run_due()
    now = fresh(appraisal)
    assert now.appraiser is None
    assert waits(now) == {("talk", cast.shadow)}
    assert history(now)[-1].reason == "From Mary Manager to nobody."
    nina = manages(cast)
    run_due()
    assert fresh(appraisal).appraiser == nina
    assert history(now)[-1].reason == "From nobody to Nina Newcomer."


# --- somebody leaves --------------------------------------------------------------------------------------


def test_leaver_is_exempt_and_nothing_waits_any_more(cast: Cast) -> None:
    appraisal = prompted(cast)
    leaves(cast.shadow)
    run_due()
    now = fresh(appraisal)
    assert (now.status, now.exempt_reason) == (AppraisalStatus.EXEMPT, ExemptReason.LEFT)
    assert waits(now) == set()
    assert history(now)[-1].reason == "Has left."
    run_due()
    assert len(history(now)) == 2


def test_leaver_who_comes_back_goes_on_where_they_stopped(cast: Cast) -> None:
    appraisal = prompted(cast)
    leaves(cast.shadow)
    run_due()
    Person.objects.filter(pk=cast.shadow.pk).update(is_active=True)
    run_due()
    now = fresh(appraisal)
    assert (now.status, now.exempt_reason, now.appraiser) == (AppraisalStatus.OPEN, "", cast.manager)
    assert waits(now) == {("talk", cast.shadow), ("talk", cast.manager)}


def test_who_is_exempt_for_another_reason_is_not_included_by_the_schedule(cast: Cast) -> None:
    appraisal = perform(opened(cast), "exempt", actor=cast.coordinator, reason="long_absence")
    manages(cast)
    run_due()
    assert fresh(appraisal).status == AppraisalStatus.EXEMPT


def test_signed_off_appraisal_of_a_leaver_stays_signed_off(cast: Cast) -> None:
    appraisal = signed_off(cast)
    leaves(cast.shadow)
    run_due()
    assert fresh(appraisal).status == AppraisalStatus.SIGNED_OFF


# --- exemption --------------------------------------------------------------------------------------------


def test_exemption_has_a_reason_and_says_it(cast: Cast) -> None:
    appraisal = prompted(cast)
    for reason, words, sentence in (
        ("", "", "Choose why"),
        ("holiday", "", "Choose why"),
        ("other", " ", "say in a few words"),
        ("other", "x" * 301, "301 characters, where 300 fit"),
    ):
        with pytest.raises(TransitionError, match=sentence):
            perform(appraisal, "exempt", actor=cast.coordinator, reason=reason, words=words)
    done = perform(appraisal, "exempt", actor=cast.coordinator, reason="other", words="On a project.")
    assert (done.exempt_reason, done.exempt_words) == ("other", "On a project.")
    assert waits(done) == set()
    assert history(done)[-1].reason == "Another reason."  # why in particular is nobody else's business
    with pytest.raises(TransitionError, match=r"Sam Shadow has no appraisal in This year \(another reason\)"):
        talk(done, cast.shadow)
    back = perform(done, "include", actor=cast.coordinator)
    assert (back.exempt_reason, back.exempt_words) == ("", "")
    assert waits(back) == {("talk", cast.shadow), ("talk", cast.manager)}


def test_somebody_who_has_left_is_not_included(cast: Cast) -> None:
    appraisal = perform(opened(cast), "exempt", actor=cast.coordinator, reason="long_absence")
    leaves(cast.shadow)
    with pytest.raises(TransitionError, match="Sam Shadow has left"):
        perform(appraisal, "include", actor=cast.coordinator)


def test_failed_update_of_one_appraisal_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = prompted(cast), opened(cast, person=cast.host, appraiser=cast.host_manager)

    def breaks(person: Person) -> Person | None:
        if person == cast.shadow:
            raise RuntimeError("broken")
        return appraiser_for(person)

    monkeypatch.setattr(staff_changes, "appraiser_for", breaks)
    nina = manages(cast)
    Person.objects.filter(pk=cast.host.pk).update(line_manager=nina)
    run_due()
    assert (fresh(broken).appraiser, fresh(sound).appraiser) == (cast.manager, nina)
    assert StaffChange.objects.filter(person=cast.shadow).exists()
    monkeypatch.undo()
    run_due()
    assert fresh(broken).appraiser == nina
    assert not WaitingItem.objects.open().filter(owner=cast.manager).exists()
