"""Erasure of a person: personal data goes, counts stay true. Each app registers its own part.

The person's row stays without a name, so that visits, dates, departments and half-days still count. Erasure
cannot be undone, so anything still in progress refuses it with a reason.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts import append_only, audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.workflow import TransitionError

FORMER = "Former colleague"
GONE = "No longer kept."
ALREADY = "This person has been erased already."


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Rows to blank by setting ``values``, or to delete if there are no ``values``.

    ``append_only`` names the trigger that refuses changes; it is disabled for this operation alone.
    """

    model: type[models.Model]
    of: Callable[[Any], Q]
    values: Mapping[str, Any] = field(default_factory=dict)
    append_only: str = ""

    def rows(self, owner: Any) -> models.QuerySet[Any]:
        """Return the rows of a person or, for retention, of the records with these keys."""
        mine = self.model._default_manager.filter(self.of(owner)).order_by().values("pk")
        return self.model._default_manager.filter(pk__in=mine)

    def do(self, rows: models.QuerySet[Any]) -> int:
        """Blank or delete ``rows``; return how many."""
        with append_only.lifted(self.append_only) if self.append_only else nullcontext():
            return rows.update(**self.values) if self.values else rows.delete()[0]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One step of an erasure; ``what`` describes it to the administrator who confirms it.

    ``more`` does what blanking cannot, for the columns it ``covers``, and returns the number of rows.
    """

    what: str
    blanks: tuple[Blank, ...] = ()
    more: Callable[[Person], int] = lambda person: 0
    covers: tuple[str, ...] = ()

    def erase(self, person: Person) -> int:
        """Do this step; return how many rows changed."""
        return blank_all(self.blanks, person) + self.more(person)


def blank_all(blanks: Iterable[Blank], owner: Any) -> int:
    """Apply each of ``blanks``; return how many rows changed."""
    return sum(blank.do(blank.rows(owner)) for blank in blanks)


Refusal = Callable[[Person], Iterator[str]]
Keys = Callable[[Person], Iterable[uuid.UUID]]
_parts: dict[str, list[Part]] = {}
_refusals: list[Refusal] = []
_keys: list[Keys] = []


def register(app: str, *parts: Part, refuses: Refusal | None = None, about: Keys | None = None) -> None:
    """Register what ``app`` erases, why it refuses, and the keys of records that mail may be about."""
    _parts.setdefault(app, []).extend(parts)
    _refusals.extend([refuses] if refuses else [])
    _keys.extend([about] if about else [])


def parts() -> list[Part]:
    """Return all steps, higher apps first: the person's name, which they search for, goes last."""
    return [part for app in reversed(_parts) for part in _parts[app]]


def keys_about(person: Person) -> set[str]:
    """Return the keys of all records about ``person``; keys of mails begin with them."""
    return {str(key) for keys in _keys for key in keys(person)}


def refusals(person: Person, by: Person | None = None) -> list[str]:
    """Return the sentences that say why ``person`` cannot be erased now; empty if they can."""
    own = ["You cannot erase yourself."] if by is not None and by.pk == person.pk else []
    return own + [sentence for refusal in _refusals for sentence in refusal(person)]


def erase(person: Person, *, by: Person | None, how: How) -> Counter[str]:
    """Erase ``person`` in one transaction; return rows changed per step, nothing the second time.

    Raises TransitionError with every reason against it; nothing is written then.
    """
    with transaction.atomic():
        # FOR UPDATE: transactions that store a reference to the person wait until this one ends.
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if locked.erased_at is not None:
            return Counter()
        if reasons := refusals(locked, by):
            raise TransitionError(" ".join(reasons))
        done = Counter({part.what: part.erase(locked) for part in parts()})
        audit.note(AuditKind.ERASED, "A person was erased.", actor=by, how=how, subject=locked, person=locked)
        return +done


def preview(person: Person) -> Counter[str]:
    """Return how many rows each step would change; everything is rolled back."""
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        done = Counter({part.what: part.erase(locked) for part in parts() if locked.erased_at is None})
        transaction.set_rollback(True)
    return +done
