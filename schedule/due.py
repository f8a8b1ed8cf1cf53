"""The steps of the schedule: reminders, escalations, lapses, and upkeep. Safe to run at any time.

Each item has its own transaction, so that one failure does not affect the others. Items that another run has
locked are skipped, and every mail has a key, so that it cannot be queued twice. Only what is due is done.
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
from coordination.workflow.bad_addresses import report_bad_addresses
from coordination.workflow.figures import refresh_figures
from departments.imports import jobs
from messaging.outbox import blank_old_texts
from schedule.staff_changes import escalate_unreachable, follow_leavers, follow_staff_changes
from shadowing.enums import WaitingKind
from shadowing.models import Request, Session
from shadowing.offers.workflow.suggestions import lapse_old
from shadowing.placements.encryption import wipe_forgotten
from shadowing.placements.workflow.hosting import follow_hosts
from shadowing.placements.workflow.joining_consent import follow_joiners
from shadowing.placements.workflow.reminders import REMINDERS, subject_of
from shadowing.placements.workflow.visit_clock import advance_visits, pass_on_moves, remind_of_visits
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals
from shadowing.reflections.workflow.follow_ups import ask_follow_ups
from shadowing.reflections.workflow.reflecting import complete_silent_visits
from shadowing.requests.workflow.stuck import call_for_help
from shadowing.rules import deadlines
from shadowing.rules.visit_days import INSTANT, expired_requests, possible_until

RETENTION_SECONDS = 30.0  # at most, in one run; the next runs finish the day's work
PASSED = batch.Job("passed", "A request whose day has passed could not be closed", Request)
DUE = batch.Job("due", "A reminder, a call for help or the end of a request did not happen", WaitingItem)
HANDED_OVER = "handed_over"  # counted beside the reminders, escalations and lapses


def run_due(*, seconds: float = float("inf")) -> Counter[str]:
    """Do what is due today for at most ``seconds`` seconds. Returns the number done per step.

    Deadlines are first recounted for new closure days, and items of leavers are handed over, so that nobody
    who has left gets a reminder.
    """
    return batch.run_steps(STEPS, until=time.monotonic() + seconds)


def act_on_due(*, until: float = float("inf")) -> Counter[str]:
    """Send the reminders, escalate and lapse the waiting items that are due. Returns the number per step."""
    today, done = timezone.localdate(), Counter[str]()
    due = WaitingItem.objects.due(today).filter(kind__in=WaitingKind.values)
    keys = list(due.order_by("next_on", "pk").values_list("pk", flat=True))

    def act(pk: UUID) -> int:
        done.update(step.value for step in _lock_and_act(pk, today))
        return 1

    batch.run(DUE, keys, act, until=until)
    return done


def _lock_and_act(pk: UUID, today: dt.date) -> set[NextStep]:
    """Do what is due for one item, unless another transaction has locked it. Returns the steps done."""
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
        if _lapses_later_today(subject, today):
            return set()
        perform(subject, "lapse", actor=None, how=How.SYSTEM)
        return {NextStep.LAPSE}
    if item.kind == WaitingKind.LET_READ and waiting.has_lapsed(item, today):
        REMINDERS[WaitingKind.LET_READ](item, subject)  # it sends nothing after that day
        return set()
    steps = waiting.take_due_steps(item, today)
    if NextStep.ESCALATE in steps and isinstance(subject, Request):
        call_for_help(item, subject)
    if NextStep.REMIND in steps:
        REMINDERS[WaitingKind(item.kind)](item, subject)
    return steps


def _lapses_later_today(request: Request, today: dt.date) -> bool:
    """Whether the request lapses later today: it can be answered until the visit's day begins."""
    passes = possible_until(request)
    return passes > timezone.now() and timezone.localdate(passes - INSTANT) == today


def close_past_requests() -> int:
    """Lapse the requests that nobody answered before the visit's own day. Returns their number.

    Each has its own transaction.
    """
    live = Request.objects.under_way()
    return batch.run(PASSED, list(expired_requests(live)), _close_past_request).done


def _close_past_request(request: Request) -> int:
    perform(request, "lapse", actor=None, how=How.SYSTEM)
    return 1


def _session_is_free(item: WaitingItem) -> bool:
    """Lock the session (first in the lock order). Returns False if another transaction has locked it."""
    sessions = Session.objects.filter(requests=item.subject_id)
    if item.subject_type != Request._meta.label_lower or not sessions.exists():
        return True
    return sessions.select_for_update(skip_locked=True, no_key=True, of=("self",)).first() is not None


def _seconds_left(until: float) -> float:
    return until - time.monotonic()


# Deadlines follow new closure days and items reach their right owners before anything else is done.
STEPS: tuple[batch.Step, ...] = (
    batch.Step("closures", lambda until: deadlines.postpone_for_closures(seconds=_seconds_left(until))),
    batch.Step("staff_changes", lambda until: follow_staff_changes(), counts_as=HANDED_OVER),
    batch.Step("hosts", lambda until: follow_hosts()),
    batch.Step("leavers", lambda until: follow_leavers()),
    batch.Step("passed", lambda until: close_past_requests()),
    batch.Step("unreachable", lambda until: escalate_unreachable(), counts_as=NextStep.ESCALATE.value),
    batch.Step("addresses", lambda until: report_bad_addresses()),
    batch.Step("visits", lambda until: advance_visits()),
    batch.Step("visit_reminders", lambda until: remind_of_visits()),
    batch.Step("moves", lambda until: pass_on_moves()),
    batch.Step("joiners", lambda until: follow_joiners()),
    batch.Step("asked_later", lambda until: ask_follow_ups()),
    batch.Step("completed", lambda until: complete_silent_visits()),
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
# Runs after the steps above, however long they took.
HOUSEKEEPING_STEPS: tuple[batch.Step, ...] = (
    batch.Step("figures", lambda until: refresh_figures()),
    batch.Step("mail_words", lambda until: blank_old_texts()),
)


def run_housekeeping() -> None:
    """Count the figures of the desks, and delete the text of old mail."""
    batch.run_steps(HOUSEKEEPING_STEPS, until=float("inf"))
