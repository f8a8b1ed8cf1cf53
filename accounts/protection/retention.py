"""How long each kind of record is kept: the periods are data, the schedule keeps to them once a day.

Each app registers its own rules. A period is changed by ``RETENTION`` in the environment
("mail_words=14,audit=3650"); work is done in small chunks, each in a transaction of its own.
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
MOST_AT_ONCE = 5_000  # rows of one kind in one run; the next run goes on
KEEP = batch.Job("forgotten", "One kind of old records could not be deleted", always=True)
FORGET = batch.Job("forgotten_one", "An old record could not be deleted")
DONE_TODAY = "retention:done"
Due = Callable[[dt.datetime], models.QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Records of one ``kind`` are kept ``days`` days; then ``happens``, because of ``why``.

    ``due(before)`` are those whose time is over; ``act`` deals with a chunk of them and returns how many it
    has: those it could not deal with come again with the next day's run.
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
        """What the environment says, else the default."""
        return dt.timedelta(days=settings.RETENTION.get(self.name, self.days))

    @property
    def period_text(self) -> str:
        """The period in words: years where it is whole years."""
        number, unit = (self.period.days, "day")
        if number >= YEAR and number % YEAR == 0:
            number, unit = number // YEAR, "year"
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def over(self) -> models.QuerySet[Any]:
        """Records whose time is over."""
        return self.due(timezone.now() - self.period)


def delete(rows: models.QuerySet[Any]) -> int:
    """What a rule does whose records go as a whole; how many of them that was."""
    number = rows.count()
    rows.delete()
    return number


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Keep to these."""
    _rules.update({rule.name: rule for rule in rules})


def rules() -> list[Rule]:
    """All of them."""
    return list(_rules.values())


def planned() -> dict[str, int]:
    """How many records of each rule would go now. Writes nothing."""
    return {rule.name: rule.over().count() for rule in rules()}


def apply_daily(*, seconds: float = float("inf")) -> int:
    """What the schedule does: once a day, and again at the next run where it did not come to an end."""
    today = timezone.localdate().isoformat()
    if cache.get(DONE_TODAY) == today:
        return 0
    done, whole = apply(seconds=seconds)
    if whole:
        cache.set(DONE_TODAY, today, 2 * 24 * 3600)
    return done.total()


def apply(*, seconds: float = float("inf")) -> tuple[Counter[str], bool]:
    """Keep to every rule for so many seconds and rows: how many of each went, and whether that was all.

    A rule that fails keeps no other from being kept; it is tried again by the next run.
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
    """Deal with what is over, chunk by chunk, each row tried once; return whether that was all."""
    last: Any = None
    while time.monotonic() < until and done[rule.name] < rule.most:
        over = rule.over().order_by("pk")
        rest = over if last is None else over.filter(pk__gt=last)
        keys = list(rest.values_list("pk", flat=True)[: rule.chunk])
        if not keys:
            return True
        with transaction.atomic():
            # Looked at again once it is ours: what another run is at, or has dealt with, is left to it.
            free = rule.over().filter(pk__in=keys).select_for_update(skip_locked=True, of=("self",))
            mine = [row.pk for row in free.order_by("pk").only("pk")]
            batch.run_in_bulk(FORGET, [(rule.name, pk) for pk in mine], partial(_act, rule, over.model, done))
        last = keys[-1]
    return False


def _act(rule: Rule, model: type[models.Model], done: Counter[str], keys: Sequence[tuple[str, Any]]) -> None:
    """Deal with some records; what goes wrong half-way counts for nothing."""
    if keys:
        done[rule.name] += rule.act(model._default_manager.filter(pk__in=[pk for _, pk in keys]))


@register_check()
def check_periods(**_: Any) -> list[CheckMessage]:
    """RETENTION names kinds that there are."""
    return [
        Error(
            f"RETENTION names “{name}”, but there is no such kind. There are {', '.join(_rules)}.",
            id="accounts.E001",
        )
        for name in settings.RETENTION
        if name not in _rules
    ]
