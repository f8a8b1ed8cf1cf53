"""Collect the mail queued during one operation, so that it can be merged at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from messaging.models import Message

_collected: ContextVar[list[Message] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[Message] | None]:
    """Collect the mail queued inside; yields None inside another ``collecting``, which does it then."""
    if _collected.get() is not None:
        yield None
        return
    token = _collected.set([])
    try:
        yield _collected.get()
    finally:
        _collected.reset(token)


def collect(message: Message) -> None:
    """Add a newly queued message to the collection in progress, if any."""
    owed = _collected.get()
    if owed is not None:
        owed.append(message)


@contextmanager
def collecting_item() -> Iterator[None]:
    """Collect the mail of one item of an operation: if the item fails, its mail is forgotten.

    To be used around the item's savepoint, whose rollback deletes the messages.
    """
    owed = _collected.get()
    before = len(owed or ())
    try:
        yield
    except BaseException:
        if owed is not None:
            del owed[before:]
        raise


def collected_keys() -> list[UUID]:
    """Return the keys of the mail queued so far in the operation, which is merged at its end."""
    return [message.pk for message in _collected.get() or ()]
