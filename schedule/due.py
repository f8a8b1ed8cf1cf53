"""What the clock does: reminders, the call for help, the lapse. Run as often as one likes, by whom one likes.

Each item is dealt with in a transaction of its own, so that a bad one spoils nothing; what another run is
dealing with is left to it; every mail has a key, so that a second copy cannot be owed. Nothing is sent
or done for what is not due.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from uuid import UUID

from django.utils import timezone

from accounts import batch, waiting
from accounts.deputies import announce_started
from accounts.enums import How, NextStep
from accounts.models import WaitingItem
from accounts.protection import retention
from accounts.workflow import perform
from appraisals.workflow import due as appraisals_due
from coordination.workflow import announcements
from coordination.workflow.bad_addresses import tell_of_bad_addresses
from coordination.workflow.figures import renew_figures
from departments.imports import jobs
from messaging.outbox import blank_old_texts
from schedule.staff_changes import follow_leavers, follow_staff_changes, help_with_unreachable
from shadowing.enums import WaitingKind
from shadowing.models import Request, Session
from shadowing.offers.workflow.suggestions import lapse_old
from shadowing.placements.encryption import wipe_forgotten
from shadowing.placements.workflow.hosting import follow_hosts
from shadowing.placements.workflow.joining_consent import follow_joiners
from shadowing.placements.workflow.reminders import REMINDERS, subject_of
from shadowing.placements.workflow.visit_clock import pass_on_moves, remind_of_visits, turn_visits
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals
from shadowing.reflections.workflow.follow_ups import ask_later
from shadowing.reflections.workflow.reflecting import complete_quiet
from shadowing.requests.workflow.stuck import call_for_help
from shadowing.rules import deadlines
from shadowing.rules.visit_days import INSTANT, expired_requests, possible_until

RETENTION_SECONDS = 30.0  # of one run, until the day's work is done
PASSED = batch.Job("passed", "A request whose day has passed could not be closed", Request)
DUE = batch.Job("due", "A reminder, a call for help or the end of a request did not happen", WaitingItem)
HANDED_OVER = "handed_over"  # counted beside the steps of the clock


def run_due(*, seconds: float = float("inf")) -> Counter[str]:
    """Do what is due today, for at most so many seconds; return how much of each was done.

    First clocks follow new closure days, and whatever waits gets into the right hands, so that nobody who
    has left is reminded.
    """
    return batch.run_steps(STEPS, until=time.monotonic() + seconds)


def act_on_due(*, until: float = float("inf")) -> Counter[str]:
    """Remind, ask for help and let lapse what is due."""
    today, done = timezone.localdate(), Counter[str]()
    due = WaitingItem.objects.due(today).filter(kind__in=WaitingKind.values)
    keys = list(due.order_by("next_on", "pk").values_list("pk", flat=True))

    def act(pk: UUID) -> int:
        done.update(step.value for step in _act(pk, today))
        return 1

    batch.run(DUE, keys, act, until=until)
    return done


def _act(pk: UUID, today: dt.date) -> set[NextStep]:
    """Do what is due for one item, unless somebody else is at it; return what was done."""
    if not _session_is_free(WaitingItem.objects.get(pk=pk)):
        return set()
    waits = WaitingItem.objects.due(today).filter(pk=pk).select_related("owner")
    item = waits.select_for_update(skip_locked=True, of=("self",)).first()
    return _act_on(item, today) if item is not None else set()


def _act_on(item: WaitingItem, today: dt.date) -> set[NextStep]:
    subject = subject_of(item)
    if subject is None:
        waiting.close_item(item)
        return set()
    if isinstance(subject, Request) and waiting.has_lapsed(item, today):
        if _waits_for_its_day(subject, today):
            return set()
        perform(subject, "lapse", actor=None, how=How.SYSTEM)
        return {NextStep.LAPSE}
    if item.kind == WaitingKind.LET_READ and waiting.has_lapsed(item, today):
        return set()  # follow_joiners takes it as a no
    steps = waiting.take_due_steps(item, today)
    if NextStep.ESCALATE in steps and isinstance(subject, Request):
        call_for_help(item, subject)
    if NextStep.REMIND in steps:
        REMINDERS[WaitingKind(item.kind)](item, subject)
    return steps


def _waits_for_its_day(request: Request, today: dt.date) -> bool:
    """Whether it ends with the visit's own day, which is today: until that begins it can be answered."""
    passes = possible_until(request)
    return passes > timezone.now() and timezone.localdate(passes - INSTANT) == today


def close_passed() -> int:
    """Close what nobody answered before the visit's own day; return how many, each in its own transaction."""
    live = Request.objects.under_way()
    return batch.run(PASSED, list(expired_requests(live)), _close_passed).done


def _close_passed(request: Request) -> int:
    perform(request, "lapse", actor=None, how=How.SYSTEM)
    return 1


def _session_is_free(item: WaitingItem) -> bool:
    """Lock the session, first in the lock order, unless somebody is acting on a request for it right now."""
    sessions = Session.objects.filter(requests=item.subject_id)
    if item.subject_type != Request._meta.label_lower or not sessions.exists():
        return True
    return sessions.select_for_update(skip_locked=True, no_key=True, of=("self",)).first() is not None


def _seconds_left(until: float) -> float:
    return until - time.monotonic()


# First clocks follow new closure days, and what waits gets into the right hands; then comes what is due.
STEPS: tuple[batch.Step, ...] = (
    batch.Step("closures", lambda until: deadlines.postpone_for_closures(seconds=_seconds_left(until))),
    batch.Step("staff_changes", lambda until: follow_staff_changes(), counts_as=HANDED_OVER),
    batch.Step("hosts", lambda until: follow_hosts()),
    batch.Step("leavers", lambda until: follow_leavers()),
    batch.Step("passed", lambda until: close_passed()),
    batch.Step("unreachable", lambda until: help_with_unreachable(), counts_as=NextStep.ESCALATE.value),
    batch.Step("addresses", lambda until: tell_of_bad_addresses()),
    batch.Step("visits", lambda until: turn_visits()),
    batch.Step("visit_reminders", lambda until: remind_of_visits()),
    batch.Step("moves", lambda until: pass_on_moves()),
    batch.Step("joiners", lambda until: follow_joiners()),
    batch.Step("asked_later", lambda until: ask_later()),
    batch.Step("completed", lambda until: complete_quiet()),
    batch.Step("needs_wiped", lambda until: wipe_forgotten()),
    batch.Step("suggestions", lambda until: lapse_old()),
    batch.Step("deputies", lambda until: announce_started(timezone.localdate())),
    batch.Step("appraisals_filled", lambda until: fill_appraisals(seconds=_seconds_left(until))),
    batch.Step(
        "forgotten",
        lambda until: retention.apply_daily(seconds=min(_seconds_left(until), RETENTION_SECONDS)),
    ),
    batch.Step("due", lambda until: act_on_due(until=until)),
    *appraisals_due.STEPS,
    batch.Step("files", lambda until: jobs.go_on(seconds=_seconds_left(until))),
    batch.Step("announced", lambda until: announcements.go_on(seconds=_seconds_left(until))),
)
# After the clock was looked after, however long that took.
LAST: tuple[batch.Step, ...] = (
    batch.Step("figures", lambda until: renew_figures()),
    batch.Step("mail_words", lambda until: blank_old_texts()),
)


def run_last() -> None:
    """Count what desks show, and forget the words of old mail."""
    batch.run_steps(LAST, until=float("inf"))
