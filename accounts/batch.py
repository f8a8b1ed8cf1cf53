"""Process items in batches: failures are isolated per item.

Each item has its own transaction (a savepoint inside another). A failure is logged, recorded for the
coordinators' desk (FailedItem), and retried after growing pauses, so that it takes no time from the others.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.utils import timezone

from accounts.models import FailedItem, WaitingItem
from accounts.workflow import TransitionError

log = structlog.get_logger(__name__)

# Pauses before the second attempt and so on; the first one only lasts until the next run.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (0, 5, 15, 60, 360, 1440))
LONGEST_KEY = 200
SHOWN_FOR = dt.timedelta(days=7)  # how long failures that are not retried are shown
Key = TypeVar("Key")


@dataclass(frozen=True)
class Job:
    """One kind of background work. ``sentence`` says on the desk that it failed; ``about``: the items' model.

    ``once``: failures are not retried automatically. ``always``: failures are retried by every run, without a
    pause.
    """

    name: str
    sentence: str
    about: type[models.Model] | None = None
    once: bool = False
    always: bool = False

    def __post_init__(self) -> None:
        _jobs[self.name] = self


@dataclass(frozen=True)
class Step:
    """One step of the schedule. ``act`` works until the given time; its count is filed as ``counts_as``."""

    name: str
    act: Callable[[float], int | Counter[str]]
    counts_as: str = ""


_jobs: dict[str, Job] = {}


STEP = Job("schedule", "One part of the work in the background did not come to its end", always=True)


@dataclass
class Result:
    """How many items were done, and the keys of those that failed now or are paused after a failure."""

    done: int = 0
    failed: list[Any] = field(default_factory=list)


def jobs() -> dict[str, Job]:
    """Return all kinds of work by name."""
    return dict(_jobs)


def run(
    job: Job,
    keys: Iterable[Key],
    act: Callable[[Key], int],
    *,
    until: float = float("inf"),
    atomic: bool = True,
) -> Result:
    """Call ``act`` on each key until the time is up; return how much was done and which keys failed.

    ``atomic``: each item is one transaction. An item may raise TransitionError to say that there is nothing
    to do; that is no failure.
    """
    result, before = Result(), dict[str, dt.datetime]()
    for number, key in enumerate(keys):
        if number == 0:
            before = dict(FailedItem.objects.filter(job=job.name).values_list("key", "not_before"))
        if time.monotonic() > until:
            break
        name = name_of(key)
        if not job.always and name in before and before[name] > timezone.now():
            result.failed.append(key)
            continue
        done = _try(job, name, lambda key=key: act(key), atomic=atomic)  # type: ignore[misc]  # bound at once
        if done is None:
            result.failed.append(key)
            continue
        result.done += done
        if name in before:
            FailedItem.objects.filter(job=job.name, key=name).delete()
    return result


def run_steps(steps: Iterable[Step], *, until: float) -> Counter[str]:
    """Run the steps one after another, even if some fail; return how much each of them did."""
    done, named = Counter[str](), {step.name: step for step in steps}

    def act(name: str) -> int:
        number = named[name].act(until)
        done.update(number if isinstance(number, Counter) else {named[name].counts_as or name: number})
        return 1

    run(STEP, named, act, atomic=False)
    return +done


def run_in_bulk(job: Job, items: Sequence[Key], act: Callable[[Sequence[Key]], object]) -> list[Key]:
    """Call ``act`` on all items at once; if that fails, on each singly. Return the items that failed."""
    try:
        with transaction.atomic():
            act(items)
    except Exception as error:  # noqa: BLE001  # which of them it was is found out one by one
        reraise_if_fatal(error)
        return run(job, items, lambda item: _count(act, item)).failed
    return []


def _count(act: Callable[[Sequence[Key]], object], item: Key) -> int:
    act([item])
    return 1


def record_failure(job: Job, key: object, error: Exception) -> None:
    """Record the failure of one item: in the log, for the desk, and for the next attempt."""
    name = name_of(key)
    log.error("item_failed", job=job.name, key=name, exc_info=error)
    now, (subject_type, subject_id) = timezone.now(), _subject(job, name)
    with transaction.atomic():
        item, new = FailedItem.objects.select_for_update().get_or_create(
            job=job.name,
            key=name,
            defaults={
                "subject_type": subject_type,
                "subject_id": subject_id,
                "not_before": now + (SHOWN_FOR if job.once else PAUSES[0]),
            },
        )
        item.tries += not new
        tries = 1 if job.always else min(item.tries, len(PAUSES))
        pause = SHOWN_FOR if job.once else PAUSES[tries - 1]
        item.error, item.last_at, item.not_before = type(error).__name__[:80], now, now + pause
        item.save(update_fields=["tries", "error", "last_at", "not_before"])


def settled(job: Job, key: object) -> None:
    """Delete the recorded failure of an item that works now."""
    FailedItem.objects.filter(job=job.name, key=name_of(key)).delete()


def retryable_keys(job: Job) -> list[str]:
    """Return the stored keys of failed items whose pause is over, for jobs that do not find them anew."""
    rows = FailedItem.objects.filter(job=job.name, not_before__lte=timezone.now())
    return list(rows.order_by("not_before").values_list("key", flat=True))


def paused_keys(job: Job) -> list[str]:
    """Return the stored keys of items whose pause is not over."""
    return list(FailedItem.objects.paused().filter(job=job.name).values_list("key", flat=True))


def name_of(key: object) -> str:
    """Return a key as text for storing; the parts of a tuple are joined by colons."""
    if isinstance(key, models.Model):
        key = key.pk
    return (":".join(map(str, key)) if isinstance(key, tuple) else str(key))[:LONGEST_KEY]


def _try(job: Job, name: str, act: Callable[[], int], *, atomic: bool) -> int | None:
    """Return how much was done; None if the item failed."""
    try:
        if not atomic:
            return act()
        with transaction.atomic():
            return act()
    except TransitionError as refusal:  # somebody was quicker
        log.info("item_left_alone", job=job.name, key=name, why=refusal.sentence)
        return 0
    except Exception as error:  # noqa: BLE001  # one faulty item must not stop the others
        reraise_if_fatal(error)
        record_failure(job, name, error)
        return None


def reraise_if_fatal(error: Exception) -> None:
    """Raise ``error`` again unless the item caused it: when the time limit or the database is to blame."""
    if isinstance(error, SoftTimeLimitExceeded | InterfaceError):
        raise error
    if isinstance(error, OperationalError) and not connection.is_usable():
        raise error


def _subject(job: Job, name: str) -> tuple[str, UUID | None]:
    """Return type and key of the record an item is about; for a waiting item, of the record it waits for."""
    if job.about is None:
        return "", None
    try:
        key = UUID(name.partition(":")[0])
    except ValueError:
        return job.about._meta.label_lower, None
    if job.about is WaitingItem:
        item = WaitingItem.objects.filter(pk=key).values_list("subject_type", "subject_id").first()
        return item or ("", None)
    return job.about._meta.label_lower, key
