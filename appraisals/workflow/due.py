"""Scheduled work on appraisals; safe to run at any time, also twice at once.

Each appraisal and each waiting item has its own transaction, so that one failure does not affect the others.
Records that another run has locked are skipped.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.utils import timezone

from accounts import batch, waiting
from accounts.enums import How, NextStep
from accounts.models import WaitingItem
from accounts.workflow import perform
from appraisals import emails
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.mail_context import reminder_text
from appraisals.models import Appraisal, Cycle
from appraisals.models.appraisal import AppraisalQuerySet
from appraisals.workflow import cycle_export, opening

CHUNK = 500
PROMPT = batch.Job("conversations", "A conversation about an appraisal could not be asked for", Appraisal)
REMIND = batch.Job("appraisal_reminders", "A reminder about an appraisal could not be sent", WaitingItem)


def run_due(*, seconds: float = float("inf")) -> Counter[str]:
    """Do what is due today for at most ``seconds`` seconds. Returns the number done per step.

    The next run continues where this one stopped.
    """
    return batch.run_steps(STEPS, until=time.monotonic() + seconds)


def go_on(*, seconds: float) -> Counter[str]:
    """Continue openings and exports that were begun, for about ``seconds`` seconds."""
    return batch.run_steps(STEPS[:2], until=time.monotonic() + seconds)


def prompt_all(*, until: float = float("inf")) -> int:
    """Ask for the conversations of the current cycle once its prompt day has come. Returns their number."""
    today = timezone.localdate()
    cycle = Cycle.objects.at(today)
    if cycle is None or today < cycle.talk_day:
        return 0
    return batch.run(PROMPT, _keys_in_chunks(_not_prompted(cycle)), partial(_prompt, cycle), until=until).done


def _not_prompted(cycle: Cycle) -> AppraisalQuerySet:
    waiting_to_be = Appraisal.objects.filter(
        cycle=cycle, status=AppraisalStatus.OPEN, prompted_at__isnull=True, talk_on__isnull=True
    )
    return waiting_to_be.filter(person__is_active=True)


def _keys_in_chunks(rows: AppraisalQuerySet) -> Iterator[UUID]:
    """Yield the keys of ``rows`` in chunks, each key once, even if its record could not be processed."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    while keys:
        yield from keys
        keys = list(rows.filter(pk__gt=keys[-1]).order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _prompt(cycle: Cycle, pk: UUID) -> int:
    """Prompt both sides, unless another run has locked the appraisal or it was done meanwhile."""
    free = _not_prompted(cycle).filter(pk=pk).select_for_update(skip_locked=True, no_key=True, of=("self",))
    appraisal = free.first()
    if appraisal is None:
        return 0
    perform(appraisal, "prompt", actor=None, how=How.SYSTEM)
    return 1


def remind_all(*, until: float = float("inf")) -> int:
    """Send the reminders that are due today. Returns the number of waiting items."""
    today = timezone.localdate()
    due = WaitingItem.objects.due(today).filter(kind__in=AskKind.values)
    keys = list(due.order_by("next_on", "pk").values_list("pk", flat=True))
    return batch.run(REMIND, keys, partial(_remind, today), until=until).done


def _remind(today: dt.date, pk: UUID) -> int:
    rows = WaitingItem.objects.due(today).filter(pk=pk).select_related("owner")
    item = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if item is None:
        return 0
    related = ("person__line_manager", "cycle", "appraiser", "appraiser_signed_by")
    appraisal = Appraisal.objects.select_related(*related).filter(pk=item.subject_id).first()
    if appraisal is None:
        waiting.close_item(item)
        return 0
    waiting.take_due_steps(item, today)
    occasion = f":{item.pk}:{item.reminders_sent}"
    emails.ask(
        "appraisal_reminder_to_", item, appraisal, occasion=occasion, still=reminder_text(appraisal, item)
    )
    return 1


def _seconds_left(until: float) -> float:
    return until - time.monotonic()


STEPS: tuple[batch.Step, ...] = (
    batch.Step("appraisals_opened", lambda until: opening.go_on(seconds=_seconds_left(until))),
    batch.Step("rows_exported", lambda until: cycle_export.go_on(seconds=_seconds_left(until))),
    batch.Step("conversations", lambda until: prompt_all(until=until)),
    batch.Step("appraisal_reminders", lambda until: remind_all(until=until), counts_as=NextStep.REMIND.value),
)
