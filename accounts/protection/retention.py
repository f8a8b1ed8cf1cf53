"""Retention: how long each kind of record is kept. The schedule applies the rules once a day.

Each app registers its own rules. ``RETENTION`` in the environment changes a period
("mail_words=14,audit=3650"). Work is done in small chunks, each in its own transaction.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.checks import CheckMessage, Error
from django.core.checks import register as register_check
from django.db import models, transaction
from django.utils import timezone

from accounts import audit, batch
from accounts.enums import AuditKind, How

YEAR = 365
CHUNK = 200
MOST_AT_ONCE = 5_000  # rows of one kind in one run; the next run continues
KEEP = batch.Job("forgotten", "One kind of old records could not be deleted", always=True)
FORGET = batch.Job("forgotten_one", "An old record could not be deleted")
DONE_TODAY = "retention:done"
Due = Callable[[dt.datetime], models.QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Records of one ``kind`` are kept ``days`` days; then ``happens``, for the reason ``why``.

    ``due(before)`` returns the records whose time is over; ``act`` processes a chunk of them and returns how
    many; those it cannot process come again with the next day's run.
    """

    name: str
    kind: str
    days: int
    happens: str
    why: str
    due: Due
    act: Callable[[models.QuerySet[Any]], int]
    chunk: int = CHUNK
    most: int = MOST_AT_ONCE

    @property
    def period(self) -> dt.timedelta:
        """Return the period set by RETENTION, else the default."""
        return dt.timedelta(days=settings.RETENTION.get(self.name, self.days))

    @property
    def period_text(self) -> str:
        """Return the period in words, in years where it is whole years."""
        number, unit = (self.period.days, "day")
        if number >= YEAR and number % YEAR == 0:
            number, unit = number // YEAR, "year"
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def over(self) -> models.QuerySet[Any]:
        """Return the records whose time is over."""
        return self.due(timezone.now() - self.period)


def delete(rows: models.QuerySet[Any]) -> int:
    """Delete ``rows``; return how many. The action of rules that delete whole records."""
    number = rows.count()
    rows.delete()
    return number


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Register retention rules."""
    _rules.update({rule.name: rule for rule in rules})


def rules() -> list[Rule]:
    """Return all rules."""
    return list(_rules.values())


def planned() -> dict[str, int]:
    """Return how many records of each rule would be processed now. Writes nothing."""
    return {rule.name: rule.over().count() for rule in rules()}


def apply_daily(*, seconds: float = float("inf")) -> int:
    """Apply all rules once a day, and again at the next run if they were not completed; return the count."""
    today = timezone.localdate().isoformat()
    if cache.get(DONE_TODAY) == today:
        return 0
    done, whole = apply(seconds=seconds)
    if whole:
        cache.set(DONE_TODAY, today, 2 * 24 * 3600)
    return done.total()


def apply(*, seconds: float = float("inf")) -> tuple[Counter[str], bool]:
    """Apply all rules within limits of time and rows; return counts per rule and whether all is done.

    Failures are isolated per rule; a failed rule is tried again by the next run.
    """
    until, done = time.monotonic() + seconds, Counter[str]()
    known, ended = {rule.name: rule for rule in rules()}, set[str]()

    def keep(name: str) -> int:
        ended.update({name} if _apply_rule(known[name], done, until) else ())
        return 1

    failed = batch.run(KEEP, list(known), keep, atomic=False).failed
    whole = not failed and len(ended) == len(known)
    for rule in known.values():
        if done[rule.name]:
            audit.note(
                AuditKind.ERASED, f"{rule.kind}: {done[rule.name]} past its time.", actor=None, how=How.SYSTEM
            )
    return +done, whole


def _apply_rule(rule: Rule, done: Counter[str], until: float) -> bool:
    """Process what is over in chunks, trying each row once; return whether that was all."""
    last: Any = None
    while time.monotonic() < until and done[rule.name] < rule.most:
        over = rule.over().order_by("pk")
        rest = over if last is None else over.filter(pk__gt=last)
        keys = list(rest.values_list("pk", flat=True)[: rule.chunk])
        if not keys:
            return True
        with transaction.atomic():
            # Check again under the lock; skip rows that another run has locked or processed.
            free = rule.over().filter(pk__in=keys).select_for_update(skip_locked=True, of=("self",))
            mine = [row.pk for row in free.order_by("pk").only("pk")]
            batch.run_in_bulk(FORGET, [(rule.name, pk) for pk in mine], partial(_act, rule, over.model, done))
        last = keys[-1]
    return False


def _act(rule: Rule, model: type[models.Model], done: Counter[str], keys: Sequence[tuple[str, Any]]) -> None:
    """Process some records; a failure half-way counts nothing."""
    if keys:
        done[rule.name] += rule.act(model._default_manager.filter(pk__in=[pk for _, pk in keys]))


@register_check()
def check_periods(**_: Any) -> list[CheckMessage]:
    """Report an error for each name in RETENTION that is no rule."""
    return [
        Error(
            f"RETENTION names “{name}”, but there is no such kind. There are {', '.join(_rules)}.",
            id="accounts.E001",
        )
        for name in settings.RETENTION
        if name not in _rules
    ]
