"""Which mail is owed by what happens just now, so that it can be put together when that is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from messaging.models import Message

_collected: ContextVar[list[Message] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[Message] | None]:
    """Collect what is owed inside; None where it is collected further out already."""
    if _collected.get() is not None:
        yield None
        return
    token = _collected.set([])
    try:
        yield _collected.get()
    finally:
        _collected.reset(token)


def collect(message: Message) -> None:
    """This mail is owed now."""
    owed = _collected.get()
    if owed is not None:
        owed.append(message)
