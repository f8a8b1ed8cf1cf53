"""Batches over placements: each has its own transaction, failures are isolated, locked ones are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from accounts import batch
from shadowing.models import Placement, Session

Key = UUID | tuple[UUID, object]


def one_by_one(job: batch.Job, act: Callable[..., int], keys: Iterable[Key]) -> int:
    """Call ``act`` with each placement, locked, and the rest of its key; return the sum of its results."""

    def locked(key: Key) -> int:
        pk, *rest = key if isinstance(key, tuple) else (key,)
        placement = _locked(pk)
        return act(placement, *rest) if placement is not None else 0

    return batch.run(job, keys, locked).done


def _locked(pk: UUID) -> Placement | None:
    """Lock the session, then the placement, and return it; None if another transaction holds either."""
    sessions = Session.objects.filter(requests__placement=pk)
    if sessions.select_for_update(skip_locked=True, no_key=True, of=("self",)).first() is None:
        return None
    rows = Placement.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    related = ("shadow", "host", "request__offer__scheme", "request__shadow")
    return rows.select_related(*related).filter(pk=pk).first()
