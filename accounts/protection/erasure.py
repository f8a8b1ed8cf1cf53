"""Erase a person: everything personal goes, the counts stay true. Each app says what that means for it.

The person's row same_state, without a name, so that visits, dates, departments and half-days still count. It
cannot be undone, so whatever still runs refuses it with a reason.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import models, transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.workflow import TransitionError

FORMER = "Former colleague"
GONE = "No longer kept."
ALREADY = "This person has been erased already."


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Rows that lose their words, or all of themselves where there are no ``values``.

    ``append_only`` names the trigger that refuses changes, which steps aside for exactly this.
    """

    model: type[models.Model]
    of: Callable[[Any], Q]
    values: Mapping[str, Any] = field(default_factory=dict)
    append_only: str = ""

    def rows(self, whose: Any) -> models.QuerySet[Any]:
        """Those of a person or, where a period is over, of the records with these keys."""
        mine = self.model._default_manager.filter(self.of(whose)).order_by().values("pk")
        return self.model._default_manager.filter(pk__in=mine)

    def do(self, rows: models.QuerySet[Any]) -> int:
        """Blank or delete ``rows``; return how many."""
        with pgtrigger.ignore(self.append_only) if self.append_only else nullcontext():
            return rows.update(**self.values) if self.values else rows.delete()[0]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one step of an erasure does: ``what`` is its sentence for whoever confirms it.

    ``more`` does what needs more than blanking, with the columns it ``covers``, and returns how many rows.
    """

    what: str
    blanks: tuple[Blank, ...] = ()
    more: Callable[[Person], int] = lambda person: 0
    covers: tuple[str, ...] = ()

    def erase(self, person: Person) -> int:
        """Do it; return how many rows have changed."""
        return blank_all(self.blanks, person) + self.more(person)


def blank_all(blanks: Iterable[Blank], whose: Any) -> int:
    """Blank what each says; return how many rows that were."""
    return sum(blank.do(blank.rows(whose)) for blank in blanks)


Refusal = Callable[[Person], Iterator[str]]
Keys = Callable[[Person], Iterable[uuid.UUID]]
_parts: dict[str, list[Part]] = {}
_refusals: list[Refusal] = []
_keys: list[Keys] = []


def register(app: str, *parts: Part, refuses: Refusal | None = None, about: Keys | None = None) -> None:
    """What ``app`` erases of a person, why it refuses to, and the keys of records that mails may be about."""
    _parts.setdefault(app, []).extend(parts)
    _refusals.extend([refuses] if refuses else [])
    _keys.extend([about] if about else [])


def parts() -> list[Part]:
    """All steps, those of the upper apps first: the person's name, which they look for, goes last."""
    return [part for app in reversed(_parts) for part in _parts[app]]


def keys_about(person: Person) -> set[str]:
    """The keys of all records that are about ``person``: mails name them."""
    return {str(key) for keys in _keys for key in keys(person)}


def refusals(person: Person, by: Person | None = None) -> list[str]:
    """Why ``person`` cannot be erased now, a sentence each."""
    own = ["You cannot erase yourself."] if by is not None and by.pk == person.pk else []
    return own + [sentence for refusal in _refusals for sentence in refusal(person)]


def erase(person: Person, *, by: Person | None, how: How) -> Counter[str]:
    """Erase ``person`` in one transaction; return how many rows each step changed, nothing the second time.

    Raises TransitionError with every reason against it; nothing is written then.
    """
    with transaction.atomic():
        # FOR UPDATE: whoever is about to store something that points at the person waits for the end of this.
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if locked.erased_at is not None:
            return Counter()
        if reasons := refusals(locked, by):
            raise TransitionError(" ".join(reasons))
        done = Counter({part.what: part.erase(locked) for part in parts()})
        audit.note(AuditKind.ERASED, "A person was erased.", actor=by, how=how, subject=locked, person=locked)
        return +done


def preview(person: Person) -> Counter[str]:
    """How many rows each step would change. Nothing is written: what was tried is rolled back."""
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        done = Counter({part.what: part.erase(locked) for part in parts() if locked.erased_at is None})
        transaction.set_rollback(True)
    return +done
