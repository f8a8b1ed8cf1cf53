"""The schedule after a standstill, run twice or concurrently, and with a failing item."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts import waiting
from accounts.enums import NextStep
from accounts.models import WaitingItem
from accounts.protection import retention
from accounts.workflow import perform
from messaging.enums import MessageStatus
from messaging.models import Message
from schedule.due import run_due
from schedule.tasks import run_due as run_due_task
from shadowing.enums import WaitingKind
from shadowing.mail import emails
from shadowing.models import Request, Session
from shadowing.rules.progress import request_progress
from tests.cast import Cast, member
from tests.conftest import Mailbox
from tests.factories import OfferFactory, RequestFactory, SessionFactory
from tests.shadowing.clock import mails, on

pytestmark = pytest.mark.usefixtures("clock")


# --- after a standstill, and twice -----------------------------------------------------------------------


def test_after_days_of_standstill_one_reminder_goes_not_two(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.submitted()
    clock.move_to(on(11), tick=False)
    run_due()
    assert len(mails("decision_reminder_to_manager", cast.manager)) == 1
    assert WaitingItem.objects.open().get().reminders_sent == 1
    assert run_due() == Counter()


def test_after_a_longer_standstill_one_reminder_goes_and_help_is_called(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.submitted()
    clock.move_to(on(22), tick=False)
    assert run_due() == Counter({NextStep.REMIND: 1, NextStep.ESCALATE: 1})
    assert (
        len(mails("decision_reminder_to_manager", cast.manager)),
        len(mails("decision_stuck_to_coordinator")),
    ) == (1, 1)


def test_run_again_does_nothing_more(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    clock.move_to(on(4), tick=False)
    assert run_due()[NextStep.REMIND] == 1
    owed = Message.objects.count()
    for _ in range(3):
        assert run_due() == Counter()
    assert Message.objects.count() == owed


def test_item_due_again_queues_no_second_mail(cast: Cast, clock: time_machine.Traveller) -> None:
    """Even if the item were due again, the mail's key is known already."""
    cast.submitted()
    clock.move_to(on(4), tick=False)
    before = WaitingItem.objects.get(owner=cast.manager)
    run_due()
    before.save()
    run_due()
    assert len(mails("decision_reminder_to_manager", cast.manager)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_make_one_mail_each(
    clock: time_machine.Traveller, transactional_cast: Cast
) -> None:
    cast = transactional_cast
    for _ in range(5):
        person = member(cast.library, line_manager=cast.manager)
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        session = SessionFactory.create(offer=offer)
        perform(RequestFactory.create(shadow=person, session=session), "submit", actor=person)
    clock.move_to(on(4), tick=False)
    counts: list[Counter[str]] = []

    def run() -> None:
        counts.append(run_due())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum((count[NextStep.REMIND] for count in counts), 0) == 5
    assert len(mails("decision_reminder_to_manager", cast.manager)) == 5


@pytest.fixture
def transactional_cast(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    cast: Cast = request.getfixturevalue("cast")
    return cast


@pytest.mark.django_db(transaction=True)
def test_item_somebody_is_deciding_on_is_left_alone(
    clock: time_machine.Traveller, transactional_cast: Cast
) -> None:
    request = transactional_cast.submitted()
    clock.move_to(on(4), tick=False)
    done: list[Counter[str]] = []

    def run() -> None:
        done.append(run_due())
        connections.close_all()

    with transaction.atomic():
        Session.objects.select_for_update().get(pk=request.session_id)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
    assert done == [Counter()]
    assert run_due()[NextStep.REMIND] == 1


# --- one bad item, and what it costs ---------------------------------------------------------------------


def test_failing_item_is_logged_and_does_not_stop_the_others(
    cast: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cast.submitted()
    second = RequestFactory.create(
        shadow=member(cast.estates, line_manager=cast.stranger), session=cast.session
    )
    perform(second, "submit", actor=second.shadow)
    clock.move_to(on(4), tick=False)
    queue = emails.queue_decision_mail

    def broken(template: str, decision: object, *given: object, **named: object) -> None:
        if getattr(decision, "request_id", None) == first.pk:
            raise LookupError("a broken template")
        queue(template, decision, *given, **named)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(emails, "queue_decision_mail", broken)
    assert run_due() == Counter({NextStep.REMIND: 1})
    assert [mail.recipient for mail in mails("decision_reminder_to_manager")] == [cast.stranger]
    item = WaitingItem.objects.get(owner=cast.manager)
    assert (item.next_on, item.reminders_sent) == (dt.date(2027, 3, 4), 0)


def test_item_about_something_that_is_gone_is_closed(cast: Cast, clock: time_machine.Traveller) -> None:
    draft = cast.draft()
    plan = [(dt.date(2027, 3, 4), NextStep.REMIND)]
    waiting.open_item(cast.manager, WaitingKind.MANAGER_DECISION, draft, plan=plan)
    Request.objects.filter(pk=draft.pk).delete()
    clock.move_to(on(4), tick=False)
    assert run_due() == Counter()
    assert not WaitingItem.objects.open().exists()


def test_items_of_other_apps_are_not_touched(cast: Cast, clock: time_machine.Traveller) -> None:
    plan = [(dt.date(2027, 3, 4), NextStep.REMIND)]
    waiting.open_item(cast.manager, "acknowledge_evidence", cast.draft(), plan=plan)
    clock.move_to(on(4), tick=False)
    assert run_due() == Counter()
    assert WaitingItem.objects.open().get().next_on == dt.date(2027, 3, 4)


def test_work_does_not_grow_with_what_is_not_due(cast: Cast, clock: time_machine.Traveller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            run_due()
        return without_savepoints(captured)

    retention.apply_daily()  # of the day, not of each run
    alone = queries()
    for number in range(30):
        plan = [(dt.date(2027, 4, 1), NextStep.REMIND)]
        waiting.open_item(cast.manager, WaitingKind.MANAGER_DECISION, Request(pk=_uuid(number)), plan=plan)
    assert queries() == alone <= 32  # a few for each part of the schedule, however much waits


def without_savepoints(captured: CaptureQueriesContext) -> int:
    """How many there are where no test holds a transaction around everything."""
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def test_work_for_one_due_item_stays_small(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    clock.move_to(on(4), tick=False)
    retention.apply_daily()
    with CaptureQueriesContext(connection) as captured:
        run_due()
    assert without_savepoints(captured) <= 60, without_savepoints(captured)


# --- what the strip promised is what happens -------------------------------------------------------------


def test_days_the_strip_promises_are_the_days_on_which_it_happens(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    request = cast.submitted()
    item = WaitingItem.objects.open().get()
    assert request_progress(request, item).next_sentence == (
        "A reminder goes on Thu 4 March; on Mon 15 March the coordinator is asked to help; "
        "without an answer it lapses on Wed 31 March."
    )
    assert item.due_on == dt.date(2027, 3, 12)
    clock.move_to(on(15), tick=False)
    run_due()
    item.refresh_from_db()
    assert request_progress(request, item).next_sentence == (
        "The coordinator was asked to help on Mon 15 March; without an answer it lapses on Wed 31 March."
    )


def test_strip_of_an_overdue_step_names_today(cast: Cast, clock: time_machine.Traveller) -> None:
    request = cast.submitted()
    clock.move_to(on(8), tick=False)
    item = WaitingItem.objects.open().get()
    assert request_progress(request, item).next_sentence.startswith("A reminder goes on Mon 8 March;")


def test_reminder_says_what_comes_after_it(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    clock.move_to(on(4), tick=False)
    run_due()
    (mail,) = mails("decision_reminder_to_manager", cast.manager)
    assert "A reminder goes on Tue 9 March" in mail.text
    assert mail.subject == "IT Services visit: still to decide, by Fri 12 March (Sam Shadow)"


# --- the command and the task ----------------------------------------------------------------------------


def test_send_due_reminds_sends_and_says_so_in_one_line(
    cast: Cast, clock: time_machine.Traveller, mailbox: Mailbox
) -> None:
    cast.submitted()
    clock.move_to(on(4), tick=False)
    said = StringIO()
    call_command("send_due", stdout=said)
    assert said.getvalue() == (
        "0 handed over, 1 reminded, 0 given to a coordinator, 0 lapsed, 3 mails sent.\n"
    )
    (mail,) = mailbox.to("manager@example.ac.uk")
    assert "still to decide" in mail["Subject"], "the first mail was never sent: the reminder says it all"
    again = StringIO()
    call_command("send_due", stdout=again)
    assert again.getvalue() == (
        "0 handed over, 0 reminded, 0 given to a coordinator, 0 lapsed, 0 mails sent.\n"
    )


def test_reminder_of_a_decision_made_meanwhile_is_not_sent(
    cast: Cast, clock: time_machine.Traveller, mailbox: Mailbox
) -> None:
    request = cast.submitted()
    clock.move_to(on(4), tick=False)
    run_due()
    perform(request, "approve", actor=cast.manager)
    call_command("send_due", stdout=StringIO())
    assert mailbox.to("manager@example.ac.uk") == []
    assert mails("decision_reminder_to_manager")[0].status == MessageStatus.DROPPED


def test_task_has_the_name_the_schedule_calls(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.submitted()
    clock.move_to(on(4), tick=False)
    assert run_due_task.name == "shadowing.tasks.run_due"
    run_due_task()
    assert mails("decision_reminder_to_manager")
