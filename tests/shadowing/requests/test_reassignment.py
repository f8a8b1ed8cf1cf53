"""What waits for somebody who leaves or is replaced goes to whoever comes next, and people are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import How, NextStep
from accounts.models import HistoryEntry, Person, StaffChange, WaitingItem
from accounts.workflow import available_actions, perform
from departments.models import Coordinator
from schedule import staff_changes
from schedule.due import HANDED_OVER, run_due
from schedule.staff_changes import FOLLOW_FOR
from shadowing.enums import Capacity, HostManagerPart, Outcome, RequestStatus, WaitingKind
from shadowing.mail.links import DeadLinkError, find_link, require_alive
from shadowing.models import Decision, DecisionLink, Request
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.clock import mails
from tests.shadowing.reassigning import asked_now, leaves, newcomer_manages, submitted_by_another, waits_for

# --- the line manager changes or leaves -------------------------------------------------------------------


def test_new_line_manager_is_asked_and_others_get_mail(cast: Cast) -> None:
    request = cast.submitted()
    newcomer = newcomer_manages(cast.shadow, cast)
    assert run_due()[HANDED_OVER] == 1
    assert (asked_now(request), waits_for(request)) == (newcomer, [newcomer])
    (asked,) = mails("request_submitted_to_manager", newcomer)
    assert "Mary Manager was asked before and no longer decides" in asked.text
    (told,) = mails("request_handed_over_to_shadow", cast.shadow)
    assert told.subject == "IT Services visit: now with Nina Newcomer"
    assert mails("request_handed_over_to_manager", cast.manager)
    assert perform(request, "approve", actor=newcomer).status == RequestStatus.WITH_HOST


def test_hand_over_starts_the_clock_anew_for_who_is_asked_now(cast: Cast) -> None:
    request = cast.submitted()
    WaitingItem.objects.about(request).update(reminders_sent=2)
    newcomer_manages(cast.shadow, cast)
    run_due()
    item = WaitingItem.objects.open().get(kind=WaitingKind.MANAGER_DECISION)
    assert (item.reminders_sent, item.next_step) == (0, NextStep.REMIND)


def test_replaced_manager_decides_no_more_even_before_the_schedule_runs(cast: Cast) -> None:
    request = cast.submitted()
    newcomer_manages(cast.shadow, cast)
    request = Request.objects.get(pk=request.pk)
    for person in (cast.manager, cast.deputy):
        assert available_actions(request, person) == []
        with pytest.raises(PermissionDenied):
            perform(request, "approve", actor=person)


def test_links_of_a_replaced_manager_are_dead_after_the_hand_over(cast: Cast) -> None:
    request = cast.submitted()
    links = list(DecisionLink.objects.filter(decision__request=request))
    newcomer_manages(cast.shadow, cast)
    run_due()
    assert len(links) == 2  # the manager's and the deputy's
    for link in links:
        link.refresh_from_db()
        assert link.revoked_at is not None


def test_manager_who_leaves_hands_over_to_the_head_and_gets_no_mail(cast: Cast) -> None:
    head = member(cast.library, first_name="Hedy", last_name="Head")
    cast.library.head = head
    cast.library.save()
    request = cast.submitted()
    leaves(cast.manager)
    run_due()
    decision = Decision.objects.pending().get(request=request)
    assert (decision.asked, decision.asked_as) == (head, Capacity.HEAD)
    assert not mails("request_handed_over_to_manager", cast.manager)
    entry = HistoryEntry.objects.get(action="hand_over")
    assert (entry.actor, entry.how) == (None, How.SYSTEM)
    assert entry.reason == "Mary Manager has left; Hedy Head was asked."


def test_head_who_stood_in_hands_over_to_a_line_manager_who_comes(cast: Cast) -> None:
    cast.library.head = member(cast.library)
    cast.library.save()
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    cast.shadow.refresh_from_db()
    request = cast.submitted()
    assert asked_now(request) == cast.library.head
    newcomer = newcomer_manages(cast.shadow, cast)
    run_due()
    assert asked_now(request) == newcomer


def test_manager_who_comes_back_takes_over_from_the_head(cast: Cast) -> None:
    cast.library.head = member(cast.library)
    cast.library.save()
    request = cast.submitted()
    leaves(cast.manager)
    run_due()
    Person.objects.filter(pk=cast.manager.pk).update(is_active=True)
    run_due()
    assert asked_now(request) == cast.manager


def test_manager_who_stays_keeps_the_request(cast: Cast) -> None:
    """Changes of others, and of what does not matter here, hand nothing over."""
    request = cast.submitted()
    Person.objects.filter(pk=cast.manager.pk).update(line_manager=cast.stranger)
    Person.objects.filter(pk=cast.shadow.pk).update(job_title="Head of Maps")
    assert run_due() == Counter()
    assert asked_now(request) == cast.manager


def test_request_the_manager_has_decided_stays_where_it_is(cast: Cast) -> None:
    request = cast.approved()
    newcomer_manages(cast.shadow, cast)
    assert run_due() == Counter()
    assert Request.objects.get(pk=request.pk).version == request.version


def test_new_manager_is_asked_about_dates_outside_the_window(cast: Cast) -> None:
    request = cast.submitted()
    request.proposed_visits.create(starts_at=cast.session.starts_at, ends_at=cast.session.ends_at)
    newcomer = newcomer_manages(cast.shadow, cast)
    run_due()
    (mail,) = mails("dates_outside_window_to_manager", newcomer)
    assert "It was agreed that Sam Shadow visits" in mail.text


def test_nobody_left_to_take_over_calls_the_coordinators_at_once(cast: Cast) -> None:
    request = cast.submitted()
    cast.scheme.coordinators.clear()
    leaves(cast.manager)
    run_due()
    assert asked_now(request) == cast.manager
    item = WaitingItem.objects.open().get(kind=WaitingKind.HELP)
    assert item.owner == cast.dept_coordinator
    (mail,) = mails("decision_stuck_to_coordinator")
    assert "Mary Manager no longer decides on this, and nobody could be found who does." in mail.text


# --- the host's side --------------------------------------------------------------------------------------


def test_hosts_new_manager_is_asked(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = cast.agreed()
    newcomer = newcomer_manages(cast.host, cast)
    run_due()
    assert (asked_now(request), waits_for(request)) == (newcomer, [newcomer])
    assert mails("request_handed_over_to_host", cast.host)
    assert mails("request_handed_over_to_shadow", cast.shadow)
    assert perform(request, "agree_hosting", actor=newcomer).status == RequestStatus.AGREED


def test_co_host_answers_for_a_host_who_leaves(cast: Cast) -> None:
    take_on(cast.offer, cast.stranger)
    request = cast.approved()
    leaves(cast.host)
    run_due()
    decision = Decision.objects.pending().get(request=request)
    assert (decision.asked, decision.asked_as) == (cast.stranger, Capacity.CO_HOST)
    assert run_due() == Counter()  # and is not handed over again


def test_host_who_leaves_without_a_co_host_is_a_matter_for_the_coordinators(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.it, person=cast.stranger)
    request = cast.approved()
    leaves(cast.host)
    run_due()
    assert WaitingItem.objects.open().get(kind=WaitingKind.HELP).owner == cast.stranger
    (mail,) = mails("decision_stuck_to_coordinator")
    assert "Hana Host has left, and nobody else hosts this visit." in mail.text
    assert "choose who decides instead" not in mail.text
    assert asked_now(request) == cast.host


# --- how it is noticed ------------------------------------------------------------------------------------


def test_database_records_staff_change_from_any_source(cast: Cast) -> None:
    StaffChange.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET is_active = false WHERE id = %s", [cast.manager.pk])
    assert list(StaffChange.objects.values_list("person", flat=True)) == [cast.manager.pk]


def test_change_is_dealt_with_once(cast: Cast) -> None:
    cast.submitted()
    newcomer_manages(cast.shadow, cast)
    with time_machine.travel(timezone.now() + FOLLOW_FOR):
        assert run_due() == Counter({HANDED_OVER: 1})
        assert not StaffChange.objects.exists()
        assert run_due() == Counter()


def test_work_of_the_schedule_does_not_grow_with_what_waits(cast: Cast) -> None:
    def queries() -> int:
        Person.objects.filter(pk=cast.stranger.pk).update(line_manager=cast.host)
        Person.objects.filter(pk=cast.stranger.pk).update(line_manager=None)
        with CaptureQueriesContext(connection) as captured:
            run_due()
        return len(captured)

    run_due()  # what is done once a day
    before = queries()
    for _ in range(3):
        submitted_by_another(cast)
    run_due()
    assert queries() == before


def test_failing_hand_over_is_tried_again_and_spoils_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = cast.submitted()
    other = submitted_by_another(cast)
    newcomer = newcomer_manages(cast.shadow, cast)
    Person.objects.filter(pk=other.shadow_id).update(line_manager=newcomer)

    def failing(record: Request, action: str, **given: Any) -> Request:
        if record == request:
            raise OSError
        return perform(record, action, **given)

    with monkeypatch.context() as planted, time_machine.travel(timezone.now() + FOLLOW_FOR):
        planted.setattr(staff_changes, "perform", failing)
        run_due()
    assert Decision.objects.pending().get(request=other).asked == newcomer
    assert StaffChange.objects.exists()
    with time_machine.travel(timezone.now() + FOLLOW_FOR):
        run_due()
        assert not StaffChange.objects.exists()
    assert asked_now(request) == newcomer
    assert Decision.objects.filter(request=request, outcome=Outcome.NOT_NEEDED).exists()


def test_dead_link_of_a_manager_replaced_a_moment_ago(cast: Cast) -> None:
    request = cast.submitted()
    link = DecisionLink.objects.get(decision__request=request, person=cast.manager)
    newcomer_manages(cast.shadow, cast)
    found = find_link("nonsense")
    assert found is None
    fresh = DecisionLink.objects.select_related("decision__request__shadow", "decision__asked").get(
        pk=link.pk
    )
    with pytest.raises(DeadLinkError, match="Somebody else is the line manager now"):
        require_alive(fresh)
