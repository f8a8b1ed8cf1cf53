"""P28: one bad item stops no other.

The database refuses every change of one request, one waiting item and one mail among many; then each step of
the schedule in turn raises. All other items must be done, and the bad ones must be listed on the
coordinators' desk. The control removes the guard around items: an error ends the run, as in a plain loop.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from unittest import mock

from django.db import connection
from django.utils import timezone

from accounts import batch
from accounts.models import FailedItem, Person, WaitingItem
from coordination.pages.coordinator_scope import scope_of
from coordination.pages.failed_items import failed_items
from messaging.delivery import deliver_owed
from messaging.models import Message
from schedule.due import HOUSEKEEPING_STEPS, STEPS, run_due
from shadowing.enums import RequestStatus
from shadowing.models import Request
from shadowing.offers.filters import Directory
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.report import Result
from tools.drills.scenery import scenery, sessions, with_manager

REFUSE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN IF OLD.id = '{key}' THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $body$;
CREATE TRIGGER zz_{name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


def refuse(record: Request | WaitingItem | Message) -> None:
    """Make the database refuse every change of this row."""
    table = record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(name=f"planted_{table}", key=record.pk, table=table))


def call_unguarded(job: batch.Job, name: str, act: Callable[[], int], *, whole: bool) -> int:
    """Run ``act`` without catching errors: the control's replacement for the guard."""
    return act()


def failing_step(until: float) -> int:
    """A step of the schedule that raises."""
    raise RuntimeError("planted")


def check_bad_items(number: int, result: Result) -> None:
    """Process ``number`` requests of leavers, reminders and mails, with one bad item of each."""
    scene = scenery()
    coordinator, *hosts = scene.people(number + 1)
    scene.scheme.coordinators.add(coordinator)
    dated = sessions(scene.offers(hosts), places=3)
    gone = with_manager(zip(scene.people(number), dated, strict=True), scene.manager)
    asked = with_manager(zip(scene.people(number), dated, strict=True), scene.manager)
    today = timezone.localdate()
    items = WaitingItem.objects.filter(subject_id__in=[request.pk for request in asked])
    items.update(next_on=today, next_step="remind", plan=[[today.isoformat(), "remind"]])
    refuse(gone[number // 2])
    refuse(items.order_by("pk")[number // 2])
    Person.objects.filter(requests__in=gone).update(is_active=False)
    run_due()
    mails = Message.objects.filter(status="queued")
    mails.update(not_before=timezone.now(), gathering="")  # none waits for other mails to be sent with it
    refuse(mails.order_by("pk")[mails.count() // 2])
    deliver_owed(seconds=60)
    ended = Request.objects.filter(pk__in=[r.pk for r in gone], status=RequestStatus.WITHDRAWN).count()
    reminded = items.filter(reminders_sent=1).count()
    unsent = Message.objects.filter(status="queued").count()
    result.expect(ended == number - 1, f"{ended} of {number - 1} requests of leavers were ended.")
    result.expect(reminded == number - 1, f"{reminded} of {number - 1} reminders were sent.")
    result.expect(unsent <= 1, f"{unsent} mails were not sent.")
    scope = scope_of(coordinator, Directory())
    shown = {row.sentence for row in failed_items(scope)} if scope is not None else set()
    result.expect(len(shown) >= 3, f"The desk shows only {sorted(shown)}.")
    result.owed, result.once = 3 * number, ended + reminded


def _note(ran: list[str], name: str, until: float) -> int:
    ran.append(name)
    return 1


def check_failing_steps(result: Result) -> None:
    """Break each step of the schedule once, and check that all others run."""
    steps = (*STEPS, *HOUSEKEEPING_STEPS)
    for broken in steps:
        ran: list[str] = []
        tried = [
            replace(step, act=failing_step if step is broken else partial(_note, ran, step.name))
            for step in steps
        ]
        batch.run_steps(tried, until=float("inf"))
        missed = {step.name for step in steps} - {broken.name} - set(ran)
        result.expect(not missed, f"After {broken.name} failed, {', '.join(sorted(missed))} did not run.")
        noted = FailedItem.objects.filter(job="schedule", key=broken.name).exists()
        result.expect(noted, f"{broken.name} failed and is not on the desk.")
    result.numbers["steps made to fail in turn"] = str(len(steps))


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 300 items of each kind; every step of the schedule broken in turn."""
    number = scale.of(300, 10)
    result = Result(done=f"{3 * number} items, three of them bad; every step made to fail once")
    with nullcontext() if guarded else mock.patch.object(batch, "_try", call_unguarded):
        try:
            check_bad_items(number, result)
            check_failing_steps(result)
        except Exception as error:  # noqa: BLE001  # in the control the run ends with the error
            result.expect(False, f"The run ended with {type(error).__name__}.")
    return result


if __name__ == "__main__":
    print_result(act)
