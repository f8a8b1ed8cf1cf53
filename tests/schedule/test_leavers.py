"""Hand-over when the person who is asked has left or was replaced."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import waiting
from accounts.enums import How
from accounts.models import Person, StaffChange, WaitingItem
from accounts.workflow import TransitionError, available_actions, perform
from messaging.enums import MessageStatus
from messaging.models import Message
from schedule import staff_changes
from schedule.due import run_due
from shadowing.enums import RequestStatus, WaitingKind
from shadowing.models import Request
from shadowing.rules.deadlines import offer_plan
from shadowing.rules.policies import can_decide_as_manager
from shadowing.rules.rules import entry_refusals
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.clock import mails
from tests.shadowing.reassigning import asked_now, leaves, newcomer_manages, submitted_by_another


def called_for_help() -> list[Person]:
    items = WaitingItem.objects.open().filter(kind=WaitingKind.HELP).select_related("owner")
    return [item.owner for item in items]


def approved_by_link(cast: Cast, **given: object) -> Request:
    until = timezone.now() + dt.timedelta(minutes=10)
    request = cast.submitted(**given)
    return perform(request, "approve", actor=cast.manager, how=How.EMAIL_LINK, undo_until=until)


# --- the same person in another capacity ------------------------------------------------------------------


def test_line_manager_who_now_decides_as_head_goes_on_deciding(cast: Cast) -> None:
    cast.library.head = cast.manager
    cast.library.save()
    request = cast.submitted()
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    run_due()
    request = Request.objects.get(pk=request.pk)
    assert can_decide_as_manager(asked_now(request), request)
    assert called_for_help() == []


def test_head_who_becomes_the_line_manager_goes_on_deciding(cast: Cast) -> None:
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    cast.shadow.refresh_from_db()
    cast.library.head = cast.manager
    cast.library.save()
    request = cast.submitted()
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=cast.manager)
    run_due()
    request = Request.objects.get(pk=request.pk)
    assert can_decide_as_manager(asked_now(request), request)
    assert called_for_help() == []


# --- who had left before ----------------------------------------------------------------------------------


def test_host_who_left_before_the_manager_agreed_is_noticed(cast: Cast) -> None:
    request = cast.submitted()
    leaves(cast.host)
    run_due()
    StaffChange.objects.all().delete()
    perform(request, "approve", actor=cast.manager)
    run_due()
    assert called_for_help() == [cast.coordinator]
    (mail,) = mails("decision_stuck_to_coordinator")
    assert "Hana Host has left, and nobody else hosts this visit." in mail.text


def test_nobody_can_ask_for_a_visit_whose_host_has_left(cast: Cast) -> None:
    leaves(cast.host)
    request = cast.draft()
    sentence = "Hana Host has left, and nobody else hosts this visit at the moment."
    assert sentence in entry_refusals(Request.objects.for_rows().get(pk=request.pk))
    take_on(cast.offer, cast.stranger)
    assert sentence not in entry_refusals(Request.objects.for_rows().get(pk=request.pk))


def test_help_wanted_of_a_coordinator_who_leaves_is_wanted_of_the_next(cast: Cast) -> None:
    cast.submitted()
    Message.objects.filter(recipient=cast.manager).update(status=MessageStatus.FAILED)
    run_due()
    assert called_for_help() == [cast.dept_coordinator]
    leaves(cast.dept_coordinator)
    run_due()
    assert called_for_help() == [cast.coordinator]


def test_offer_to_check_goes_to_the_coordinators_who_are_there(cast: Cast) -> None:
    plan = offer_plan(cast.scheme, cast.coordinator)
    waiting.open_item(cast.coordinator, WaitingKind.CHECK_OFFER, cast.offer, plan=plan)
    newcomer = member(cast.library)
    cast.scheme.coordinators.set([newcomer])
    leaves(cast.coordinator)
    run_due()
    (item,) = WaitingItem.objects.open().filter(kind=WaitingKind.CHECK_OFFER)
    assert item.owner == newcomer
    assert mails("offer_submitted_to_coordinator", newcomer)


# --- several at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_schedule_that_comes_second_raises_no_false_alarm(cast: Cast) -> None:
    request = cast.submitted()
    newcomer = newcomer_manages(cast.shadow, cast)
    locked = threading.Event()

    def first() -> None:
        with transaction.atomic():
            perform(Request.objects.get(pk=request.pk), "hand_over", actor=None, how=How.SYSTEM)
            locked.set()
            time.sleep(0.5)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    locked.wait(20)
    staff_changes.follow_staff_changes()
    thread.join()
    assert asked_now(request) == newcomer
    assert called_for_help() == []


def test_failed_change_does_not_stop_later_changes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = cast.submitted(), submitted_by_another(cast)
    newcomer = newcomer_manages(cast.shadow, cast)
    Person.objects.filter(pk=good.shadow_id).update(line_manager=newcomer)

    def failing(record: Request, action: str, **given: object) -> Request:
        if record == bad:
            raise OSError
        return perform(record, action, **given)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(staff_changes, "perform", failing)
    monkeypatch.setattr(staff_changes, "CHUNK", 1)
    run_due()
    assert asked_now(good) == newcomer


# --- while a yes can be undone ----------------------------------------------------------------------------


def test_undo_leaves_mail_of_what_happened_before_owed(cast: Cast) -> None:
    request = approved_by_link(cast)
    perform(request, "undo_decision", actor=cast.manager, how=How.EMAIL_LINK)
    (told,) = mails("request_submitted_to_shadow")
    assert told.status == MessageStatus.QUEUED
    (held,) = mails("request_approved_to_shadow")
    assert held.status == MessageStatus.DROPPED


def test_withdrawal_within_the_undo_window_reaches_no_host_and_takes_back_the_yes(cast: Cast) -> None:
    request = approved_by_link(cast)
    perform(request, "withdraw", actor=cast.shadow, reason="workload", words="")
    assert not mails("request_withdrawn_to_host")
    for template in ("request_approved_to_shadow", "request_approved_to_host"):
        assert {mail.status for mail in mails(template)} == {MessageStatus.DROPPED}


def test_place_freed_in_undo_window_is_mailed_after_it(cast: Cast) -> None:
    cast.session.places = cast.session.taken = 1
    cast.session.save()
    request = approved_by_link(cast)
    assert request.status == RequestStatus.WAITING_LIST
    type(cast.session).objects.update(taken=0)
    perform(request, "offer_place", actor=None, how=How.SYSTEM)
    held = [*mails("place_freed_to_host"), *mails("place_freed_to_shadow")]
    assert held
    assert all(mail.not_before > timezone.now() for mail in held)


# --- deputies and coordinators ----------------------------------------------------------------------------


def test_mails_of_a_deputys_answer_say_on_whose_behalf(cast: Cast) -> None:
    perform(cast.submitted(), "approve", actor=cast.deputy, words="Have a good day.")
    (shadows,) = mails("request_approved_to_shadow")
    assert "Dev Deputy on behalf of Mary Manager agrees" in shadows.text
    assert "Dev Deputy wrote:" in shadows.text
    (hosts,) = mails("request_approved_to_host")
    assert "Their line manager has agreed (Dev Deputy on behalf of Mary Manager)" in hosts.text
    (managers,) = mails("decided_for_to_manager")
    assert managers.recipient == cast.manager
    assert "As your deputy, Dev Deputy answered" in managers.text


@pytest.mark.parametrize("action", ["decline", "send_back"])
def test_mail_of_a_deputys_no_says_on_whose_behalf(cast: Cast, action: str) -> None:
    perform(cast.submitted(), action, actor=cast.deputy, reason="cover", words="Two are away.")
    template = "request_declined_to_shadow" if action == "decline" else "request_sent_back_to_shadow"
    (mail,) = mails(template)
    assert "Dev Deputy on behalf of Mary Manager" in mail.text


def test_manager_who_answers_gets_no_mail_about_decision_for_them(cast: Cast) -> None:
    cast.approved()
    assert not mails("decided_for_to_manager")


def test_deputy_is_not_shown_their_own_request_as_waiting(cast: Cast) -> None:
    cast.manager.delegations.update(deputy=cast.shadow)
    cast.submitted()
    submitted_by_another(cast)
    (item,) = WaitingItem.objects.awaiting(cast.shadow)
    assert item.about != cast.shadow


def test_deputy_learns_that_it_left_them_too(cast: Cast) -> None:
    cast.submitted()
    newcomer_manages(cast.shadow, cast)
    run_due()
    assert {mail.recipient for mail in mails("request_handed_over_to_manager")} == {cast.manager, cast.deputy}


def test_call_for_help_shows_where_the_stuck_request_is(cast: Cast) -> None:
    cast.submitted()
    Message.objects.filter(recipient=cast.manager).update(status=MessageStatus.FAILED)
    run_due()
    (mail,) = mails("decision_stuck_to_coordinator")
    assert "With Mary Manager for the line manager’s decision" in mail.text
    assert "without an answer it lapses on" in mail.text


def test_coordinator_names_themselves_only_once_help_was_called_for(cast: Cast) -> None:
    request = cast.submitted()
    with pytest.raises(TransitionError, match="You can name yourself once the answer is overdue"):
        perform(request, "ask_other", actor=cast.coordinator, person=cast.coordinator, words="")
    Message.objects.filter(recipient=cast.manager).update(status=MessageStatus.FAILED)
    run_due()
    perform(request, "ask_other", actor=cast.coordinator, person=cast.coordinator, words="")
    assert asked_now(request) == cast.coordinator


def test_coordinator_who_is_asked_decides_and_does_not_pass_it_on(cast: Cast) -> None:
    request = cast.submitted()
    cast.scheme.coordinators.add(cast.manager)
    assert "ask_other" not in available_actions(Request.objects.get(pk=request.pk), cast.manager)
