"""Manual reminders: as the scheduled ones, at most once a working day, never after an answer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError, perform
from coordination.workflow.manual_reminders import AlreadyRemindedError, remind_now
from departments.models import Coordinator
from messaging.models import Message
from schedule.due import run_due
from shadowing.models import ClosureDay, Request
from tests.cast import Cast
from tests.shadowing.clock import mails, on
from tests.shadowing.links import signed_in
from tests.shadowing.requests.test_clicks import press, pressed_at_once
from tests.shadowing.situations import checked_offer, other_dates
from tests.shadowing.stuck import overdue
from tests.shadowing.test_races import all_at_once

DECISION = "decision_reminder_to_manager"


def item_of(request: Request) -> WaitingItem:
    return WaitingItem.objects.open().about(request).get()


def nudges(request: Request) -> int:
    return HistoryEntry.objects.about(request).filter(action="nudged").count()


def remind_url(item: WaitingItem) -> str:
    return reverse("coordination:desk-remind", args=[item.pk])


# --- the clock stands still ------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
def test_reminder_goes_now_and_the_clock_stays_as_it_was(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.submitted()
    clock.move_to(on(2), tick=False)
    before = item_of(request)
    remind_now(before, cast.dept_coordinator)
    after = item_of(request)
    assert [mail.recipient for mail in mails(DECISION) if mail.recipient == cast.manager] == [cast.manager]
    assert after.reminders_sent == before.reminders_sent + 1
    assert (after.plan, after.next_on, after.due_on) == (before.plan, before.next_on, before.due_on)
    entry = HistoryEntry.objects.about(request).get(action="nudged")
    assert (entry.actor, entry.reason) == (cast.dept_coordinator, "To Mary Manager.")
    assert entry.from_state == entry.to_state == request.status


@pytest.mark.usefixtures("clock")
def test_clock_reminds_on_its_own_day_all_the_same(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.submitted()
    clock.move_to(on(2), tick=False)
    remind_now(item_of(request), cast.coordinator)
    clock.move_to(on(4), tick=False)
    run_due()
    to_manager = [mail for mail in mails(DECISION) if mail.recipient == cast.manager]
    assert len(to_manager) == 2
    assert item_of(request).reminders_sent == 2


@pytest.mark.usefixtures("clock")
def test_one_reminder_a_working_day_is_enough(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.submitted()
    remind_now(item_of(request), cast.dept_coordinator)
    clock.move_to(on(1) + dt.timedelta(hours=8), tick=False)
    with pytest.raises(AlreadyRemindedError) as refusal:
        remind_now(item_of(request), cast.coordinator)
    assert refusal.value.sentence == (
        "Dee Dept reminded Mary Manager on Mon 1 March. One reminder a working day is enough; "
        "the next can go on Tue 2 March."
    )
    assert (nudges(request), item_of(request).reminders_sent) == (1, 1)
    clock.move_to(on(2), tick=False)
    remind_now(item_of(request), cast.coordinator)
    assert nudges(request) == 2


@pytest.mark.usefixtures("clock")
def test_weekend_and_closure_belong_to_the_working_day_before(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    ClosureDay.objects.create(day=dt.date(2027, 3, 8), name="Closed")
    request = cast.submitted()
    clock.move_to(on(5), tick=False)
    remind_now(item_of(request), cast.coordinator)
    for day in (6, 7, 8):
        clock.move_to(on(day), tick=False)
        with pytest.raises(AlreadyRemindedError, match="the next can go on Tue 9 March"):
            remind_now(item_of(request), cast.coordinator)
    clock.move_to(on(9), tick=False)
    remind_now(item_of(request), cast.coordinator)
    assert nudges(request) == 2


@pytest.mark.usefixtures("clock")
def test_next_person_may_be_reminded_on_the_same_day(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.submitted()
    remind_now(item_of(request), cast.coordinator)
    clock.shift(60)
    perform(request, "approve", actor=cast.manager)
    remind_now(item_of(request), cast.coordinator)
    assert [mail.recipient for mail in mails("answer_reminder_to_host")] == [cast.host]


# --- what each is reminded of ----------------------------------------------------------------------------


def test_shadow_is_reminded_of_what_was_sent_back(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Which week?")
    remind_now(item_of(request), cast.dept_coordinator)
    assert [mail.recipient for mail in mails("change_reminder_to_shadow")] == [cast.shadow]


def test_shadow_is_reminded_of_dates_to_confirm(cast: Cast) -> None:
    start = timezone.now() + dt.timedelta(days=21)
    visits = [(start, start + dt.timedelta(hours=3))]
    request = perform(other_dates(cast), "propose_dates", actor=cast.host, visits=visits)
    remind_now(item_of(request), cast.coordinator)
    assert [mail.recipient for mail in mails("confirm_reminder_to_shadow")] == [cast.shadow]


def test_host_is_reminded_of_an_offer_to_change(cast: Cast) -> None:
    offer = perform(checked_offer(cast), "send_back_offer", actor=cast.coordinator, words="Say more.")
    item = WaitingItem.objects.open().about(offer).get()
    remind_now(item, cast.coordinator)
    assert [mail.recipient for mail in mails("offer_change_reminder_to_host")] == [cast.host]
    with pytest.raises(AlreadyRemindedError):
        remind_now(item, cast.coordinator)


# --- who may, and when it is too late --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["shadow", "manager", "deputy", "host", "host_manager", "stranger"])
def test_only_coordinators_remind(cast: Cast, who: str) -> None:
    item = item_of(cast.submitted())
    with pytest.raises(PermissionDenied):
        remind_now(item, cast.people()[who])
    assert not mails(DECISION)


def test_coordinator_who_is_asked_decides_instead(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.manager)
    with pytest.raises(PermissionDenied):
        remind_now(item_of(cast.submitted()), cast.manager)


def test_answered_meanwhile_is_a_sentence(cast: Cast) -> None:
    request = cast.submitted()
    item = overdue(request)
    perform(request, "approve", actor=cast.manager)
    with pytest.raises(TransitionError, match="answered in the meantime"):
        remind_now(item, cast.coordinator)
    response = signed_in(cast.coordinator).post(remind_url(item))
    assert response.status_code == 409
    assert "answered in the meantime" in response.content.decode()


def test_nobody_who_has_left_is_reminded(cast: Cast) -> None:
    item = item_of(cast.submitted())
    Person.objects.filter(pk=cast.manager.pk).update(is_active=False)
    with pytest.raises(TransitionError, match="Mary Manager has left"):
        remind_now(item, cast.coordinator)


# --- the button ------------------------------------------------------------------------------------------


def test_button_says_what_it_did_and_is_gone_for_the_day(cast: Cast) -> None:
    item = overdue(cast.submitted())
    client = signed_in(cast.dept_coordinator)
    back = "/coordinate/?show=overdue"
    response = client.post(remind_url(item), {"next": back})
    assert (response.status_code, response["Location"]) == (303, back)
    text = client.get(back).content.decode()
    assert "A reminder is on its way to Mary Manager." in text
    assert "1 sent, by hand" in text
    text = client.get(reverse("coordination:desk-item", args=[item.pk])).content.decode()
    assert "1 reminder sent" in text
    assert "Dee Dept sent one on" in text
    assert remind_url(item) not in text


def test_second_press_gets_a_friendly_sentence(cast: Cast) -> None:
    item = overdue(cast.submitted())
    client = signed_in(cast.dept_coordinator)
    client.post(remind_url(item))
    client.get("/coordinate/")
    assert client.post(remind_url(item)).status_code == 303
    assert "Dee Dept reminded Mary Manager on" in client.get("/coordinate/").content.decode()
    assert len(mails(DECISION)) == Message.objects.filter(template=DECISION).count()


def test_opening_the_address_reminds_nobody(cast: Cast) -> None:
    item = overdue(cast.submitted())
    response = signed_in(cast.dept_coordinator).get(remind_url(item))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert not mails(DECISION)


def test_reminder_is_in_history_of_request(cast: Cast) -> None:
    request = cast.submitted()
    remind_now(item_of(request), cast.dept_coordinator)
    text = signed_in(cast.shadow).get(request.get_absolute_url()).content.decode()
    assert "Dee Dept sent a reminder." in text


# --- at the same moment ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_are_one_reminder(transactional_db: None, cast: Cast) -> None:
    request = cast.submitted()
    item = overdue(request)
    people = [cast.coordinator, cast.dept_coordinator]
    presses = [press(signed_in(people[n % 2]), remind_url(item), {}) for n in range(20)]
    assert pressed_at_once(presses) == {303: 20}
    assert (nudges(request), item_of(request).reminders_sent) == (1, 1)
    recipients = Counter(mail.recipient for mail in mails(DECISION))
    assert recipients[cast.manager] == 1


@pytest.mark.django_db(transaction=True)
def test_reminder_concurrent_with_an_answer_is_not_sent_after_it(transactional_db: None, cast: Cast) -> None:
    """In either order the answer is stored and no reminder is queued."""
    request = cast.submitted()
    item = overdue(request)
    acts = [partial(remind_now, item, cast.coordinator) for _ in range(6)]
    results = all_at_once([*acts, partial(perform, request, "approve", actor=cast.manager)])
    assert any(isinstance(result, Request) for result in results)
    assert all(
        isinstance(result, Request | WaitingItem) or "meantime" in str(result) or "is enough" in str(result)
        for result in results
    )
    assert nudges(request) <= 1
    assert all(mail.needed_while and mail.needed_while.closed_at for mail in mails(DECISION))
