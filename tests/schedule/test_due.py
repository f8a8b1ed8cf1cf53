"""Scheduled reminders, escalations and lapses: on the right day, once each."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.utils import timezone

from accounts.enums import NextStep
from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from departments.models import Coordinator
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import DecideByEmail, HostManagerPart, RequestStatus, WaitingKind
from shadowing.models import ClosureDay, DecisionLink, Offer, Request
from tests.cast import Cast, member
from tests.factories import DelegationFactory, OfferFactory, SessionFactory, at, take_on
from tests.shadowing.clock import mails, on

pytestmark = pytest.mark.usefixtures("clock")


def days_of(clock: time_machine.Traveller, template: str, until: dt.datetime) -> list[int]:
    """Return the days of March on which ``template`` is queued when the schedule runs daily."""
    days, seen = [], 0
    at_day = timezone.now()
    while at_day <= until:
        clock.move_to(at_day, tick=False)
        run_due()
        if len(mails(template)) > seen:
            days.append(at_day.day)
        seen = len(mails(template))
        at_day += dt.timedelta(days=1)
    return days


# --- the line manager ------------------------------------------------------------------------------------


def test_manager_is_reminded_on_days_three_and_six(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    assert days_of(clock, "decision_reminder_to_manager", on(20)) == [4, 9]


def test_nothing_is_done_before_it_is_due(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    before = Message.objects.count()
    clock.move_to(on(3), tick=False)
    assert run_due() == Counter()
    assert Message.objects.count() == before


def test_deputy_gets_the_mail_while_it_lasts_with_links_of_their_own(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.submitted()
    (asked,) = mails("request_submitted_to_manager", cast.deputy)
    assert "deputy of Mary Manager" in asked.text
    for day in (4, 9):
        clock.move_to(on(day), tick=False)
        run_due()
    assert len(mails("decision_reminder_to_manager", cast.manager)) == 2
    copies = mails("decision_reminder_to_manager", cast.deputy)
    assert ["deputy of Mary Manager" in copy.text for copy in copies] == [True, True]
    assert DecisionLink.objects.filter(person=cast.deputy).count() == 3


def test_deputy_whose_days_are_over_gets_no_more(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.manager.delegations.update(ends_on=dt.date(2027, 3, 5))
    cast.submitted()
    clock.move_to(on(9), tick=False)
    run_due()
    run_due()
    assert mails("decision_reminder_to_manager", cast.manager)
    assert not mails("decision_reminder_to_manager", cast.deputy)


def test_deputy_whose_days_have_not_begun_gets_nothing_yet(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.manager.delegations.update(starts_on=dt.date(2027, 3, 5))
    cast.submitted()
    assert not Message.objects.filter(recipient=cast.deputy).exists()


def test_deputy_who_has_left_gets_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    Person.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    cast.submitted()
    assert not Message.objects.filter(recipient=cast.deputy).exists()
    assert not DecisionLink.objects.filter(person=cast.deputy).exists()


def test_deputy_who_asks_for_the_place_gets_no_copy(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.manager.delegations.all().delete()
    DelegationFactory.create(manager=cast.manager, deputy=cast.shadow)
    cast.submitted()
    for day in (4, 9):
        clock.move_to(on(day), tick=False)
        run_due()
    assert {mail.recipient for mail in mails("decision_reminder_to_manager")} == {cast.manager}


def test_department_coordinator_of_the_shadow_is_asked_to_help_on_day_ten(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.submitted()
    assert days_of(clock, "decision_stuck_to_coordinator", on(25)) == [15, 18, 23]
    mail, *_ = mails("decision_stuck_to_coordinator")
    assert mail.recipient == cast.dept_coordinator
    assert "Mary Manager was asked on Mon 1 March" in mail.text
    assert "2 reminders went out" in mail.text
    item = WaitingItem.objects.open().get(owner=cast.manager)
    assert item.escalated_at is not None


def test_scheme_coordinator_helps_where_the_branch_has_none(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    Coordinator.objects.all().delete()
    cast.submitted()
    clock.move_to(on(15), tick=False)
    run_due()
    assert [mail.recipient for mail in mails("decision_stuck_to_coordinator")] == [cast.coordinator]


def test_coordinator_above_helps_when_the_one_of_the_branch_is_the_one_who_is_asked(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    Coordinator.objects.all().delete()
    Coordinator.objects.create(department=cast.library, person=cast.manager)
    Coordinator.objects.create(department=cast.library.line_upwards()[1], person=cast.stranger)
    cast.submitted()
    clock.move_to(on(15), tick=False)
    run_due()
    assert [mail.recipient for mail in mails("decision_stuck_to_coordinator")] == [cast.stranger]


def test_coordinator_who_has_left_is_passed_over(cast: Cast, clock: time_machine.Traveller) -> None:
    Person.objects.filter(pk=cast.dept_coordinator.pk).update(is_active=False)
    cast.submitted()
    clock.move_to(on(15), tick=False)
    run_due()
    assert [mail.recipient for mail in mails("decision_stuck_to_coordinator")] == [cast.coordinator]


def test_request_lapses_on_day_twenty_with_a_kind_word(cast: Cast, clock: time_machine.Traveller) -> None:
    """The twentieth working day is counted over Easter and over the change to summer time."""
    request = cast.submitted(session=SessionFactory.create(offer=cast.offer, starts_at=at(45)))
    clock.move_to(on(30), tick=False)
    run_due()
    assert Request.objects.get(pk=request.pk).status == RequestStatus.WITH_MANAGER
    clock.move_to(on(31), tick=False)
    assert run_due()[NextStep.LAPSE] == 1
    assert Request.objects.get(pk=request.pk).status == RequestStatus.LAPSED
    entry = HistoryEntry.objects.about(request).last()
    assert entry is not None
    assert (entry.action, entry.actor) == ("lapse", None)
    assert not WaitingItem.objects.open().exists()
    (mail,) = mails("request_lapsed_to_shadow")
    assert "Nobody refused it" in mail.text
    assert [mail.recipient for mail in mails("request_lapsed_to_manager")] == [cast.manager]


def test_lapsed_request_shows_other_offers(cast: Cast, clock: time_machine.Traveller) -> None:
    other = OfferFactory.create(scheme=cast.scheme, department=cast.estates, title="A night with Security")
    SessionFactory.create(offer=other, starts_at=at(60), ends_at=at(60, 12))
    cast.submitted()
    clock.move_to(on(31), tick=False)
    run_due()
    (mail,) = mails("request_lapsed_to_shadow")
    assert "A night with Security" in mail.text
    assert str(other.pk) in mail.html


def test_scheme_without_links_reminds_with_the_inbox(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.scheme.decide_by_email = DecideByEmail.OFF
    cast.scheme.save()
    cast.submitted()
    clock.move_to(on(4), tick=False)
    run_due()
    (mail,) = mails("decision_reminder_to_manager", cast.manager)
    assert "/approvals/" in mail.text
    assert mail.link_nonce == ""


# --- the others ------------------------------------------------------------------------------------------


def test_host_is_reminded_on_days_three_and_seven_and_it_lapses_on_day_fourteen(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    request = cast.approved()
    assert days_of(clock, "answer_reminder_to_host", on(18)) == [4, 10]
    assert {mail.recipient for mail in mails("answer_reminder_to_host")} == {cast.host, co_host}
    assert Request.objects.get(pk=request.pk).status == RequestStatus.WITH_HOST
    clock.move_to(on(19), tick=False)
    run_due()
    assert Request.objects.get(pk=request.pk).status == RequestStatus.LAPSED
    assert mails("request_lapsed_to_host")
    assert not mails("decision_stuck_to_coordinator")


def test_hosts_manager_is_reminded_and_the_hosts_branch_helps(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    Coordinator.objects.create(department=cast.it, person=cast.stranger)
    cast.agreed()
    for day in (4, 9, 15):
        clock.move_to(on(day), tick=False)
        run_due()
    assert [mail.recipient for mail in mails("hosting_reminder_to_host_manager")] == [cast.host_manager] * 2
    assert [mail.recipient for mail in mails("decision_stuck_to_coordinator")] == [cast.stranger]


def test_shadow_is_reminded_of_dates_to_confirm(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.approved(session=cast.window(), window_ends=dt.date(2027, 5, 1))
    perform(request, "propose_dates", actor=cast.host, visits=[(at(20), at(20, 13))], words="On a Sunday?")
    clock.move_to(on(4), tick=False)
    run_due()
    (mail,) = mails("confirm_reminder_to_shadow")
    assert mail.recipient == cast.shadow
    assert "Sun 21 March, 10:00 to 13:00" in mail.text


def test_shadow_is_reminded_of_a_request_to_change(cast: Cast, clock: time_machine.Traveller) -> None:
    perform(cast.submitted(), "send_back", actor=cast.manager, words="Which week do you mean?")
    clock.move_to(on(4), tick=False)
    run_due()
    (mail,) = mails("change_reminder_to_shadow")
    assert "Which week do you mean?" in mail.text


def checked_offer(cast: Cast) -> Offer:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host, status="draft")
    SessionFactory.create(offer=offer, starts_at=at(60), ends_at=at(60, 12))
    return perform(offer, "publish", actor=cast.host)


def test_coordinator_is_reminded_to_check_an_offer_that_never_lapses(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    offer = checked_offer(cast)
    assert days_of(clock, "offer_check_reminder_to_coordinator", on(31)) == [4, 10]
    assert Offer.objects.get(pk=offer.pk).status == "awaiting_check"
    assert WaitingItem.objects.open().filter(kind=WaitingKind.CHECK_OFFER).exists()


def test_host_is_reminded_to_change_an_offer(cast: Cast, clock: time_machine.Traveller) -> None:
    perform(checked_offer(cast), "send_back_offer", actor=cast.coordinator, words="Say what visitors see.")
    clock.move_to(on(4), tick=False)
    run_due()
    (mail,) = mails("offer_change_reminder_to_host")
    assert "Say what visitors see." in mail.text


# --- which days count ------------------------------------------------------------------------------------


def test_part_time_managers_free_days_do_not_count(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.manager.working_days = [1, 2, 3]
    cast.manager.save()
    cast.submitted()
    assert days_of(clock, "decision_reminder_to_manager", on(20)) == [8, 15]


def test_closure_days_do_not_count(cast: Cast, clock: time_machine.Traveller) -> None:
    ClosureDay.objects.create(day=dt.date(2027, 3, 3), name="Staff conference")
    cast.submitted()
    assert days_of(clock, "decision_reminder_to_manager", on(20)) == [5, 10]
