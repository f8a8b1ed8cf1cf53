"""A coordinator is called for help at once where an answer cannot come, and names who decides instead."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import NextStep
from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError, perform
from departments.models import Coordinator
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import Capacity, RequestStatus, WaitingKind
from shadowing.models import Decision
from shadowing.requests.reassignment_options import candidates
from tests.cast import Cast, member
from tests.factories import DelegationFactory
from tests.shadowing.clock import mails
from tests.shadowing.reassigning import asked_now, leaves, newcomer_manages, waits_for

# --- a bad address ----------------------------------------------------------------------------------------


def fail(recipient: Person) -> None:
    Message.objects.filter(recipient=recipient, needed_while__isnull=False).update(status="failed")


def test_mail_that_comes_back_calls_for_help_at_once(cast: Cast) -> None:
    request = cast.submitted()
    fail(cast.manager)
    assert run_due()[NextStep.ESCALATE] == 1
    item = WaitingItem.objects.open().get(kind=WaitingKind.MANAGER_DECISION)
    assert item.escalated_at is not None
    assert NextStep.ESCALATE not in {step for _, step in item.plan}
    (mail,) = mails("decision_stuck_to_coordinator", cast.dept_coordinator)
    assert "The mail to Mary Manager could not be delivered." in mail.text
    assert run_due() == Counter()
    assert request.status == RequestStatus.WITH_MANAGER


def test_copy_of_a_deputy_that_comes_back_is_no_reason_to_call(cast: Cast) -> None:
    cast.submitted()
    fail(cast.deputy)
    assert run_due()[NextStep.ESCALATE] == 0


def test_failed_mail_about_an_answered_request_calls_nobody(cast: Cast) -> None:
    cast.approved()
    fail(cast.manager)
    assert run_due()[NextStep.ESCALATE] == 0


# --- a coordinator names somebody else --------------------------------------------------------------------


def test_coordinator_names_who_decides_instead(cast: Cast) -> None:
    cast.library.head = member(cast.library, first_name="Hedy", last_name="Head")
    cast.library.save()
    request = cast.submitted()
    perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.library.head, words="Mary is ill.")
    decision = Decision.objects.pending().get(request=request)
    assert (decision.asked, decision.asked_as) == (cast.library.head, Capacity.NAMED)
    assert decision.why_asked == "Dee Dept asks you to decide instead of Mary Manager."
    assert waits_for(request) == [cast.library.head]
    entry = HistoryEntry.objects.get(action="ask_other")
    assert entry.reason == "Hedy Head was asked instead of Mary Manager. Mary is ill."
    assert mails("request_handed_over_to_shadow", cast.shadow)
    assert mails("request_handed_over_to_manager", cast.manager)
    with pytest.raises(PermissionDenied):
        perform(request, "approve", actor=cast.manager)
    assert perform(request, "approve", actor=cast.library.head).status == RequestStatus.WITH_HOST


def test_named_person_is_not_replaced_by_the_schedule(cast: Cast) -> None:
    request = cast.submitted()
    perform(request, "ask_other", actor=cast.coordinator, person=cast.deputy, words="")
    newcomer_manages(cast.shadow, cast)
    assert run_due() == Counter()
    assert asked_now(request) == cast.deputy


def test_candidates_are_the_people_around_never_shadow_or_who_is_asked(cast: Cast) -> None:
    boss = member(cast.library, first_name="Bo", last_name="Boss")
    Person.objects.filter(pk=cast.manager.pk).update(line_manager=boss)
    cast.library.head = cast.manager
    cast.library.save()
    found = {candidate.person: candidate.who for candidate in candidates(cast.submitted())}
    assert found == {
        cast.deputy: "deputy of Mary Manager at the moment",
        boss: "line manager of Mary Manager",
        cast.dept_coordinator: "coordinates job shadowing there",
        cast.coordinator: "runs the scheme",
    }


@pytest.mark.parametrize("who", ["shadow", "stranger", "manager", "host"])
def test_person_who_is_no_candidate_is_refused(cast: Cast, who: str) -> None:
    request = cast.submitted()
    with pytest.raises(TransitionError, match="Choose one of the people"):
        perform(request, "ask_other", actor=cast.coordinator, person=getattr(cast, who), words="")
    assert asked_now(request) == cast.manager


def test_candidate_who_has_left_is_refused(cast: Cast) -> None:
    request = cast.submitted()
    leaves(cast.deputy)
    with pytest.raises(TransitionError, match="Choose one of the people"):
        perform(request, "ask_other", actor=cast.coordinator, person=cast.deputy, words="")


def test_coordinator_of_the_other_branch_cannot_reassign_the_line_managers_decision(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.it, person=cast.stranger)
    request = cast.submitted()
    with pytest.raises(PermissionDenied):
        perform(request, "ask_other", actor=cast.stranger, person=cast.deputy, words="")


def test_coordinator_does_not_reassign_their_own_request(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.shadow)
    request = cast.submitted()
    with pytest.raises(PermissionDenied):
        perform(request, "ask_other", actor=cast.shadow, person=cast.deputy, words="")


def test_answer_ends_the_call_for_help(cast: Cast) -> None:
    request = cast.submitted()
    fail(cast.manager)
    run_due()
    perform(request, "approve", actor=cast.manager)
    assert not WaitingItem.objects.open().filter(kind=WaitingKind.HELP).exists()


def test_deputy_of_the_named_person_gets_the_mail_too(cast: Cast) -> None:
    DelegationFactory.create(manager=cast.coordinator, deputy=cast.stranger)
    perform(cast.submitted(), "ask_other", actor=cast.dept_coordinator, person=cast.coordinator, words="")
    assert mails("request_submitted_to_manager", cast.stranger)
