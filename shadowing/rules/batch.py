"""Many visits, each in a transaction of its own: a bad one spoils nothing, a busy one is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from accounts import batch
from shadowing.models import Placement, Session

Key = UUID | tuple[UUID, object]


def one_by_one(job: batch.Job, act: Callable[..., int], keys: Iterable[Key]) -> int:
    """``act`` on each placement, locked, with what its key brings along; return how much was done."""

    def locked(key: Key) -> int:
        pk, *rest = key if isinstance(key, tuple) else (key,)
        placement = _locked(pk)
        return act(placement, *rest) if placement is not None else 0

    return batch.run(job, keys, locked).done


def _locked(pk: UUID) -> Placement | None:
    """The placement with its session, locked in that order; None while somebody else is at it."""
    sessions = Session.objects.filter(requests__placement=pk)
    if sessions.select_for_update(skip_locked=True, no_key=True, of=("self",)).first() is None:
        return None
    rows = Placement.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    related = ("shadow", "host", "request__offer__scheme", "request__shadow")
    return rows.select_related(*related).filter(pk=pk).first()
