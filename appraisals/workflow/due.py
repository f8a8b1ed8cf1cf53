"""What the clock does for appraisals. Run as often as one likes, by whom one likes.

Each appraisal and each item is dealt with in a transaction of its own, so that a bad one spoils nothing; what
another run is dealing with is left to it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from accounts import waiting
from accounts.enums import How, NextStep
from accounts.models import WaitingItem
from accounts.workflow import perform
from appraisals import emails
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.letters import still
from appraisals.models import Appraisal, Cycle
from appraisals.models.appraisal import AppraisalQuerySet
from appraisals.workflow import exporting, opening

log = structlog.get_logger(__name__)

CHUNK = 500


def run_due(*, seconds: float = float("inf")) -> Counter[str]:
    """Do what is due today, for at most so many seconds; return how much of each was done.

    The next run goes on where this one stopped.
    """
    until, done = time.monotonic() + seconds, Counter[str]()
    steps: dict[str, Callable[[], int]] = {
        "appraisals_opened": lambda: opening.go_on(seconds=until - time.monotonic()),
        "rows_exported": lambda: exporting.go_on(seconds=until - time.monotonic()),
        "conversations": lambda: prompt_all(until=until),
        NextStep.REMIND.value: lambda: remind_all(until=until),
    }
    for name, step in steps.items():
        try:
            done[name] += step()
        except Exception:  # it is tried again by the next run, and the log says what is wrong
            log.exception("appraisal_step_failed", step=name)
    return +done


def prompt_all(*, until: float = float("inf")) -> int:
    """Ask for the conversations of the present cycle once its day has come; return for how many."""
    today = timezone.localdate()
    cycle = Cycle.objects.at(today)
    if cycle is None or today < cycle.talk_day:
        return 0
    asked = 0
    for pk in _one_by_one(_not_asked(cycle)):
        if time.monotonic() > until:
            break
        asked += _safely(pk, partial(_prompt, cycle, pk))
    return asked


def _not_asked(cycle: Cycle) -> AppraisalQuerySet:
    waiting_to_be = Appraisal.objects.filter(
        cycle=cycle, status=AppraisalStatus.OPEN, prompted_at__isnull=True, talk_on__isnull=True
    )
    return waiting_to_be.filter(person__is_active=True)


def _one_by_one(rows: AppraisalQuerySet) -> Iterator[UUID]:
    """The keys of ``rows``, read in chunks; one that cannot be dealt with does not come up again."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    while keys:
        yield from keys
        keys = list(rows.filter(pk__gt=keys[-1]).order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _prompt(cycle: Cycle, pk: UUID) -> int:
    """Ask both, unless another run or one of them is at it or was."""
    free = _not_asked(cycle).filter(pk=pk).select_for_update(skip_locked=True, no_key=True, of=("self",))
    appraisal = free.first()
    if appraisal is None:
        return 0
    perform(appraisal, "prompt", actor=None, how=How.SYSTEM)
    return 1


def remind_all(*, until: float = float("inf")) -> int:
    """Remind whoever is due to be reminded; return how many items that were."""
    today, reminded = timezone.localdate(), 0
    due = WaitingItem.objects.due(today).filter(kind__in=AskKind.values)
    for pk in list(due.order_by("next_on", "pk").values_list("pk", flat=True)):
        if time.monotonic() > until:
            break
        reminded += _safely(pk, partial(_remind, pk, today))
    return reminded


def _remind(pk: UUID, today: dt.date) -> int:
    rows = WaitingItem.objects.due(today).filter(pk=pk).select_related("owner")
    item = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if item is None:
        return 0
    related = ("person__line_manager", "cycle", "appraiser", "appraiser_signed_by")
    appraisal = Appraisal.objects.select_related(*related).filter(pk=item.subject_id).first()
    if appraisal is None:
        waiting.close_item(item)
        return 0
    waiting.wind_on(item, today)
    occasion = f":{item.pk}:{item.reminders_sent}"
    emails.ask("appraisal_reminder_to_", item, appraisal, occasion=occasion, still=still(appraisal, item))
    return 1


def _safely(pk: UUID, act: Callable[[], int]) -> int:
    try:
        with transaction.atomic():
            return act()
    except Exception:  # whatever is wrong with one, the others are dealt with
        log.exception("appraisal_not_dealt_with", key=str(pk))
        return 0
